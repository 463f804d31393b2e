import * as answers from './answers.ts';
import * as clicks from './clicks.ts';
import type { Dice } from './dice.ts';
import * as hands from './hands.ts';
import { deliver } from './hints.ts';
import { flowId } from './house.ts';
import { openChanges } from './ledger.ts';
import { killForReal } from './real-kill.ts';
import { termsFor } from './rules.ts';
import { type Happenings, planOf, type Stage } from './stage.ts';
import { mend, trouble } from './troubles.ts';
import { fieldNames } from './vocabulary.ts';
import type { ModelWorld } from './world.ts';

type CustomerStage = Stage<ModelWorld>;

/** What may happen at any time, in the middle of a run too; and how often. */
const byThemselves: Happenings<ModelWorld>['byThemselves'] = {
  edit: [30, hands.edit],
  clash: [8, hands.clash],
  twin: [4, hands.twin],
  retype: [4, hands.retype],
  revert: [5, hands.revert],
  clear: [4, hands.clear],
  create: [4, hands.create],
  key: [2, hands.nameKey],
  archive: [3, hands.archive],
  hints: [10, deliver],
  decide: [14, clicks.decide],
  'old press': [6, clicks.pressOld],
  reprocess: [4, clicks.reprocess],
  bin: [2, hands.bin],
  merge: [2, hands.merge],
  same: [5, answers.sayIfSame],
  'take back': [2, answers.takeBackSame],
  stop: [4, (world, dice) => answers.answerSafetyStop(world, dice)],
  gone: [4, answers.answerGone],
  rule: [1, changeRule],
};

/** What happens between two runs only. */
const between: Happenings<ModelWorld>['between'] = {
  run: [
    30,
    (stage, dice) =>
      stage.runner.run(
        { trigger: dice.chance(70) ? 'command' : 'schedule' },
        planOf(stage, byThemselves, dice),
      ),
  ],
  'run of hints': [
    9,
    (stage, dice) => stage.runner.run({ trigger: 'hint' }, planOf(stage, byThemselves, dice)),
  ],
  'run of records': [6, runOfRecords],
  sweep: [3, (stage, dice) => stage.runner.run({ trigger: 'sweep' }, planOf(stage, byThemselves, dice))],
  trouble: [7, ({ world }, dice) => trouble(world, dice, (own) => hands.somePlace(world, own)?.id ?? '')],
  mend: [6, ({ world }) => mend(world)],
  wait: [4, ({ world }, dice) => world.house.clock.advance(dice.pick([1, 15, 90, 700]) * 60_000)],
  'real kill': [
    3,
    ({ world, databaseUrl }, dice) => databaseUrl && killForReal(world, { databaseUrl, flow: flowId }, dice),
  ],
  restart: [1, ({ world }) => world.house.restart()],
  wake: [2, ({ runner }) => runner.wakeSleepers()],
};

/** What happens in the world of customers. */
export const happenings: Happenings<ModelWorld> = { byThemselves, between };

/** As after a decision in Slack, or when somebody asks to run one again. */
async function runOfRecords(stage: CustomerStage, dice: Dice): Promise<void> {
  const { world, runner } = stage;
  const open = (await openChanges(world.house.db)).flatMap(({ recordId }) => recordId ?? []);
  const known = world.groups.all.map(({ recordId }) => recordId);
  const from = open.length > 0 && dice.chance(80) ? open : known;
  if (from.length === 0) return;
  const targets = [dice.pick(from)];
  await runner.run(
    { trigger: dice.pick(['decision', 'reprocess']), targets },
    planOf(stage, byThemselves, dice),
  );
}

/** The agreement has another rule for one detail from now on, be it in the middle of a run. */
async function changeRule(world: ModelWorld, dice: Dice): Promise<void> {
  const field = dice.pick(fieldNames.filter((one) => one !== 'abn' && one !== 'status'));
  const terms = termsFor(field, dice);
  const before = world.house.agreement.flows[flowId]?.fields[field];
  if (before) world.formerTerms.push(before);
  world.note(`  ${field}: ${terms.rule}, ${terms.systemOfRecord} decides`);
  await world.house.agree((flow) => ({ ...flow, fields: { ...flow.fields, [field]: terms } }));
}

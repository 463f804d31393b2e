import * as answers from './answers.ts';
import * as clicks from './clicks.ts';
import type { Dice } from './dice.ts';
import * as hands from './hands.ts';
import { deliver } from './hints.ts';
import { flowId } from './house.ts';
import { openChanges } from './ledger.ts';
import { killForReal } from './real-kill.ts';
import { termsFor } from './rules.ts';
import { type Plan, type Runner, undisturbed } from './runs.ts';
import { mend, trouble } from './troubles.ts';
import { fieldNames } from './vocabulary.ts';
import type { ModelWorld } from './world.ts';

export interface Stage {
  readonly world: ModelWorld;
  readonly runner: Runner;
  /** What this life leaves out. */
  readonly without: ReadonlySet<string>;
  /** Where a second process finds the ledger; null = none is started, and none killed for real. */
  readonly databaseUrl: string | null;
}

type Work = (world: ModelWorld, dice: Dice) => Promise<unknown> | unknown;

/** What may happen at any time, in the middle of a run too; and how often. */
const byThemselves: Readonly<Record<string, readonly [weight: number, work: Work]>> = {
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
  stop: [4, answers.answerSafetyStop],
  gone: [4, answers.answerGone],
  rule: [1, changeRule],
};

/** What happens between two runs only. */
const between: Readonly<
  Record<string, readonly [weight: number, work: (stage: Stage, dice: Dice) => Promise<unknown> | unknown]>
> = {
  run: [
    30,
    ({ runner, without, world }, dice) =>
      runner.run({ trigger: dice.chance(70) ? 'command' : 'schedule' }, planOf(world, dice, without)),
  ],
  'run of hints': [
    9,
    ({ runner, without, world }, dice) => runner.run({ trigger: 'hint' }, planOf(world, dice, without)),
  ],
  'run of records': [6, runOfRecords],
  sweep: [
    3,
    ({ runner, without, world }, dice) => runner.run({ trigger: 'sweep' }, planOf(world, dice, without)),
  ],
  trouble: [7, ({ world }, dice) => trouble(world, dice)],
  mend: [6, ({ world }) => mend(world)],
  wait: [4, ({ world }, dice) => world.house.clock.advance(dice.pick([1, 15, 90, 700]) * 60_000)],
  'real kill': [3, ({ world, databaseUrl }, dice) => databaseUrl && killForReal(world, databaseUrl, dice)],
  restart: [1, ({ world }) => world.house.restart()],
  wake: [2, ({ runner }) => runner.wakeSleepers()],
};

const weightsOf = (
  table: Readonly<Record<string, readonly [number, unknown]>>,
  without: ReadonlySet<string>,
) =>
  Object.fromEntries(Object.entries(table).map(([name, [weight]]) => [name, without.has(name) ? 0 : weight]));

/** One thing that happens. Each step throws its own dice, so that leaving one out changes no other. */
export async function step(stage: Stage, dice: Dice): Promise<string> {
  const { world, without } = stage;
  world.house.clock.advance(dice.between(1, 90) * 1000);
  const all = { ...byThemselves, ...between };
  const name = dice.weigh(weightsOf(all, new Set()));
  if (without.has(name)) return `${name} left out`;
  world.note(name);
  const own = byThemselves[name];
  if (own) await own[1](world, dice.of('work'));
  else await between[name]?.[1](stage, dice.of('work'));
  return name;
}

/** A third of all runs goes through undisturbed. */
function planOf(world: ModelWorld, dice: Dice, without: ReadonlySet<string>): Plan {
  if (dice.chance(33)) return undisturbed;
  const meanwhile = new Map<number, () => Promise<void>>();
  for (let left = dice.between(0, 3); left > 0; left--) {
    const own = dice.of(`meanwhile ${left}`);
    const name = own.weigh(weightsOf(byThemselves, new Set()));
    if (without.has(name) || without.has('meanwhile')) continue;
    meanwhile.set(own.between(1, own.pick([12, 40, 90])), async () => {
      world.note(`  ${name}`);
      await byThemselves[name]?.[1](world, own.of('work'));
    });
  }
  const how = dice.weigh({ lives: 70, killed: 16, stumbled: 7, asleep: 7 });
  const after = dice.between(1, dice.pick([15, 40, 80]));
  return { meanwhile, death: how === 'lives' || without.has('death') ? null : { how, after } };
}

/** As after a decision in Slack, or when somebody asks to run one again. */
async function runOfRecords({ world, runner, without }: Stage, dice: Dice): Promise<void> {
  const open = (await openChanges(world.house.db)).flatMap(({ recordId }) => recordId ?? []);
  const known = world.groups.all.map(({ recordId }) => recordId);
  const from = open.length > 0 && dice.chance(80) ? open : known;
  if (from.length === 0) return;
  const targets = [dice.pick(from)];
  await runner.run({ trigger: dice.pick(['decision', 'reprocess']), targets }, planOf(world, dice, without));
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

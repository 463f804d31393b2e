import { addHints } from '#src/ledger/runs/hints.ts';
import { answerSafetyStop, sayIfSame } from '../answers.ts';
import type { Dice } from '../dice.ts';
import { openChanges } from '../ledger.ts';
import { killForReal } from '../real-kill.ts';
import { type Happenings, planOf, type Stage } from '../stage.ts';
import { mend, trouble } from '../troubles.ts';
import { systems } from '../vocabulary.ts';
import { type FlowId, flowIds } from './agreement.ts';
import * as books from './book-hands.ts';
import * as clicks from './clicks.ts';
import * as deals from './deal-hands.ts';
import { productIds } from './goods.ts';
import * as goods from './goods-hands.ts';
import type { SalesWorld } from './world.ts';

type SalesStage = Stage<SalesWorld>;

const byThemselves: Happenings<SalesWorld>['byThemselves'] = {
  sell: [14, deals.sell],
  move: [12, deals.move],
  'edit deal': [12, deals.edit],
  customer: [2, deals.newCustomer],
  'edit product': [10, goods.edit],
  clash: [3, goods.clash],
  'add product': [4, goods.add],
  count: [14, goods.count],
  approve: [9, books.approve],
  pay: [9, books.pay],
  credit: [4, books.credit],
  drop: [3, books.drop],
  type: [5, books.typeInto],
  'write own': [1, books.writeOwn],
  lock: [2, books.lock],
  hints: [10, deliver],
  decide: [8, clicks.decide],
  'old press': [2, clicks.pressOld],
  reprocess: [3, clicks.reprocess],
  gone: [3, clicks.answerGone],
  same: [1, sayIfSame],
};

/** The flows that have much to do run more often. */
const someFlow = (dice: Dice): FlowId =>
  dice.weigh({ customers: 10, products: 25, stock: 15, invoices: 35, payments: 15 });

const run = (trigger: 'command' | 'hint' | 'sweep') => (stage: SalesStage, dice: Dice) => {
  const flow = someFlow(dice);
  const usual = trigger === 'command' && dice.chance(30) ? 'schedule' : trigger;
  stage.world.note(`  ${flow}`);
  return stage.runner.run({ flow, trigger: usual }, planOf(stage, byThemselves, dice));
};

const between: Happenings<SalesWorld>['between'] = {
  run: [45, run('command')],
  'run of hints': [14, run('hint')],
  'run of records': [6, runOfRecords],
  sweep: [3, run('sweep')],
  trouble: [7, ({ world }, dice) => trouble(world, dice, (own) => someId(world, own))],
  mend: [6, ({ world }) => mend(world)],
  wait: [3, ({ world }, dice) => world.house.clock.advance(dice.pick([1, 15, 90, 700]) * 60_000)],
  stop: [1, ({ world }, dice) => answerSafetyStop(world, dice, { flow: someFlow(dice) })],
  'real kill': [
    3,
    ({ world, databaseUrl }, dice) =>
      databaseUrl && killForReal(world, { databaseUrl, flow: someFlow(dice) }, dice),
  ],
  restart: [1, ({ world }) => world.house.restart()],
  wake: [2, ({ runner }) => runner.wakeSleepers()],
};

export const happenings: Happenings<SalesWorld> = { byThemselves, between };

function someId({ house }: SalesWorld, dice: Dice): string {
  const ids = systems.flatMap((system) => productIds(house.vendors, system));
  const deals = house.vendors.hubspot.crm.deals.all().map(({ id }) => id);
  const invoices = house.vendors.xero.invoices.cards().map(({ externalId }) => externalId);
  return dice.pick([...ids, ...deals, ...invoices]);
}

/** As after a decision in Slack, or when somebody asks to run one again. */
async function runOfRecords(stage: SalesStage, dice: Dice): Promise<void> {
  const { world, runner } = stage;
  const open = (await openChanges(world.house.db)).filter(({ recordId }) => recordId !== null);
  if (open.length === 0) return;
  const { flow, recordId } = dice.pick(open);
  if (!(flowIds as readonly string[]).includes(flow)) return;
  const trigger = dice.pick(['decision', 'reprocess'] as const);
  await runner.run({ flow, trigger, targets: [recordId ?? ''] }, planOf(stage, byThemselves, dice));
}

/** What the post does with vendors' webhooks: any order, late, twice, never; and now and then one of something that is not there. */
async function deliver(world: SalesWorld, dice: Dice): Promise<void> {
  const { hints, house } = world;
  const now = house.clock.now();
  for (let left = dice.between(1, 5); left > 0 && hints.length > 0; left--) {
    const at = dice.between(0, hints.length - 1);
    const [hint] = hints.slice(at, at + 1);
    if (!hint) break;
    const fate = dice.weigh({ once: 60, twice: 20, again: 10, never: 10 });
    if (fate !== 'again') hints.splice(at, 1);
    if (fate === 'never') continue;
    const { connection, entity, id } = hint;
    for (let copies = fate === 'twice' ? 2 : 1; copies > 0; copies--)
      await addHints(house.db, { connection, entity, externalIds: [id], now });
  }
  if (dice.chance(5))
    await addHints(house.db, { connection: 'hubspot', entity: 'invoice', externalIds: ['19999999999'], now });
  if (hints.length > 60) hints.splice(0, hints.length - 60);
}

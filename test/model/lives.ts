import type { Db } from '#src/ledger/db.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { lookAtSlack, noteExpired } from './clicks.ts';
import { type Dice, diceOf } from './dice.ts';
import { flowId, start } from './house.ts';
import type { Fault, Living } from './living.ts';
import { priya } from './people.ts';
import { inAll, type Planted } from './planted.ts';
import { comeToRest } from './rest.ts';
import { flowOf, termsFor } from './rules.ts';
import { createRunner } from './runs.ts';
import { seedChance } from './seeded-chance.ts';
import { type Stage, step } from './stage.ts';
import { happenings } from './steps.ts';
import { examineRest } from './verdict.ts';
import { type ModelWorld, openWorld } from './world.ts';

/** What there is to live in: customers alone, or products, deals and invoices. */
export type WorldName = 'customers' | 'sales';

export interface LifeOptions {
  readonly seed: number;
  readonly steps: number;
  /** In which world; left out = that of customers. */
  readonly world?: WorldName;
  /** Kinds of things that are left out. */
  readonly without?: readonly string[];
  /** Numbers of the only steps that are taken; left out = all. */
  readonly only?: readonly number[];
  /** True = processes of their own are started and killed with SIGKILL; then chance has the last word. */
  readonly realKills?: boolean;
}

export interface LifeResult {
  readonly seed: number;
  readonly fault: Fault | null;
  readonly trace: readonly string[];
  readonly counted: Living['counted'];
  /** The step at which it went wrong; null = at rest, or not at all. */
  readonly wrongAt: number | null;
  /** Steps taken. */
  readonly done: number;
}

/** Lives one whole life of a model world on an empty ledger, brings it to rest, and says what went wrong first, if anything. */
export async function live(
  db: Db,
  options: LifeOptions,
  databaseUrl: string | null = null,
): Promise<LifeResult> {
  const dice = diceOf(options.seed);
  const restore = seedChance(dice.of('identifiers'));
  let world: ModelWorld | null = null;
  const expired = new Set<string>();
  const runner = createRunner(() => world as ModelWorld, {
    decided: (one) => noteExpired(one, expired),
    through: lookAtSlack,
  });
  try {
    world = await openWorld({
      db,
      planted: planted(dice.of('customers')),
      terms: (field) => termsFor(field, dice.of('rules').of(field)),
      flow: flowOf(dice.of('flow')),
      happens: runner.happens,
    });
    const stage: Stage<ModelWorld> = {
      world,
      runner,
      without: new Set(options.without ?? []),
      databaseUrl: options.realKills ? databaseUrl : null,
    };
    const wrongAt = await liveOn(stage, dice, options);
    const { trace, counted, faults } = world;
    return {
      seed: options.seed,
      fault: faults[0] ?? null,
      trace,
      counted,
      wrongAt,
      done: wrongAt ?? options.steps,
    };
  } finally {
    restore();
    await world?.close();
  }
}

async function liveOn(
  stage: Stage<ModelWorld>,
  dice: Dice,
  { steps, only }: LifeOptions,
): Promise<number | null> {
  const { world, runner } = stage;
  await approveFirstLoad(world.house.db, { flow: flowId, by: priya, now: world.house.clock.now() });
  for (let run = 0; run < 2; run++) {
    world.house.clock.advance(60_000);
    await runner.run({ trigger: 'command' });
  }
  for (let at = 1; at <= steps; at++) {
    if (only && !only.includes(at)) continue;
    world.note(`— ${at}`);
    await step(stage, happenings, dice.of(at));
    if (world.faults.length > 0) return at;
  }
  await comeToRest(stage, dice.of('rest'));
  if (world.faults.length === 0) await examineRest(world);
  return null;
}

/** A few customers whom all three systems have alike. */
const planted = (dice: Dice): Planted =>
  inAll(ordinaryCustomers(dice.between(2, 4), dice.between(1, 1000)), new Date(start.getTime() - 86_400_000));

import type { Db } from '#src/ledger/db.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { type Dice, diceOf } from '../dice.ts';
import type { LifeOptions, LifeResult } from '../lives.ts';
import { priya } from '../people.ts';
import { createRunner } from '../runs.ts';
import { seedChance } from '../seeded-chance.ts';
import { type Stage, step } from '../stage.ts';
import { flowIds } from './agreement.ts';
import { lookAtSlack } from './clicks.ts';
import { happenings } from './happenings.ts';
import { comeToRest } from './rest.ts';
import { examineRest } from './verdict.ts';
import { examineCalls } from './watch-calls.ts';
import { openSalesWorld, type SalesWorld } from './world.ts';

/** Lives one life of the world of sales on an empty ledger, brings it to rest, and says what went wrong first, if anything. */
export async function liveSales(
  db: Db,
  options: LifeOptions,
  databaseUrl: string | null = null,
): Promise<LifeResult> {
  const dice = diceOf(options.seed);
  const restore = seedChance(dice.of('identifiers'));
  let world: SalesWorld | null = null;
  const runner = createRunner(() => world as SalesWorld, {
    decided: async () => undefined,
    through: lookAtSlack,
  });
  try {
    world = await openSalesWorld({ db, dice: dice.of('world'), happens: runner.happens });
    const stage: Stage<SalesWorld> = {
      world,
      runner,
      without: new Set(options.without ?? []),
      databaseUrl: options.realKills ? databaseUrl : null,
    };
    const wrongAt = await liveOn(stage, dice, options);
    const { trace, counted, faults } = world;
    const { seed, steps } = options;
    return { seed, fault: faults[0] ?? null, trace, counted, wrongAt, done: wrongAt ?? steps };
  } finally {
    restore();
    await world?.close();
  }
}

async function liveOn(
  stage: Stage<SalesWorld>,
  dice: Dice,
  { steps, only }: LifeOptions,
): Promise<number | null> {
  const { world, runner } = stage;
  const { house } = world;
  for (const flow of flowIds) await approveFirstLoad(house.db, { flow, by: priya, now: house.clock.now() });
  for (const flow of [...flowIds, ...flowIds]) {
    house.clock.advance(60_000);
    await runner.run({ flow, trigger: 'command' });
  }
  for (let at = 1; at <= steps; at++) {
    if (only && !only.includes(at)) continue;
    world.note(`— ${at}`);
    await step(stage, happenings, dice.of(at));
    examineCalls(world);
    if (world.faults.length > 0) return at;
  }
  await comeToRest(stage, dice.of('rest'));
  examineCalls(world);
  if (world.faults.length === 0) await examineRest(world);
  return null;
}

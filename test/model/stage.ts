import type { Dice } from './dice.ts';
import type { Living } from './living.ts';
import { type Plan, type Runner, undisturbed } from './runs.ts';

/** Where a life is lived. */
export interface Stage<World extends Living> {
  readonly world: World;
  readonly runner: Runner;
  /** What this life leaves out. */
  readonly without: ReadonlySet<string>;
  /** Where a second process finds the ledger; null = none is started, and none killed for real. */
  readonly databaseUrl: string | null;
}

type Work<On> = (on: On, dice: Dice) => Promise<unknown> | unknown;
type Chances<On> = Readonly<Record<string, readonly [weight: number, work: Work<On>]>>;

/** All that may happen in a world, by name, and how often. */
export interface Happenings<World extends Living> {
  /** At any time, in the middle of a run too. */
  readonly byThemselves: Chances<World>;
  /** Between two runs only. */
  readonly between: Chances<Stage<World>>;
}

const weightsOf = (chances: Chances<never>) =>
  Object.fromEntries(Object.entries(chances).map(([name, [weight]]) => [name, weight]));

/** One thing that happens. Each step throws its own dice, so that leaving one out changes no other. */
export async function step<World extends Living>(
  stage: Stage<World>,
  { byThemselves, between }: Happenings<World>,
  dice: Dice,
): Promise<string> {
  const { world, without } = stage;
  world.house.clock.advance(dice.between(1, 90) * 1000);
  const name = dice.weigh({ ...weightsOf(byThemselves), ...weightsOf(between) });
  if (without.has(name)) return `${name} left out`;
  world.note(name);
  const own = byThemselves[name];
  if (own) await own[1](world, dice.of('work'));
  else await between[name]?.[1](stage, dice.of('work'));
  return name;
}

/** What is to happen during a run. A third of all runs goes through undisturbed. */
export function planOf<World extends Living>(
  { world, without }: Pick<Stage<World>, 'world' | 'without'>,
  byThemselves: Chances<World>,
  dice: Dice,
): Plan {
  if (dice.chance(33)) return undisturbed;
  const meanwhile = new Map<number, () => Promise<void>>();
  for (let left = dice.between(0, 3); left > 0; left--) {
    const own = dice.of(`meanwhile ${left}`);
    const name = own.weigh(weightsOf(byThemselves));
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

import { parseArgs } from 'node:util';
import type { LifeOptions, WorldName } from './lives.ts';

/** How long the lives of a soak are, and how many. */
export interface SoakOptions {
  /** Null = both, turn by turn. */
  readonly world: WorldName | null;
  readonly seed: number;
  readonly seeds: number;
  readonly minutes: number;
  readonly steps: number;
  readonly only: readonly number[] | undefined;
  readonly without: readonly string[];
  readonly database: 'PostgreSQL' | 'PGlite';
  readonly trace: boolean;
  readonly shrink: number;
}

export const usage = `npm run soak -- [options]
  --minutes <n>      begin no new life after so long (default 10)
  --seeds <n>        so many lives at most
  --seed <n>         the first life's seed; the next ones count on (default: from today's date)
  --world <name>     customers or sales alone (default: both, turn by turn)
  --steps <n>        things that happen in one life (default 120)
  --only <n,n,…>     take these steps alone: what a failure printed, after it was made shorter
  --without <a,b,…>  leave out a kind of thing, such as trouble, death, meanwhile, create
  --pglite           on PGlite, also where there is a PostgreSQL
  --shrink <n>       lives that may be spent on making a failure shorter (default 60)
  --trace            tell all that happens`;

export function readArguments(args: readonly string[], today: string): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      world: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      minutes: { type: 'string' },
      steps: { type: 'string' },
      only: { type: 'string' },
      without: { type: 'string' },
      shrink: { type: 'string' },
      pglite: { type: 'boolean' },
      trace: { type: 'boolean' },
    },
  });
  const number = (text: string | undefined, usual: number) => (text === undefined ? usual : Number(text));
  return {
    world: values.world === 'sales' || values.world === 'customers' ? values.world : null,
    seed: number(values.seed, Number(today.replaceAll('-', ''))),
    seeds: number(values.seeds, values.only === undefined ? 1_000_000 : 1),
    minutes: number(values.minutes, 10),
    steps: number(values.steps, 120),
    only: values.only?.split(',').filter(Boolean).map(Number),
    without: values.without?.split(',') ?? [],
    database: values.pglite ? 'PGlite' : 'PostgreSQL',
    trace: values.trace ?? false,
    shrink: number(values.shrink, 60),
  };
}

/** The command that lives this life again, to the letter. */
export const replayOf = ({ world = 'customers', seed, steps, only, without }: LifeOptions): string =>
  [
    `npm run soak -- --world ${world} --seed ${seed} --seeds 1 --steps ${steps}`,
    only ? `--only ${only.join(',')}` : '',
    without && without.length > 0 ? `--without ${without.join(',')}` : '',
    '--trace',
  ]
    .filter(Boolean)
    .join(' ');

import { readArguments, replayOf, usage } from './arguments.ts';
import { type Ledgers, startLedgers } from './ledgers.ts';
import type { LifeOptions, LifeResult } from './lives.ts';
import { liveOnce, shrink } from './shrink.ts';

/** In so many lives one has processes that are killed with SIGKILL; needs a PostgreSQL that two processes can share. */
const realKillsEvery = 8;

/** `npm run soak`: life after life of the model world, until the time is up or something is wrong. Ends with 1 where it is. */
async function soak(args: readonly string[]): Promise<number> {
  const options = readArguments(args, new Date().toISOString().slice(0, 10));
  const ledgers = await startLedgers(options.database);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A PostgreSQL of our own would outlive us.
    process.once(signal, () => void ledgers.stop().finally(() => process.exit(130)));
  }
  const began = performance.now();
  const { steps, only, without } = options;
  console.log(`Model lives of ${steps} steps on ${ledgers.kind}, from seed ${options.seed}.`);
  try {
    for (let life = 0; life < options.seeds; life++) {
      if (performance.now() - began > options.minutes * 60_000) break;
      const how: LifeOptions = {
        world: options.world ?? (life % 2 === 0 ? 'customers' : 'sales'),
        seed: options.seed + life,
        steps,
        without,
        ...(only ? { only } : {}),
        realKills: (life + 1) % realKillsEvery === 0,
      };
      const at = performance.now();
      const result = await liveOnce(ledgers, how);
      const seconds = (performance.now() - at) / 1000;
      if (options.trace) console.log(result.trace.join('\n'));
      console.log(`${how.world}, ${lineOf(result, seconds, steps)}`);
      if (result.fault) return await explain(ledgers, result, how, options.shrink);
    }
    return 0;
  } finally {
    await ledgers.stop();
  }
}

function lineOf({ seed, fault, counted, done }: LifeResult, seconds: number, steps: number): string {
  const { writings, made, unseen } = counted;
  const what = `${writings} writings, ${made} made, ${unseen} over what nobody could see`;
  const speed = `${seconds.toFixed(1)} s, ${(Math.min(done, steps) / seconds).toFixed(1)} steps a second`;
  return `seed ${seed}: ${fault ? `WRONG: ${fault.what}` : 'fine'}; ${what}; ${speed}`;
}

async function explain(
  ledgers: Ledgers,
  result: LifeResult,
  how: LifeOptions,
  lives: number,
): Promise<number> {
  console.log(`\n${result.fault?.what}\n${result.fault?.detail}\n\nAgain: ${replayOf(how)}`);
  if (how.realKills) console.log('It killed processes for real, so the same seed may go another way.');
  if (lives === 0 || how.only || how.realKills) return 1;
  const shorter = await shrink(ledgers, result, how, { lives, tell: (line) => console.log(line) });
  const { trace, fault } = await liveOnce(ledgers, shorter);
  console.log(
    `\n${trace.join('\n')}\n\n${fault?.what ?? 'not wrong this time'}\nShorter: ${replayOf(shorter)}`,
  );
  return 1;
}

if (process.argv.includes('--help')) console.log(usage);
else process.exit(await soak(process.argv.slice(2)));

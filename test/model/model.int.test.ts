import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Cluster } from '#test/support/cluster.ts';
import { replayOf } from './arguments.ts';
import { inFolders, type Ledgers, ledgersOn } from './ledgers.ts';
import type { LifeOptions } from './lives.ts';
import { liveOnce } from './shrink.ts';

/** Lives that live through much, one of them with a question whose time was up when a value came. */
const known: readonly LifeOptions[] = [
  { seed: 339, steps: 60 },
  { seed: 362, steps: 60 },
];
const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));

describe('all promises at once: a world of chance, under every trouble that passes', () => {
  let ledgers: Ledgers;
  beforeAll(async () => {
    const answer = await fetch(inject('clusterDoor'));
    // PGlite where there is no PostgreSQL: the same, only slower.
    ledgers = answer.ok ? ledgersOn((await answer.json()) as Cluster) : inFolders;
  });

  it.each([...known, { seed: today, steps: 60 }])(
    'comes to rest with every system agreeing, nothing doubled, nothing lost and everything told (seed $seed)',
    { timeout: 300_000 },
    async (options) => {
      const { fault } = await liveOnce(ledgers, options);
      expect(fault, `Again: ${replayOf(options)}`).toBeNull();
    },
  );

  it('lives the same life again from the same seed', { timeout: 300_000 }, async () => {
    const options = { seed: 3, steps: 25 };
    const [first, second] = [await liveOnce(ledgers, options), await liveOnce(ledgers, options)];
    expect(inOrder(second.trace)).toEqual(inOrder(first.trace));
  });
});

/** Writes to several systems are under way at once: which of them arrives first is not the life's doing. */
function inOrder(trace: readonly string[]): string[] {
  const isWrite = (line: string | undefined) => line?.startsWith('  wrote ') === true;
  const together: string[][] = [];
  for (const line of trace) {
    const last = together.at(-1);
    if (last && isWrite(line) && isWrite(last[0])) last.push(line);
    else together.push([line]);
  }
  return together.flatMap((lines) => lines.sort());
}

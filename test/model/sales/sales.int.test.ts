import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Cluster } from '#test/support/cluster.ts';
import { replayOf } from '../arguments.ts';
import { inFolders, type Ledgers, ledgersOn } from '../ledgers.ts';
import type { LifeOptions } from '../lives.ts';
import { liveOnce } from '../shrink.ts';

/** The first two ended badly once. */
const known: readonly LifeOptions[] = [
  { seed: 2, steps: 60 },
  { seed: 6, steps: 60 },
  { seed: 20_261_122, steps: 60 },
].map((life) => ({ ...life, world: 'sales' }));

describe('money in a world of chance: sales, books and stock under every trouble that passes', () => {
  let onServer: Ledgers | null = null;
  beforeAll(async () => {
    const answer = await fetch(inject('clusterDoor'));
    onServer = answer.ok ? ledgersOn((await answer.json()) as Cluster) : null;
  });

  it.each(known)(
    'doubles no invoice, is off by no cent, rewrites none that is issued, and has stock right after any crash (seed $seed)',
    { timeout: 300_000 },
    async (options) => {
      const { fault } = await liveOnce(onServer ?? inFolders, options);
      expect(fault, `Again: ${replayOf(options)}`).toBeNull();
    },
  );

  it('does so on PGlite too', { timeout: 300_000 }, async () => {
    const options: LifeOptions = { world: 'sales', seed: 7, steps: 30 };
    const { fault } = await liveOnce(inFolders, options);
    expect(fault, `Again: ${replayOf(options)} --pglite`).toBeNull();
  });
});

import type { Ledgers } from './ledgers.ts';
import { type LifeOptions, type LifeResult, live } from './lives.ts';
import { liveSales } from './sales/lives.ts';

/** Lives one life on a ledger of its own. */
export async function liveOnce(ledgers: Ledgers, options: LifeOptions): Promise<LifeResult> {
  const ledger = await ledgers.open();
  try {
    const lived = options.world === 'sales' ? liveSales : live;
    return await lived(ledger.database.db, options, ledger.options.databaseUrl);
  } finally {
    await ledger.close();
  }
}

/**
 * The same fault with fewer steps: first none after it, then without each kind of thing, then without halves, quarters and so on of
 * what is left. Each step throws its own dice, so that the others stay what they were. Stops after so many lives.
 */
export async function shrink(
  ledgers: Ledgers,
  failed: LifeResult,
  { steps, ...options }: LifeOptions,
  { lives, tell }: { readonly lives: number; readonly tell: (line: string) => void },
): Promise<LifeOptions> {
  let left = lives;
  const what = failed.fault?.what;
  const fails = async (tried: LifeOptions): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    const { fault } = await liveOnce(ledgers, tried);
    return fault?.what === what;
  };
  const last = failed.wrongAt ?? steps;
  let only = Array.from({ length: last }, (_, at) => at + 1).filter(
    (at) => options.only?.includes(at) ?? true,
  );
  for (
    let size = Math.ceil(only.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < only.length && left > 0; ) {
      const without = only.toSpliced(at, size);
      if (await fails({ ...options, steps: last, only: without })) {
        only = without;
        tell(`${what}: ${only.length} steps left`);
      } else at += size;
    }
  }
  return { ...options, steps: last, only };
}

import type { Db, Tx } from '../db.ts';
import { unpack } from './link.ts';
import { addLink, chainedUpto, packedBetween } from './links.ts';
import type { Signer } from './signer.ts';
import { type Line, linesOf, type Source, sources } from './sources.ts';

/** Lines that one link covers at most. */
const atOnce = 2_000;
/** Links over one source in one go: what runs beside it hardly feels so many in a minute, and an older ledger is taken in within hours. */
const mostLinks = 20;
/** Fewer lines than this wait for others, as long as this, in ms: a quiet hour needs no link a minute. */
const few = 1_000;
const patienceMs = 10 * 60_000;

/** Whoever adds to the chain: one at a time, by its lease. */
export interface Writing {
  readonly db: Db;
  readonly signer: Signer;
  readonly now: Date;
  /** A transaction in the name of the chain's lease. Throws LeaseLost. */
  readonly held: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** True once it is to come to its end. */
  readonly isOver: () => boolean;
}

/** Adds links over all that has come, up to the ids that are out of reach. Returns how many lines they cover. */
export async function addLinks(writing: Writing, settled: ReadonlyMap<string, number>): Promise<number> {
  let lines = 0;
  for (const source of sources) {
    const upto = settled.get(source.name) ?? 0;
    lines += source.loose ? await addLoose(writing, source, upto) : await addOrdered(writing, source, upto);
  }
  return lines;
}

async function addOrdered({ db, ...writing }: Writing, source: Source, upto: number): Promise<number> {
  const before = await chainedUpto(db, source.name);
  let after = before?.lastId ?? null;
  const waits = before && writing.now.getTime() - before.at.getTime() < patienceMs;
  if (waits && upto - before.lastId < few) return 0;
  let chained = 0;
  for (let links = 0; links < mostLinks && (after ?? -1) < upto && !writing.isOver(); links++) {
    const lines = await linesOf(db, source, { after, upto, limit: atOnce });
    await link(writing, source.name, lines);
    chained += lines.length;
    after = lines.at(-1)?.id ?? after;
    if (lines.length < atOnce) break;
  }
  return chained;
}

/** Lines that come in no order: those that no link names yet. */
async function addLoose({ db, ...writing }: Writing, source: Source, upto: number): Promise<number> {
  const all = await linesOf(db, source, { after: null, upto, limit: atOnce });
  const known = new Set(
    (await packedBetween(db, source.name, everything)).flatMap(unpack).map(({ id }) => id),
  );
  const fresh = all.filter(({ id }) => !known.has(id));
  await link(writing, source.name, fresh);
  return fresh.length;
}

const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };

async function link(
  { held, signer, now }: Pick<Writing, 'held' | 'signer' | 'now'>,
  source: string,
  lines: readonly Line[],
): Promise<void> {
  if (lines.length > 0) await held((tx) => addLink(tx, { source, lines, at: now }, signer));
}

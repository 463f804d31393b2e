import type { Db, DbOrTx } from '../db.ts';
import type { Fault, FaultKind } from '../tables/log-links.ts';
import { compareLines } from './compare-lines.ts';
import { joined } from './faults.ts';
import { judgeLink, type Link, unpack } from './link.ts';
import { chainedUpto, linkNumbered, linksAfter, newestLink, packedBetween } from './links.ts';
import type { Signer } from './signer.ts';
import { type Line, linesOf, type Source, sources, thrownAway } from './sources.ts';

/** How far a check has come; it can go on from there in another process. */
export interface Progress {
  /** The last link that was looked at. */
  readonly n: number;
  /** By source, the last line that it or an earlier one covers. */
  readonly upto: Readonly<Record<string, number>>;
  readonly lines: number;
  readonly faults: readonly Fault[];
}

/** Links, and lines, that are looked at together: so much is in memory. */
const linksAtOnce = 100;
const linesAtOnce = 4_000;
/** So many lines more than are chained are read at most, should somebody have put them in. */
const surplus = 2_000;

/**
 * That a key was lost, or the chain cut off, is told so long, in ms: nothing can be put right there. Then `/sync doctor` says since when
 * the chain is signed.
 */
export const toldMs = 30 * 24 * 3_600_000;

interface By {
  readonly signer: Signer;
  readonly now: Date;
}

/** A check of all links after this one, or of all. */
export async function beginAfter(db: DbOrTx, n: number): Promise<Progress> {
  const upto: Record<string, number> = {};
  for (const { name } of n > 0 ? sources : []) {
    const before = await chainedUpto(db, name, n);
    if (before) upto[name] = before.lastId;
  }
  return { n, upto, lines: 0, faults: [] };
}

/** Looks at the next links and their lines; null where there are none left. */
export async function checkNext(db: Db, by: By, progress: Progress): Promise<Progress | null> {
  const links = atMost(await linksAfter(db, progress.n, linksAtOnce));
  const last = links.at(-1);
  if (!last) return null;
  const found = await checkLinks(db, by, links, progress.n);
  const isAnyGone = found.some(({ kind }) => kind === 'link');
  const upto: Record<string, number> = { ...progress.upto };
  let lines = progress.lines;
  for (const source of sources) {
    const own = links.filter((link) => link.source === source.name);
    if (own.length === 0) continue;
    const held = source.loose
      ? await checkLoose(db, source, own)
      : await checkOrdered(db, source, own, upto[source.name] ?? null);
    // Of what a link covered that is gone, nobody knows any more that it was chained.
    found.push(...held.faults.filter(({ kind }) => kind !== 'added' || !isAnyGone));
    lines += held.lines;
    upto[source.name] = Math.max(upto[source.name] ?? 0, ...own.map(({ lastId }) => lastId));
  }
  return { n: last.n, upto, lines, faults: joined([...progress.faults, ...found]) };
}

/** What the end of the chain says of the whole of it: that nobody without our key wrote it. */
export async function checkEnd(db: DbOrTx, signer: Signer): Promise<Fault[]> {
  const link = await newestLink(db);
  if (!link || signer.check(link) !== 'unknown') return [];
  const at = link.at.toISOString();
  return [{ kind: 'key', source: '', first: link.n, last: link.n, count: 1, from: at, to: at }];
}

/** Whether the chain is still the one whose end a check has seen: else it was cut off, and has grown anew. */
export async function checkEarlierEnd(
  db: DbOrTx,
  { n, hash, at }: { readonly n: number; readonly hash: string; readonly at: string },
): Promise<Fault[]> {
  const link = await linkNumbered(db, n);
  return link?.hash === hash
    ? []
    : [{ kind: 'cut', source: '', first: n, last: n, count: 1, from: at, to: at }];
}

function atMost(links: readonly Link[]): Link[] {
  let lines = 0;
  return links.filter(({ lines: more }, i) => {
    lines += more;
    return i === 0 || lines <= linesAtOnce;
  });
}

async function checkLinks(
  db: DbOrTx,
  { signer, now }: By,
  links: readonly Link[],
  n: number,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  let before = n > 0 ? await linkNumbered(db, n) : null;
  for (const link of links) {
    const fault = judgeLink(link, before, signer);
    before = link;
    const isKey = fault === 'unsigned';
    if (!fault || (isKey && now.getTime() - link.at.getTime() > toldMs)) continue;
    const about = { source: isKey ? '' : link.source, first: link.n, last: link.n, count: 1 };
    const when = isKey ? link.at : null;
    faults.push({ kind: isKey ? 'key' : 'link', ...about, ...timesOf(link, when) });
  }
  return faults;
}

const timesOf = ({ from, to }: Link, at: Date | null = null) => ({
  from: (at ?? from).toISOString(),
  to: (at ?? to).toISOString(),
});

interface Held {
  readonly lines: number;
  readonly faults: readonly Fault[];
}

async function checkOrdered(
  db: DbOrTx,
  source: Source,
  links: readonly Link[],
  after: number | null,
): Promise<Held> {
  const upto = Math.max(...links.map(({ lastId }) => lastId));
  const limit = links.reduce((sum, link) => sum + link.lines, surplus);
  const there = await linesOf(db, source, { after, upto, limit });
  const faults: Fault[] = [];
  let i = 0;
  for (const link of links) {
    const own: Line[] = [];
    for (let line = there[i]; line && line.id <= link.lastId; line = there[++i]) own.push(line);
    const entries = unpack(link.entries);
    const apart = compareLines(entries, own);
    const taken = await notThrownAway(db, source, apart.taken);
    faults.push(...faultsOf(link, { ...apart, taken }));
  }
  return { lines: there.length, faults };
}

async function checkLoose(db: DbOrTx, source: Source, links: readonly Link[]): Promise<Held> {
  const upto = Math.max(...links.map(({ lastId }) => lastId));
  const there = await linesOf(db, source, { after: null, upto, limit: linesAtOnce });
  const faults = links.flatMap((link) => {
    const { changed, taken } = compareLines(unpack(link.entries), there);
    return faultsOf(link, { changed, taken, added: [] });
  });
  return { lines: links.reduce((sum, link) => sum + link.lines, 0), faults };
}

/** Of calls that are gone, those of which no link says that housekeeping threw them away. */
async function notThrownAway(
  db: DbOrTx,
  source: Source,
  gone: readonly number[],
): Promise<readonly number[]> {
  const [first, last] = [gone[0], gone.at(-1)];
  if (source.name !== 'calls' || first === undefined || last === undefined) return gone;
  const packed = await packedBetween(db, thrownAway, { from: first, to: last });
  const thrown = new Set(packed.flatMap(unpack).map(({ id }) => id));
  return gone.filter((id) => !thrown.has(id));
}

const faultsOf = (
  link: Link,
  apart: { readonly [K in Exclude<FaultKind, 'link' | 'key' | 'cut'>]: readonly number[] },
): Fault[] =>
  (['changed', 'taken', 'added'] as const).flatMap((kind) => {
    const ids = apart[kind];
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ kind, source: link.source, first, last, count: ids.length, ...timesOf(link) }];
  });

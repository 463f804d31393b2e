import { createHash } from 'node:crypto';
import type { logLinks } from '../tables/index.ts';
import type { Signer } from './signer.ts';
import type { Line } from './sources.ts';

export type Link = typeof logLinks.$inferSelect;
/** What of a link the next one builds on. */
export type LinkBefore = Pick<Link, 'n' | 'hash' | 'key' | 'signature' | 'signedFrom'>;
export type Entry = Pick<Line, 'id' | 'print'>;

/** What a new link covers: lines in the order of their ids, one at least. */
export interface Covered {
  readonly source: string;
  readonly lines: readonly Line[];
  readonly at: Date;
}

/** The link that comes after `before`. Throws where it would cover nothing. */
export function nextLink(before: LinkBefore | null, { source, lines, at }: Covered, signer: Signer): Link {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) throw new Error('a link of the log must cover a line');
  const times = lines.map((line) => line.at.getTime());
  const n = (before?.n ?? 0) + 1;
  const bare = {
    n,
    source,
    firstId: first.id,
    lastId: last.id,
    lines: lines.length,
    from: new Date(times.reduce((a, b) => Math.min(a, b))),
    to: new Date(times.reduce((a, b) => Math.max(a, b))),
    at,
    entries: pack(lines),
    signedFrom: signer.signs ? signedFrom(before, n, signer) : null,
    before: before?.hash ?? '',
  };
  const hash = hashOf(bare);
  return { ...bare, hash, ...signer.sign(hash) };
}

/** A link goes on vouching for those before it only where the one before was signed with a key that we have. */
function signedFrom(before: LinkBefore | null, n: number, signer: Signer): number {
  return before?.signedFrom && signer.check(before) === 'good' ? before.signedFrom : n;
}

/** Over all that a link says and the hash before it; signed or not, anybody can work it out. */
function hashOf(link: Omit<Link, 'hash' | 'key' | 'signature'>): string {
  const entries = createHash('sha256').update(link.entries).digest('hex');
  const { n, source, firstId, lastId, lines, from, to, at, signedFrom, before } = link;
  const said = ['truce log 1', n, source, firstId, lastId, lines, from, to, at, signedFrom, entries, before];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/**
 * What is wrong with a link, seen from the one before. `gone`: links between the two are missing. `changed`: it is not what was
 * written. `unsigned`: whoever wrote it did not have the key with which those before are signed. Pure.
 */
export type LinkFault = 'gone' | 'changed' | 'unsigned';

export function judgeLink(link: Link, before: LinkBefore | null, signer: Signer): LinkFault | null {
  if (link.n !== (before?.n ?? 0) + 1) return 'gone';
  if (link.before !== (before?.hash ?? '') || hashOf(link) !== link.hash) return 'changed';
  if (signer.check(link) === 'bad' || (link.signedFrom === null) !== (link.signature === null))
    return 'changed';
  if (!before?.signedFrom || link.signedFrom === before.signedFrom) return null;
  // It begins anew. That both are ours is known, where the older key is here by now.
  return signer.check(link) === 'good' && signer.check(before) === 'good' ? null : 'unsigned';
}

const idBytes = 8;
const printBytes = 16;
const entryBytes = idBytes + printBytes;

/** Ids and prints, 24 bytes each, in base64. */
export function pack(entries: readonly Entry[]): string {
  const packed = Buffer.alloc(entries.length * entryBytes);
  for (const [i, { id, print }] of entries.entries()) {
    packed.writeBigInt64BE(BigInt(id), i * entryBytes);
    packed.write(print, i * entryBytes + idBytes, printBytes, 'hex');
  }
  return packed.toString('base64');
}

/** What was packed; of something else, what can be read of it. */
export function unpack(text: string): Entry[] {
  const packed = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(packed.length / entryBytes) }, (_, i) => ({
    id: Number(packed.readBigInt64BE(i * entryBytes)),
    print: packed.toString('hex', i * entryBytes + idBytes, (i + 1) * entryBytes),
  }));
}

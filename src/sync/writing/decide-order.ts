import type { NamedNeed, NeededRecord } from '../../ledger/records/needs.ts';

/** A record that another one refers to, and what the ledger knows of it. */
export interface Need extends NamedNeed {
  /** Null until a run of its own flow has read it. */
  readonly record: NeededRecord | null;
}

/** A system that is about to be given something of a record. Plain data. */
export interface OrderInput {
  readonly recordId: string;
  readonly target: string;
  /** To what the record refers in the systems that have it. */
  readonly needs: readonly Need[];
  /** Why the target lets nothing be written to it, and when that was first seen; null = it does. */
  readonly locked: { readonly words: string; readonly since: Date } | null;
}

/** What stands in the way of writing a record in a system, or of making it there. */
export type Barrier =
  | { readonly kind: 'locked'; readonly words: string; readonly since: Date }
  | { readonly kind: 'waits_for_other'; readonly needs: readonly Need[] };

/** Whether a system may be given something of a record now: null = it may. A lock comes first: nothing that could come ends it. Pure. */
export function decideOrder({ locked, ...input }: OrderInput): Barrier | null {
  if (locked) return { kind: 'locked', ...locked };
  const missing = missingNeeds(input);
  return missing.length > 0 ? { kind: 'waits_for_other', needs: missing } : null;
}

/** What a record refers to that is not in use in the target yet, each once. Pure. */
export function missingNeeds({
  recordId,
  target,
  needs,
}: Pick<OrderInput, 'recordId' | 'target' | 'needs'>): Need[] {
  const missing = needs.filter(({ connection, record }) => {
    // What the target itself refers to is there; and nothing waits for itself.
    if (connection === target || record?.id === recordId) return false;
    return record?.places.get(target)?.archived !== false;
  });
  const known = new Map(
    missing.map((need) => [need.record?.id ?? `${need.entity} ${need.connection} ${need.externalId}`, need]),
  );
  return [...known.values()];
}

/** The same records by their ids in the target, for those that are there. Pure. */
export function needsIn(needs: readonly Need[], target: string): { entity: string; externalId: string }[] {
  const found = needs.flatMap(({ entity, record }) => {
    const place = record?.places.get(target);
    return place && !place.archived ? [[place.externalId, entity] as const] : [];
  });
  return [...new Map(found)].map(([externalId, entity]) => ({ entity, externalId }));
}

interface Words {
  /** As people call the systems. */
  readonly labels: (connection: string) => string;
  /** IANA zone in which people read times. */
  readonly timeZone: string;
}

/** What stands in the way, as the end of a sentence: "its customer: Fairy Wren is not in Xero yet". Pure. */
export function barrierWords(target: string, barrier: Barrier, { labels, timeZone }: Words): string {
  if (barrier.kind === 'locked') {
    const since = barrier.since.toLocaleString('en-AU', { timeZone, dateStyle: 'long', timeStyle: 'short' });
    return `${labels(target)}: ${barrier.words}, seen since ${since}`;
  }
  const groups = Map.groupBy(barrier.needs, ({ entity }) => entity.replace(/_/g, ' '));
  return [...groups]
    .map(([noun, needs]) => `its ${noun}: ${needs.map((need) => needWords(need, target, labels)).join(', ')}`)
    .join('; ');
}

/** The records that such words name. */
export const neededRecords = (needs: readonly Need[]): { readonly id: string; readonly title: string }[] =>
  needs.flatMap(({ record }) => (record ? [{ id: record.id, title: record.title }] : []));

function needWords(
  { connection, externalId, record }: Need,
  target: string,
  labels: Words['labels'],
): string {
  if (!record) return `${labels(connection)}’s ${externalId} is not known yet`;
  const isThere = record.places.has(target);
  return `${record.title} is ${isThere ? `archived in ${labels(target)}` : `not in ${labels(target)} yet`}`;
}

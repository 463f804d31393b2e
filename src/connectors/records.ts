import type { z } from 'zod';
import type { Observation, ReadItem } from './connector.ts';
import { issue } from './http/judge.ts';

export interface Sorted<R> {
  readonly good: readonly R[];
  readonly bad: readonly { readonly externalId: string | null; readonly reason: string }[];
}

/** Reads the records of an answer one by one: a malformed one is set aside with its reason, the others go on. */
export function sortOut<R>(
  records: readonly unknown[],
  shape: z.ZodType<R>,
  idOf: (record: Readonly<Record<string, unknown>>) => unknown,
): Sorted<R> {
  const good: R[] = [];
  const bad: { externalId: string | null; reason: string }[] = [];
  for (const record of records) {
    const read = shape.safeParse(record);
    if (read.success) good.push(read.data);
    else bad.push({ externalId: idIn(record, idOf), reason: issue(read.error) });
  }
  return { good, bad };
}

/** The malformed ones as items. One without an id cannot be asked for again; it is called `unnamed`. */
export function malformedItems(sorted: Sorted<unknown>, exchangeId: number): ReadItem[] {
  return sorted.bad.map(({ externalId, reason }) => ({
    kind: 'malformed',
    externalId: externalId ?? 'unnamed',
    reason,
    exchangeId,
  }));
}

export const readItem = (observation: Observation, exchangeId: number): ReadItem => ({
  kind: 'read',
  observation,
  exchangeId,
});

/**
 * Exactly one item for each id that was asked for. An id that did not come back is gone, unless a record without a readable
 * id came instead: that may be it, and being thought gone is worse than being unreadable.
 */
export function oneEach(
  asked: readonly string[],
  items: readonly ReadItem[],
  more: { readonly exchangeId: number | null; readonly unnamed: boolean },
): ReadItem[] {
  const byId = new Map(items.map((item) => [idOfItem(item), item]));
  return asked.map((externalId): ReadItem => {
    const found = byId.get(externalId);
    if (found) return found;
    const { exchangeId } = more;
    if (!more.unnamed) return { kind: 'gone', externalId, exchangeId };
    return {
      kind: 'malformed',
      externalId,
      reason: 'the record came back without a readable id',
      exchangeId,
    };
  });
}

export const idOfItem = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

function idIn(record: unknown, idOf: (record: Readonly<Record<string, unknown>>) => unknown): string | null {
  if (typeof record !== 'object' || record === null) return null;
  const id = idOf(record as Record<string, unknown>);
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

import { createHash } from 'node:crypto';
import { refused, saved } from '../batches.ts';
import type { Create, Write, WriteOutcome } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { redactText } from '../http/redact.ts';
import type { Elements } from './client.ts';
import { timeOf, writtenElement } from './schema.ts';

/** Elements in one call, as Xero recommends. */
export const elementsPerCall = 50;

/** What goes out of one record, or why nothing can. */
export type Element =
  | { readonly kind: 'element'; readonly element: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'impossible';
      readonly reason: string;
      /** True where the record itself lacks something. */
      readonly ofRecord?: true;
    };

/** What goes out of each record of a batch, and what cannot go out with its reason: the others go all the same. */
export function elementsOf<I, O>(
  batch: readonly I[],
  elementOf: (item: I) => Element,
  refuse: (item: I, reason: string) => O,
): { readonly elements: ReadonlyMap<I, Readonly<Record<string, unknown>>>; readonly refused: readonly O[] } {
  const made = batch.map((item) => [item, elementOf(item)] as const);
  return {
    elements: new Map(made.flatMap(([item, one]) => (one.kind === 'element' ? [[item, one.element]] : []))),
    refused: made.flatMap(([item, one]) => (one.kind === 'impossible' ? [refuse(item, one.reason)] : [])),
  };
}

/** What Xero says of one element of a write with `summarizeErrors=false`. */
export interface Verdict {
  /** In lower case; null where there is none, or Xero's zeros. */
  readonly id: string | null;
  /** What it goes by: a number, a code; null where there is none. */
  readonly name: string | null;
  /** When it was saved, by Xero's clock, ISO 8601; null where it does not say. */
  readonly savedAt: string | null;
  /** Null where it was saved. As Xero said it: it may hold what was sent. */
  readonly reason: string | null;
}

/** Which keys of an element hold its id, and what it goes by. */
export interface ElementKeys {
  readonly id: string;
  readonly name: string;
}

export const contactElements: ElementKeys = { id: 'ContactID', name: 'ContactNumber' };

/** One verdict for each element of the answer, in its order. */
export function verdictsOf(elements: readonly unknown[], keys: ElementKeys): Verdict[] {
  return elements.map((element) => {
    const read = writtenElement.catch({}).parse(element);
    const errors = (read.ValidationErrors ?? []).map(({ Message }) => Message).filter(Boolean);
    const isBad = read.StatusAttributeString === 'ERROR' || read.HasValidationErrors || errors.length > 0;
    const text = (key: string) => (typeof read[key] === 'string' ? read[key] : '');
    const id = text(keys.id).toLowerCase();
    return {
      id: /[1-9a-f]/.test(id) ? id : null,
      name: text(keys.name) || null,
      savedAt: timeOf(read.UpdatedDateUTC),
      reason: isBad ? errors.join('; ') || 'no reason given' : null,
    };
  });
}

/**
 * Sends elements that name their records by id, and gives each write that the answer mentions its outcome. `send` is the call;
 * `listOf` finds the answer's elements.
 */
export async function sendUpdates<T>(
  elements: ReadonlyMap<Pick<Write, 'key' | 'externalId'>, Readonly<Record<string, unknown>>>,
  {
    keys,
    send,
    listOf,
  }: {
    readonly keys: ElementKeys;
    readonly send: (what: Elements) => Promise<Answer<T>>;
    readonly listOf: (data: T) => readonly unknown[];
  },
): Promise<WriteOutcome[]> {
  if (elements.size === 0) return [];
  const body = [...elements.values()];
  const key = idempotencyKey([...elements.keys()], body);
  const { data, exchangeId } = await send({ elements: body, idempotencyKey: key });
  const verdicts = verdictsOf(listOf(data), keys);
  return [...elements.keys()].flatMap((write) => {
    const verdict = verdicts.find(({ id }) => id === write.externalId.toLowerCase());
    if (!verdict) return [];
    const { reason, savedAt } = verdict;
    return [
      reason === null ? saved(write, exchangeId, savedAt) : refused(write, redactText(reason), exchangeId),
    ];
  });
}

/** What came of elements that were to make records: a verdict for each of which the answer speaks. */
export interface Answered {
  readonly exchangeId: number;
  readonly verdicts: readonly (readonly [Create, Verdict])[];
}

/**
 * Sends elements that make records. An element is told by what it goes by; a refused one that does not repeat that, by its place. Of
 * what the answer does not speak, nobody can say whether it was made: it is looked for, and not made again.
 */
export async function sendCreates<T>(
  elements: ReadonlyMap<Create, Readonly<Record<string, unknown>>>,
  {
    keys,
    send,
    listOf,
    isOf,
  }: {
    readonly keys: ElementKeys;
    readonly send: (what: Elements) => Promise<Answer<T>>;
    readonly listOf: (data: T) => readonly unknown[];
    /** Whether an element that goes by this name is the one that was sent. */
    readonly isOf: (create: Create, name: string) => boolean;
  },
): Promise<Answered> {
  const body = [...elements.values()];
  const key = idempotencyKey([...elements.keys()], body);
  const { data, exchangeId } = await send({ elements: body, idempotencyKey: key });
  const verdicts = verdictsOf(listOf(data), keys);
  const verdictFor = (create: Create, place: number): Verdict | undefined => {
    const named = verdicts.find(({ name }) => name !== null && isOf(create, name));
    const at = verdicts.length === body.length ? verdicts[place] : undefined;
    return named ?? (at && at.name === null && at.reason !== null ? at : undefined);
  };
  const answered = [...elements.keys()].flatMap((create, place) => {
    const verdict = verdictFor(create, place);
    return verdict ? [[create, verdict] as const] : [];
  });
  return { exchangeId, verdicts: answered };
}

/** One key for exactly this request of these intents: Xero refuses a key that comes with another body. */
const idempotencyKey = (items: readonly { readonly key: string }[], body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([items.map(({ key }) => key), body]))
    .digest('hex');

import { created, createInBatches, notCreated } from '../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { CallFailed } from '../http/failure.ts';
import { fewCalls } from './calls.ts';
import { type Kind, pagesOf } from './reading.ts';
import type { Body } from './values.ts';

type Made = Pick<Create, 'marker' | 'fields'>;
type Written = Answer<{ readonly [list: string]: unknown }>;

/** How records of a kind are made: by a key of theirs that can be there once, in whatever case. */
export interface Making<R extends { readonly ID: string }> {
  readonly kind: Kind<R>;
  /** Our field that holds the key, and the key of a record. */
  readonly keyField: string;
  keyOf(record: R): string | null | undefined;
  markerOf(record: R): string | null;
  /** Records whose key holds or begins with this, deprecated ones too: more than are wanted, and never fewer. */
  look(key: string, page: number, call: CallContext): ReturnType<Kind<R>['page']>;
  /** The body of a new record, or why there is none. */
  toBody(create: Create): Body;
  add(body: unknown, call: CallContext): Promise<Written>;
  /** "Cin7 Core has another customer of this name". */
  readonly taken: string;
}

type Verdict<R> = (one: Create, holder: R, exchangeId: number | null) => CreateOutcome;

/**
 * Makes records, one call each. Cin7 Core takes no key of ours: a name or a SKU can be there once, in whatever case, and our mark
 * in a text says whether the one that has it is ours. So each is looked for before, and again where Cin7 Core says that somebody
 * was faster; the call that makes it is never repeated.
 */
export async function makeRecords<R extends { readonly ID: string }>(
  making: Making<R>,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { markerOf, taken } = making;
  const wantedOf = keyWanted(making);
  const bodies = new Map(creates.map((one) => [one.key, making.toBody(one)]));
  const fit = creates.filter(({ key }) => bodies.get(key)?.kind === 'body');
  const held = await holdersOf(making, fit.map(wantedOf), call);
  const verdict: Verdict<R> = (one, holder, exchangeId) =>
    markerOf(holder) === one.marker.toLowerCase()
      ? created(one, holder.ID, exchangeId)
      : notCreated(one, taken, exchangeId, true);
  return createInBatches(creates, {
    size: 1,
    send: async ([one]) => {
      if (!one) return [];
      const body = bodies.get(one.key);
      if (body?.kind !== 'body') {
        const reason = body?.kind === 'impossible' ? body.reason : 'there is nothing to send';
        return [notCreated(one, reason, null)];
      }
      const holder = held.get(folded(wantedOf(one)));
      if (holder) return [verdict(one, holder, null)];
      return makeOne(making, one, body.json, verdict, call);
    },
  });
}

/** Sends one; where Cin7 Core says that its key is there already, looks whose that is. */
async function makeOne<R extends { readonly ID: string }>(
  making: Making<R>,
  one: Create,
  json: unknown,
  verdict: Verdict<R>,
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { kind } = making;
  try {
    const { data, exchangeId } = await making.add(json, call);
    const [first] = Array.isArray(data[kind.list]) ? (data[kind.list] as unknown[]) : [];
    const made = kind.shape.safeParse(first);
    return made.success ? [created(one, made.data.ID, exchangeId)] : [];
  } catch (error) {
    if (!(error instanceof CallFailed) || !saysTaken(error)) throw error;
    const key = keyWanted(making)(one);
    const faster = await holdersOf(making, [key], call).catch(() => null);
    const other = faster?.get(folded(key));
    const { exchangeId, reason } = error;
    return [other ? verdict(one, other, exchangeId) : notCreated(one, reason, exchangeId, true)];
  }
}

/** Which of these were made after all: under their key, or under another one that somebody has given them since. */
export async function findMadeRecords<R extends { readonly ID: string }>(
  making: Making<R>,
  creates: readonly Made[],
  call: CallContext,
): Promise<ReadonlyMap<string, string>> {
  const { kind, markerOf } = making;
  const wanted = new Map(creates.map(({ marker }) => [marker.toLowerCase(), marker]));
  const found = new Map<string, string>();
  const note = (one: R) => {
    const marker = wanted.get(markerOf(one) ?? '');
    if (marker) found.set(marker, one.ID);
  };
  for (const holder of (await holdersOf(making, creates.map(keyWanted(making)), call)).values()) note(holder);
  if (found.size === wanted.size) return found;
  for await (const { sorted } of pagesOf(kind, (page) => kind.page(null, page, call)))
    sorted.good.forEach(note);
  return found;
}

/**
 * Records by key, deprecated ones too, whatever the case: their key in small letters → the record. A few are asked for by what
 * Cin7 Core can look for; many are found on its pages.
 */
async function holdersOf<R extends { readonly ID: string }>(
  { kind, keyOf, look }: Making<R>,
  keys: readonly string[],
  call: CallContext,
): Promise<ReadonlyMap<string, R>> {
  const wanted = new Map(keys.map((key) => [folded(key), key.trim()]));
  wanted.delete('');
  const found = new Map<string, R>();
  const note = (one: R) => {
    const key = folded(keyOf(one) ?? '');
    if (wanted.has(key)) found.set(key, one);
  };
  if (wanted.size > fewCalls) {
    let pages = 1;
    for await (const page of pagesOf(kind, (number) => kind.page(null, number, call))) {
      page.sorted.good.forEach(note);
      pages = page.pages;
      if (pages > wanted.size) break;
    }
    if (pages <= wanted.size) return found;
  }
  for (const [key, asWritten] of wanted) {
    if (found.has(key)) continue;
    // Whether the case counts is written nowhere: the key as it is finds most either way.
    for await (const page of pagesOf(kind, (number) => look(asWritten, number, call))) {
      page.sorted.good.forEach(note);
      if (found.has(key)) break;
    }
  }
  return found;
}

const keyWanted =
  <R extends { readonly ID: string }>({ keyField }: Making<R>) =>
  ({ fields }: Made): string =>
    String(fields[keyField] ?? '');
const folded = (key: string): string => key.trim().toLowerCase();
const saysTaken = ({ failure, reason }: CallFailed): boolean =>
  failure === 'refused' && /must be unique|already exists/i.test(reason);

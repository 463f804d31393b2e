import { redactText } from '../http/redact.ts';
import { type BatchAnswer, type BatchError, batchError, written } from './schema.ts';
import { plain } from './words.ts';

/** What one input of a batch came to, by HubSpot's answer. */
export type Told =
  | { readonly kind: 'done'; readonly id: string; readonly updatedAt: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'silent' };

/** Looks an input up in the answer of a batch write: by its id, our trace id, or the value of a unique property. */
export function answerFor(
  answer: BatchAnswer,
): (input: { readonly id: string; readonly trace: string; readonly idProperty?: string }) => Told {
  const done = answer.results.flatMap((result) => written.safeParse(result).data ?? []);
  const errors = errorsIn(answer);
  const nameless = errors.find((error) => namedIn(error).length === 0);
  return ({ id, trace, idProperty }) => {
    const error = errors.find((one) => namedIn(one).some((name) => name === id || name === trace));
    if (error) return { kind: 'refused', reason: words(error) };
    const made = done.find((one) =>
      idProperty === undefined
        ? one.id === id
        : one.objectWriteTraceId === trace || sameText(one.properties?.[idProperty], id),
    );
    if (made) return { kind: 'done', id: made.id, updatedAt: made.updatedAt ?? null };
    // Neither done nor named: an error that names nobody is about those who are left.
    return nameless ? { kind: 'refused', reason: words(nameless) } : { kind: 'silent' };
  };
}

const sameText = (held: unknown, wanted: string) =>
  typeof held === 'string' && held.toLowerCase() === wanted.toLowerCase();

/**
 * What a batch read was asked for and could not say: neither found nor missing, but an error of HubSpot's own. An error that names
 * nobody is about everybody who is not among the found.
 */
export function unreadIn(
  answer: Pick<BatchAnswer, 'errors'>,
  asked: readonly string[],
  found: ReadonlySet<string>,
): string[] {
  const troubles = errorsIn(answer).filter(({ category }) => category !== 'OBJECT_NOT_FOUND');
  const named = new Set(troubles.flatMap(namedIn));
  const isNameless = troubles.some((error) => namedIn(error).length === 0);
  return asked.filter((id) => !found.has(id) && (isNameless || named.has(id)));
}

/** What went wrong in a batch of one, in HubSpot's own words; null where nothing did. */
export function firstError(answer: Pick<BatchAnswer, 'errors'>): string | null {
  const [error] = errorsIn(answer);
  return error ? words(error) : null;
}

const errorsIn = ({ errors }: Pick<BatchAnswer, 'errors'>): BatchError[] =>
  (errors ?? []).map((error) => batchError.catch({}).parse(error));

/** An error of a 207 names its inputs by id or by our trace id, under keys that differ from error to error. */
const namedIn = ({ context, id }: BatchError): string[] =>
  [context?.ids, context?.id, context?.fromObjectId, context?.objectWriteTraceId, id]
    .flat()
    .filter((name) => name !== undefined && name !== null)
    .map(String);

/** HubSpot's own words, without anybody's address or number. */
function words(error: BatchError): string {
  if (error.category === 'OBJECT_NOT_FOUND') return 'HubSpot does not have this record any more';
  return redactText(plain(error.message ?? error.category ?? 'no reason given'));
}

import { createHash } from 'node:crypto';
import { timeOf, writtenContact } from './schema.ts';

/** What Xero says of one element of a write with `summarizeErrors=false`. */
export interface Verdict {
  /** In lower case; null where there is none, or Xero's zeros. */
  readonly contactId: string | null;
  readonly contactNumber: string | null;
  /** When it was saved, by Xero's clock, ISO 8601; null where it does not say. */
  readonly savedAt: string | null;
  /** Null where it was saved. As Xero said it: it may hold what was sent. */
  readonly reason: string | null;
}

/** One verdict for each element of the answer, in its order. */
export function verdictsOf(elements: readonly unknown[]): Verdict[] {
  return elements.map((element) => {
    const read = writtenContact.catch({}).parse(element);
    const errors = (read.ValidationErrors ?? []).map(({ Message }) => Message).filter(Boolean);
    const isBad = read.StatusAttributeString === 'ERROR' || read.HasValidationErrors || errors.length > 0;
    const id = read.ContactID?.toLowerCase() ?? '';
    return {
      contactId: /[1-9a-f]/.test(id) ? id : null,
      contactNumber: read.ContactNumber || null,
      savedAt: timeOf(read.UpdatedDateUTC),
      reason: isBad ? errors.join('; ') || 'no reason given' : null,
    };
  });
}

/** One key for exactly this request of these intents: Xero refuses a key that comes with another body. */
export const idempotencyKey = (items: readonly { readonly key: string }[], body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([items.map(({ key }) => key), body]))
    .digest('hex');

import type { Flow } from '../../agreement/agreement.ts';
import { takesPart } from '../../agreement/takes-part.ts';
import type { FieldValue, Observed } from '../../entities/field.ts';

/** A record that was made in a system, and what it was told to make of it. */
interface MadeThere {
  readonly connection: string;
  readonly sent: Readonly<Record<string, FieldValue>>;
}

/**
 * The fields that a system filled in by itself in a record that we made there, and by whose rule its word goes everywhere: an
 * invoice's number, what it comes to. These are news, while whatever else it filled in is nobody's word. Pure.
 */
export function ownWords(
  flow: Pick<Flow, 'fields' | 'connections'>,
  { connection, sent }: MadeThere,
  observed: Readonly<Record<string, Observed>>,
): ReadonlySet<string> {
  return new Set(
    Object.values(flow.fields).flatMap(({ field, rule, systemOfRecord }) => {
      const isOwner = systemOfRecord === connection && takesPart(flow, field, connection);
      const isRuled = rule === 'overwrite' || rule === 'read_only';
      const isFilledIn = sent[field] === undefined && observed[field]?.state === 'value';
      return isOwner && isRuled && isFilledIn ? [field] : [];
    }),
  );
}

/** All but these. */
export const withoutOwnWords = (
  observed: Readonly<Record<string, Observed>>,
  words: ReadonlySet<string>,
): Readonly<Record<string, Observed>> =>
  Object.fromEntries(Object.entries(observed).filter(([field]) => !words.has(field)));

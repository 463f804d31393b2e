import type { Observation } from '../../connectors/connector.ts';
import type { Field, FieldValue } from '../../entities/field.ts';
import { same } from '../../entities/field.ts';
import { inSentence } from '../../entities/text.ts';
import type { LossKind } from '../../ledger/tables/drift.ts';

type Value = FieldValue | null;

/** A value that was said to be saved, and is another one when it is read back. */
export interface Loss {
  readonly field: Field;
  readonly kind: LossKind;
  readonly written: Value;
  readonly readBack: Value;
}

/**
 * What became of a value that a system did not keep: cut off (every part of it is there, or its beginning), not taken at all, or made
 * into another one. Pure.
 */
export function lossOf(
  field: Field,
  {
    written,
    before,
    readBack,
  }: { readonly written: Value; readonly before: Value; readonly readBack: Value },
): Loss {
  const kind = same(field, before, readBack) ? 'ignored' : isCut(written, readBack) ? 'cut' : 'altered';
  return { field, kind, written, readBack };
}

/** "Xero kept 50 of 62 characters of the legal name". Pure; holds no value. */
export function lossWords(label: string, { field, kind, written, readBack }: Loss): string {
  const name = inSentence(field.label);
  if (kind === 'ignored') return `${label} said that it saved the ${name}, and still has the one from before`;
  if (kind === 'altered') return `${label} said that it saved the ${name}, and has made another one of it`;
  const [kept, sent] = [lengthOf(readBack), lengthOf(written)];
  return `${label} kept ${kept} of ${sent} characters of the ${name}`;
}

/** A vendor's own times of one and the same write lie so far apart, in ms. */
const toleranceMs = 1_000;

/**
 * True where, by the vendor's own word, somebody changed the field after our write was saved: then what is there is theirs, and no
 * loss. `savedAt` is the vendor's time of our write. Pure.
 */
export function wasEditedSince(
  { editors, vendorAt }: Pick<Observation, 'editors' | 'vendorAt'>,
  field: string,
  savedAt: string | null,
): boolean {
  if (savedAt === null) return false;
  const saved = Date.parse(savedAt) + toleranceMs;
  const edited = editors[field]?.at;
  // Where the vendor tells of each field, that is the answer; else the record's own time has to do.
  if (edited) return Date.parse(edited) > saved;
  return vendorAt !== null && Date.parse(vendorAt) > saved;
}

function isCut(written: Value, readBack: Value): boolean {
  if (typeof written === 'string' && typeof readBack === 'string') return isBeginning(readBack, written);
  if (!isParts(written) || !isParts(readBack)) return false;
  const parts = Object.entries(written).map(([part, value]) => ({ value, held: readBack[part] ?? null }));
  const isWhole = (one: (typeof parts)[number]) => one.held === (one.value ?? null);
  return (
    !parts.every(isWhole) &&
    parts.every(
      (one) =>
        isWhole(one) ||
        (typeof one.value === 'string' && (one.held === null || isBeginning(String(one.held), one.value))),
    )
  );
}

const isParts = (value: Value): value is Exclude<FieldValue, string | number | boolean> =>
  typeof value === 'object' && value !== null;

function isBeginning(kept: string, whole: string): boolean {
  const [short, long] = [kept.trim(), whole.trim()];
  return short !== '' && short.length < long.length && long.startsWith(short);
}

/** Letters of a text, or of all parts of a value of several. */
function lengthOf(value: Value): number {
  if (isParts(value))
    return Object.values(value).reduce<number>(
      (sum, part) => sum + (part === null ? 0 : String(part).length),
      0,
    );
  return value === null ? 0 : String(value).length;
}

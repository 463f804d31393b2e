import type { FieldValue, Observed } from '../../entities/field.ts';
import { type Amount, amountOf, amountText } from '../../entities/money/amount.ts';
import { decimalOf, printDecimal } from '../../entities/money/decimal.ts';
import type { Write } from '../connector.ts';
import { observedText } from '../observed.ts';
import type { Mapped } from './objects.ts';
import type { CrmRecord } from './schema.ts';

type Text = string | null | undefined;

/** A field that lives in one property. */
interface Kept {
  readonly property: string;
  /** False for what Truce reads and never changes. */
  readonly writable: boolean;
  /** `currency`: that of the record's amounts, ISO 4217; null where nobody knows. */
  read(text: Text, currency: string | null): Observed;
  write(value: FieldValue): string;
}

/** The fields of an entity, by name. */
export type Fields = Readonly<Record<string, Kept>>;

const kept = (property: string, read: Kept['read'], write: Kept['write'] = String): Kept => ({
  property,
  writable: true,
  read,
  write,
});

export const inText = (property: string): Kept => kept(property, observedText);

/** HubSpot tells numbers as texts, long ones with a power of ten: they are told on as plain decimals, to the last digit. */
export const inNumber = (property: string): Kept => {
  const plain = (value: FieldValue) => {
    const decimal = typeof value === 'string' || typeof value === 'number' ? decimalOf(value) : null;
    return decimal ? printDecimal(decimal) : String(value);
  };
  return kept(
    property,
    (text) => {
      const read = observedText(text);
      return read.state === 'value' ? { state: 'value', value: plain(read.value) } : read;
    },
    plain,
  );
};

/** A day, as HubSpot tells it or as the ms of its midnight in UTC. It is never taken through a zone. */
export const inDate = (property: string): Kept =>
  kept(property, (text) => {
    const ms = /^\d{8,}$/.test(text?.trim() ?? '') ? Number(text) : null;
    return observedText(ms === null ? text : new Date(ms).toISOString().slice(0, 10));
  });

/** A drop-down with our own words as values. A value that is none of them stays as it is. */
export const inChoice = (property: string, words: readonly string[]): Kept =>
  kept(property, (text) => {
    const folded = text?.trim().toLowerCase() ?? '';
    return observedText(words.includes(folded) ? folded : text);
  });

/** An amount, of which HubSpot keeps the number alone; a number that is no whole number of cents is told as it stands. */
export const inAmount = (property: string): Kept =>
  kept(
    property,
    (text, currency) => {
      const amount = text?.trim() && currency ? amountOf(text, currency) : null;
      return amount ? { state: 'value', value: amount } : observedText(text);
    },
    (value) => (isAmount(value) ? amountText(value) : String(value)),
  );

export const isAmount = (value: FieldValue | null): value is Amount =>
  typeof value === 'object' &&
  value !== null &&
  typeof value.minor === 'number' &&
  typeof value.currency === 'string';

/** A field that Truce never changes. */
export const readOnly = (field: Kept): Kept => ({ ...field, writable: false });

export const treatments = ['gst', 'gst_free', 'export', 'input_taxed', 'out_of_scope'] as const;

export const mappedOf = (fields: Fields): Mapped =>
  Object.fromEntries(Object.entries(fields).map(([field, { property }]) => [field, [property]]));

export const observedIn = (
  { properties }: CrmRecord,
  fields: Fields,
  currency: string | null = null,
): Record<string, Observed> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, { property, read }]) => [
      field,
      read(properties[property], currency),
    ]),
  );

/** The properties of an update. An empty text clears. Throws where a field is none of these. */
export function propertiesOf(values: Write['fields'], fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => {
      const place = fields[field];
      if (!place) throw new Error(`HubSpot has no field ${field}`);
      return [place.property, value === null ? '' : place.write(value)];
    }),
  );
}

/** The fields of a write that Truce never changes here. */
export const unwritable = (values: Write['fields'], fields: Fields): readonly string[] =>
  Object.keys(values).filter((field) => fields[field]?.writable !== true);

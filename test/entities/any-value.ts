import fc from 'fast-check';
import type { FieldValue } from '#src/entities/field.ts';

/** Texts as people and vendors write them, and as nobody would. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.constantFrom('{', '{}', '{"lines":[]}', '2026-02-30', '-0', '1e999', 'N/A', 'null', 'https://'),
);
const part = fc.oneof(anyText, fc.double(), fc.boolean(), fc.constant(null));
const key = fc.oneof(
  fc.constantFrom('line1', 'postcode', 'country', 'days', 'from', 'minor', 'currency', '__proto__'),
  fc.string(),
);

/** Whatever a connector may map, right or wrong. */
export const anyValue: fc.Arbitrary<FieldValue> = fc.oneof(
  anyText,
  fc.double(),
  fc.boolean(),
  fc.dictionary(key, part),
);

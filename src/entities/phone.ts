import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Field, FieldValue } from './field.ts';
import { fold, textOf, tidy } from './text.ts';

/** A label before the number, and the apostrophe by which a spreadsheet marks text. */
const lead = /^(?:'|tel(?:ephone)?[.:]|ph(?:one)?[.:]|mob(?:ile)?[.:])\s*/i;

/**
 * A phone number in any spelling that Australian data holds it in (`+61 (0)2 …`, `0061…`, `61412…`, a leading zero lost in a
 * spreadsheet or a `.0` won there, 13, 1300 and 1800 numbers), or null where the whole text is not one valid number.
 */
function parse(text: string): PhoneNumber | null {
  const dialled = tidy(text.normalize('NFKC'))
    .replace(lead, '')
    .replace(/^\(\+(\d{1,3})\)/, '+$1')
    .replace(/^00(?!11)(?=[1-9])/, '+')
    .replace(/^(\d{9,12})\.0$/, '$1');
  const number = parsePhoneNumberFromString(dialled, { defaultCountry: 'AU', extract: false });
  return number?.isValid() ? number : null;
}

/** The normal forms of the numbers last seen: while a record is decided the same few are compared again and again. */
const normals = new Map<string, string>();
const mostNormals = 2000;

/** E.164, for comparing: `+61298765432`, with the extension if there is one. Text that is no number compares as text. */
function normalisePhone(text: string): string {
  const known = normals.get(text);
  if (known !== undefined) return known;
  const number = parse(text);
  const ext = number?.ext ? ` EXT ${number.ext}` : '';
  const normal = number ? `${number.number}${ext}` : fold(text);
  if (normals.size >= mostNormals) normals.clear();
  normals.set(text, normal);
  return normal;
}

/** As Australians write it: `(02) 9876 5432`, `0412 345 678`, `1300 975 707`, `13 12 13`; others with their country's code. */
function formatPhone(text: string): string {
  const number = parse(text);
  if (!number) return text.trim();
  if (number.countryCallingCode !== '61') return number.formatInternational();
  return number.formatNational().replace(/^(13)(\d\d)(\d\d)$/, '$1 $2 $3');
}

/** True iff a number can be found in the text, alone or beside a note: "0412 345 678 (Bob)". */
const holdsNumber = (text: string) =>
  parse(text) !== null || parsePhoneNumberFromString(text, 'AU')?.isValid() === true;

const phoneField = (name: string, label: string): Field => ({
  name,
  label,
  class: 'personal',
  normal: (value: FieldValue) => normalisePhone(textOf(value)),
  show: (value: FieldValue) => formatPhone(textOf(value)),
  problem: (value: FieldValue) =>
    holdsNumber(textOf(value))
      ? null
      : 'This is not a complete Australian phone number. A number from elsewhere starts with + and the country.',
});

/** The main number. */
export const phone = phoneField('phone', 'Phone');
/** Not checked to be one of a mobile network: people put whatever reaches somebody on the road here, a satellite phone too. */
export const mobile = phoneField('mobile', 'Mobile');

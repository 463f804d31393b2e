/**
 * Our record's id as a ContactNumber, which only the API can write and which is unique. With a prefix: a bare UUID in
 * `/Contacts/{…}` is taken for a ContactID, and another program's number would be taken for ours.
 */
const prefix = 'truce-';

export const contactNumberOf = (marker: string): string => prefix + marker;

/** Null where the number is none, or another program's. */
export function markerOf(contactNumber: string | null | undefined): string | null {
  const number = contactNumber?.trim().toLowerCase() ?? '';
  return number.startsWith(prefix) && number.length > prefix.length ? number.slice(prefix.length) : null;
}

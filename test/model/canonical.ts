import type { FieldValue } from '#src/entities/field.ts';
import { type FieldName, sheetOf, type Token } from './vocabulary.ts';

const ownWords: readonly FieldName[] = ['tax_treatment', 'status'];
const addresses: readonly FieldName[] = ['billing_address', 'delivery_address'];

/** A value in Truce's form, as the model knows it. */
export function tokenOf(field: FieldName, value: FieldValue | null): Token {
  if (value === null) return '';
  if (typeof value !== 'object')
    return ownWords.includes(field) ? String(value) : sheetOf(field).read([String(value)], 'hubspot');
  const part = (name: string) => String(value[name] ?? '');
  if (field === 'payment_terms') return `${part('days')}${part('from') === 'end_of_month' ? ' eom' : ''}`;
  const street = [part('line1'), part('line2')].filter((line) => line !== '').join(', ');
  return sheetOf(field).read([street, part('city'), part('state'), part('postcode')], 'hubspot');
}

/** As a person who types "Other…" in Slack would have it. */
export function typedIn(field: FieldName, token: Token): FieldValue {
  if (field === 'payment_terms') {
    const [days = '', end] = token.split(' ');
    return { days: Number(days), from: end ? 'end_of_month' : 'invoice_date' };
  }
  if (!addresses.includes(field)) return token;
  const [line1 = null, city = null, state = null, postcode = null] = token
    .split('|')
    .map((text) => text || null);
  return { line1, line2: null, city, state: state?.toUpperCase() ?? null, postcode, country: null };
}

import { entityNamed } from '../entities/named.ts';

/** "an invoice", "invoice", "invoices": a kind of record as people say it. */
export function nounOf(entity: string): { readonly a: string; readonly one: string; readonly many: string } {
  const { one, many } = entityNamed(entity).noun;
  return { a: `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`, one, many };
}

import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { asHeld, type ProductField, type Token } from './sheet.ts';

/** What people, and systems by themselves, ever said: nothing else may be found anywhere. */
export interface Said {
  typed(sku: string, field: ProductField, token: Token): void;
  chosen(sku: string, field: ProductField, token: Token): void;
  /** Whether somebody gave this value, as far as the system can hold it. */
  has(
    sku: string,
    field: ProductField,
    held: { readonly system: PracticeSystem; readonly token: Token },
  ): boolean;
  isChosen(sku: string, field: ProductField, token: Token): boolean;
  /** Anything that was once so: a number of stock, what an invoice comes to. */
  was(what: string, value: string): void;
  everWas(what: string, value: string): boolean;
}

export function openSaid(): Said {
  const words = new Map<string, Set<string>>();
  const add = (what: string, value: string) => {
    const known = words.get(what) ?? new Set();
    words.set(what, known.add(value));
  };
  const of = (what: string) => words.get(what) ?? new Set<string>();
  const name = (sku: string, field: ProductField) => `product ${sku} ${field}`;
  return {
    typed: (sku, field, token) => add(name(sku, field), token),
    chosen: (sku, field, token) => {
      add(name(sku, field), token);
      add(`chosen ${name(sku, field)}`, token);
    },
    has: (sku, field, { system, token }) =>
      [...of(name(sku, field))].some((one) => one === token || asHeld(system, field, one) === token),
    isChosen: (sku, field, token) => of(`chosen ${name(sku, field)}`).has(token),
    was: (what, value) => add(`was ${what}`, value),
    everWas: (what, value) => of(`was ${what}`).has(value),
  };
}

import { asCin7Customer } from '#src/playground/data/as-cin7-core.ts';
import type { GoodsSeed } from '#src/playground/data/as-cin7-core-products.ts';
import { asCompany } from '#src/playground/data/as-hubspot.ts';
import { asContact } from '#src/playground/data/as-xero.ts';
import type { PracticeCustomer } from '#src/playground/data/customers.ts';
import type { DealSeed } from '#src/playground/vendors/hubspot/sales.ts';
import type { RecordSeed } from '#src/playground/vendors/hubspot/state.ts';
import type { BooksSeed } from '#src/playground/vendors/xero/books/state.ts';
import type { World } from '#test/support/engine.ts';

/** What the vendors hold when a life begins. */
export interface Planted extends World {
  readonly sales?: { readonly products: readonly RecordSeed[]; readonly deals: readonly DealSeed[] };
  readonly books?: BooksSeed;
  readonly goods?: GoodsSeed;
}

/** These customers, in all three systems alike, last touched then. */
export function inAll(customers: readonly PracticeCustomer[], at: Date): World {
  const uuid = (kind: string, i: number) =>
    `${kind.repeat(8)}-0000-4000-a000-${String(i + 1).padStart(12, '0')}`;
  return {
    hubspot: customers.map((customer, i) => asCompany(customer, { number: i + 1, at, imported: null })),
    xero: customers.map((customer, i) => asContact(customer, { id: uuid('a', i), at })),
    cin7: customers.map((customer, i) =>
      asCin7Customer(customer, {
        id: uuid('b', i),
        idOf: (part) => uuid(part === 'address' ? 'c' : part === 'contact' ? 'd' : 'e', i),
        at,
      }),
    ),
  };
}

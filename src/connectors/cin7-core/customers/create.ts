import type { NewCin7Customers, TaxCodes } from '../../../agreement/agreement.ts';
import type { Making } from '../making.ts';
import { toNewCustomer } from './body.ts';
import type { CustomersClient } from './client.ts';
import { markerOf } from './map.ts';
import { customersOf } from './read.ts';
import type { Customer } from './schema.ts';

/** How customers are made: by their name. */
export const makingCustomers = (
  client: CustomersClient,
  { newCustomers, taxCodes }: { readonly newCustomers: NewCin7Customers | null; readonly taxCodes: TaxCodes },
): Making<Customer> => ({
  kind: customersOf(client, taxCodes),
  keyField: 'legal_name',
  keyOf: ({ Name }) => Name,
  markerOf,
  look: client.byName,
  toBody: (create) =>
    newCustomers
      ? toNewCustomer(create, newCustomers, taxCodes)
      : { kind: 'impossible', reason: 'new_customers is not set for this connection' },
  add: client.add,
  taken: 'Cin7 Core has another customer of this name',
});

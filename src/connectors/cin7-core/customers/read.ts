import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { Kind } from '../reading.ts';
import type { CustomersClient } from './client.ts';
import { toObservation } from './map.ts';
import { customerDrift } from './renamed.ts';
import { type Customer, customer } from './schema.ts';

/** How customers are read. `codes` are the account's names of tax rules, by our treatment. */
export const customersOf = (
  client: Pick<CustomersClient, 'list' | 'byId'>,
  codes: TaxCodes,
): Kind<Customer> => ({
  list: 'CustomerList',
  shape: customer,
  page: client.list,
  byId: client.byId,
  observe: (customers, lost) => {
    const driftOf = customerDrift(customers, lost);
    return customers.map((one) => toObservation(one, driftOf(one), codes));
  },
});

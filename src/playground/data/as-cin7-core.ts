import type { CustomerSeed } from '../vendors/cin7-core/state.ts';
import type { PracticeCustomer } from './customers.ts';
import { nationalPhone } from './phones.ts';

/** A customer in Cin7 Core: the name it is invoiced under, a billing address, one contact for the accounts. */
export function asCin7Customer(
  customer: PracticeCustomer,
  more: { readonly id: string; readonly idOf: (part: string) => string; readonly at: Date },
): CustomerSeed {
  const { days, endOfMonth } = customer.terms;
  const address = {
    Line1: customer.street,
    Line2: '',
    City: customer.city,
    State: customer.state,
    Postcode: customer.postcode,
    Country: 'Australia',
  };
  return {
    ID: more.id,
    fields: {
      Name: customer.legalName,
      Status: 'ACTIVE',
      Currency: 'AUD',
      PaymentTerm: `${days} days${endOfMonth ? ' EOM' : ''}`,
      AccountReceivable: '610',
      RevenueAccount: '200',
      TaxRule: 'GST on Income',
      TaxNumber: customer.abn,
    },
    Addresses: [{ ID: more.idOf('address'), ...address, Type: 'Billing', DefaultForType: true }],
    Contacts: [
      {
        ID: more.idOf('contact'),
        Name: 'Accounts',
        Phone: nationalPhone(customer.phone),
        Email: customer.email,
        Default: true,
        IncludeInEmail: true,
      },
    ],
    modifiedAt: more.at.toISOString(),
  };
}

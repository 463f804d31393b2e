import type { CustomerSeed } from '../vendors/cin7-core/state.ts';
import type { PracticeCustomer } from './customers.ts';
import type { PracticeAddress } from './details.ts';
import { nationalPhone } from './phones.ts';

/** As Cin7 Core names them in an Australian account. */
export const taxRules: Readonly<Record<PracticeCustomer['taxTreatment'], string>> = {
  gst: 'GST on Income',
  gst_free: 'GST Free Income',
  export: 'GST Free Exports',
  input_taxed: 'Input Taxed',
  out_of_scope: 'BAS Excluded',
};

/** A customer in Cin7 Core: the name it is invoiced under, where bills and goods go, one contact for the accounts. */
export function asCin7Customer(
  customer: PracticeCustomer,
  more: { readonly id: string; readonly idOf: (part: string) => string; readonly at: Date },
): CustomerSeed {
  const { terms, deliveryAddress, mobile } = customer;
  const place = (Type: string, ID: string, { street, city, state, postcode }: PracticeAddress) => ({
    ID,
    Line1: street,
    Line2: '',
    City: city,
    State: state,
    Postcode: postcode,
    Country: 'Australia',
    Type,
    DefaultForType: true,
  });
  return {
    ID: more.id,
    fields: {
      Name: customer.legalName,
      // In capitals, as the live API exports it.
      Status: customer.status === 'archived' ? 'DEPRECATED' : 'ACTIVE',
      Currency: 'AUD',
      PaymentTerm: `${terms.days} days${terms.endOfMonth ? ' EOM' : ''}`,
      AccountReceivable: '610',
      RevenueAccount: '200',
      TaxRule: taxRules[customer.taxTreatment],
      TaxNumber: customer.abn,
    },
    Addresses: [
      place('Billing', more.idOf('address'), customer),
      ...(deliveryAddress ? [place('Shipping', more.idOf('delivery address'), deliveryAddress)] : []),
    ],
    Contacts: [
      {
        ID: more.idOf('contact'),
        Name: 'Accounts',
        Phone: nationalPhone(customer.phone),
        MobilePhone: nationalPhone(mobile),
        Email: customer.email,
        Default: true,
        IncludeInEmail: true,
      },
    ],
    modifiedAt: more.at.toISOString(),
  };
}

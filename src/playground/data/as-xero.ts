import type { ContactSeed } from '../vendors/xero/state.ts';
import type { PracticeCustomer } from './customers.ts';
import { phoneParts } from './phones.ts';

/** A customer as a contact in Xero: the name on the ABN register, and the billing address as the postal one. */
export function asContact(
  customer: PracticeCustomer,
  more: { readonly id: string; readonly at: Date },
): ContactSeed {
  const { abn, terms } = customer;
  // A company's ABN holds its ACN; a customer without "Pty" in its name may be no company.
  const acn = /pty/i.test(customer.legalName) && abn.length === 11 ? { CompanyNumber: abn.slice(2) } : {};
  return {
    ContactID: more.id,
    ContactStatus: 'ACTIVE',
    texts: { Name: customer.legalName, EmailAddress: customer.email, TaxNumber: abn, ...acn },
    addresses: {
      POBOX: {
        AddressLine1: customer.street,
        City: customer.city,
        Region: customer.state,
        PostalCode: customer.postcode,
        Country: 'Australia',
      },
    },
    phones: { DEFAULT: phoneParts(customer.phone) },
    terms: {
      Sales: { Day: terms.days, Type: terms.endOfMonth ? 'DAYSAFTERBILLMONTH' : 'DAYSAFTERBILLDATE' },
    },
    updatedAt: more.at.toISOString(),
  };
}

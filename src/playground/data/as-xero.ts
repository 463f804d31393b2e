import type { ContactSeed } from '../vendors/xero/state.ts';
import type { PracticeCustomer } from './customers.ts';
import type { PracticeAddress } from './details.ts';
import { phoneParts } from './phones.ts';

/** The codes under which an Australian organisation has them from the start. */
export const taxTypes: Readonly<Record<PracticeCustomer['taxTreatment'], string>> = {
  gst: 'OUTPUT',
  gst_free: 'EXEMPTOUTPUT',
  export: 'EXEMPTEXPORT',
  input_taxed: 'INPUTTAXED',
  out_of_scope: 'BASEXCLUDED',
};

/** A customer as a contact in Xero: the name on the ABN register, the billing address as the postal one, goods to the street. */
export function asContact(
  customer: PracticeCustomer,
  more: { readonly id: string; readonly at: Date },
): ContactSeed {
  const { legalName, email, abn, acn, terms, deliveryAddress, mobile } = customer;
  return {
    ContactID: more.id,
    ContactStatus: customer.status === 'archived' ? 'ARCHIVED' : 'ACTIVE',
    texts: {
      Name: legalName,
      EmailAddress: email,
      TaxNumber: abn,
      CompanyNumber: acn,
      AccountsReceivableTaxType: taxTypes[customer.taxTreatment],
    },
    addresses: {
      POBOX: placeOf(customer),
      ...(deliveryAddress ? { STREET: placeOf(deliveryAddress) } : {}),
    },
    phones: {
      DEFAULT: phoneParts(customer.phone),
      ...(mobile === '' ? {} : { MOBILE: phoneParts(mobile) }),
    },
    terms: {
      Sales: { Day: terms.days, Type: terms.endOfMonth ? 'DAYSAFTERBILLMONTH' : 'DAYSAFTERBILLDATE' },
    },
    updatedAt: more.at.toISOString(),
  };
}

const placeOf = ({ street, city, state, postcode }: PracticeAddress) => ({
  AddressLine1: street,
  City: city,
  Region: state,
  PostalCode: postcode,
  Country: 'Australia',
});

import { person } from '../vendors/hubspot/card.ts';
import type { CompanySeed, Source } from '../vendors/hubspot/state.ts';
import { spacedAbn } from './business-numbers.ts';
import type { PracticeCustomer } from './customers.ts';
import { nationalPhone } from './phones.ts';

const spreadsheet: Source = {
  sourceType: 'IMPORT',
  sourceId: '20190314',
  sourceLabel: 'customers_FINAL_v3.xlsx',
};

/** A customer as a company in HubSpot: the name it trades under, the rest in custom properties. */
export function asCompany(
  customer: PracticeCustomer,
  more: { readonly number: number; readonly at: Date; readonly imported: string | null },
): CompanySeed {
  const { days, endOfMonth } = customer.terms;
  const at = more.at.toISOString();
  return {
    id: String(30_100_000_000 + more.number),
    createdAt: at,
    modifiedAt: at,
    source: more.imported === null ? person('Sam Okafor') : spreadsheet,
    properties: {
      name: customer.tradingName,
      legal_name: customer.legalName,
      abn: spacedAbn(customer.abn),
      billing_email: customer.email,
      phone: nationalPhone(customer.phone),
      address: customer.street,
      city: customer.city,
      state: customer.state,
      zip: customer.postcode,
      country: 'Australia',
      payment_terms: `${days} days${endOfMonth ? ' after end of month' : ''}`,
      ...(more.imported === null ? {} : { description: more.imported }),
    },
  };
}

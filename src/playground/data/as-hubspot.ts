import { person } from '../vendors/hubspot/card.ts';
import type { CompanySeed, Source } from '../vendors/hubspot/state.ts';
import { spacedAbn } from './business-numbers.ts';
import type { PracticeCustomer } from './customers.ts';
import type { PracticeAddress } from './details.ts';
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
  const { deliveryAddress, mobile } = customer;
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
      acn: customer.acn,
      phone: nationalPhone(customer.phone),
      mobile_phone: nationalPhone(mobile),
      ...place('', customer),
      ...(deliveryAddress ? place('delivery_', deliveryAddress) : {}),
      payment_terms: `${days} days${endOfMonth ? ' after end of month' : ''}`,
      tax_treatment: customer.taxTreatment,
      gst_registered: String(customer.gstRegistered),
      customer_status: customer.status,
      ...(more.imported === null ? {} : { description: more.imported }),
    },
  };
}

const place = (kind: string, { street, city, state, postcode }: PracticeAddress): Record<string, string> => ({
  [`${kind}address`]: street,
  [`${kind}city`]: city,
  [`${kind}state`]: state,
  [`${kind}zip`]: postcode,
  [`${kind}country`]: 'Australia',
});

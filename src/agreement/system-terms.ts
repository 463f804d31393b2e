import { isAbsolute, join } from 'node:path';
import type { BillingContact, SystemTerms } from './agreement.ts';
import type { WrittenConnection } from './schema.ts';

/** What `truce.yml` says of one system alone, under the agreement's names. `folder` is the folder of `truce.yml`. */
export function systemTerms(written: WrittenConnection, folder: string): SystemTerms {
  switch (written.system) {
    case 'hubspot': {
      const { system, sign_in, billing_contact, won_stages, won_since } = written;
      const won = { wonStages: won_stages, wonSince: won_since ?? null };
      return { system, signIn: sign_in, billingContact: billingContact(billing_contact), ...won };
    }
    case 'xero': {
      const { system, sign_in, organisation, tax_codes, new_invoices: made } = written;
      const newInvoices = made
        ? { status: made.status, account: made.account, dueDays: made.due_days }
        : null;
      return {
        ...{ system, signIn: sign_in, organisation: organisation ?? null, taxCodes: tax_codes },
        newInvoices,
      };
    }
    case 'cin7-core': {
      const made = written.new_customers;
      const goods = written.new_products;
      return {
        system: written.system,
        taxCodes: written.tax_codes,
        newCustomers: made
          ? {
              currency: made.currency,
              paymentTerm: made.payment_term,
              accountReceivable: made.account_receivable,
              revenueAccount: made.revenue_account,
              taxRule: made.tax_rule,
            }
          : null,
        newProducts: goods
          ? {
              category: goods.category,
              unit: goods.unit,
              costingMethod: goods.costing_method,
              type: goods.type,
            }
          : null,
        postsInvoicesTo: written.posts_invoices_to ?? null,
      };
    }
    case 'postgresql': {
      const { system, table, key, columns, changes, marker } = written;
      return {
        system,
        table,
        key,
        columns,
        changes: changes === 'trigger' ? { kind: 'trigger' } : { kind: 'column', column: changes.column },
        marker: marker ?? null,
      };
    }
    case 'csv': {
      const { system, file, key, columns } = written;
      return { system, file: isAbsolute(file) ? file : join(folder, file), key, columns };
    }
  }
}

function billingContact(written: 'property' | 'only' | { readonly label: string }): BillingContact {
  return typeof written === 'string' ? { kind: written } : { kind: 'label', label: written.label };
}

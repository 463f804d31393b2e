import { expect, test } from 'vitest';
import { createXero } from '#src/connectors/xero/index.ts';
import { missingScopes } from '#src/connectors/xero/scopes.ts';
import { openXero } from '../../contract/xero.ts';
import { call, memoryBudgets, memoryLog, memoryTokens, terms } from '../kit.ts';

const newInvoices = { status: 'draft', account: '200', dueDays: 30 } as const;

async function opened(more: object) {
  const { vendor, clock } = await openXero();
  const { XERO_CLIENT_ID: client_id, XERO_CLIENT_SECRET: client_secret } = vendor.env;
  const credentials: Record<string, string | undefined> = { client_id, client_secret };
  const connection = createXero({
    terms: terms('xero', { baseUrl: vendor.baseUrl, authUrl: vendor.authUrl, ...more }),
    credential: (name) => credentials[name] ?? '',
    http: { log: memoryLog(), budgets: memoryBudgets() },
    tokens: memoryTokens(),
    clock,
  });
  return { connection, vendor };
}

const problemsWith = async (more: object, entities: readonly string[]) =>
  (await (await opened(more)).connection.account(entities, call)).problems;

test('the account of new invoices has to be one that sales are booked to', async () => {
  const problems = (account: string, entities = ['invoice']) =>
    problemsWith({ newInvoices: { ...newInvoices, account } }, entities);
  expect(await problems('200')).toEqual([]);
  expect(await problems('999')).toEqual([
    "new_invoices says account: '999'. Xero has no such account. It has 200 (Sales), 260 (Other Revenue).",
  ]);
  expect(await problems('310')).toEqual([
    "new_invoices says account: '310'. Xero books no sales to that account any more, or never did. It has 200 (Sales), 260 (Other Revenue).",
  ]);
  expect(await problems('999', ['customer', 'payment'])).toEqual([]);
});

test('a period that is locked is no problem: every company has one, and it is told as it is', async () => {
  const { connection, vendor } = await opened({ newInvoices });
  expect(await connection.account(['invoice'], call)).not.toHaveProperty('notes');
  vendor.invoices.lock({ period: '2026-09-30', year: '2026-06-30' });
  const report = await connection.account(['invoice'], call);
  expect(report).toMatchObject({ problems: [], notes: ['Its books are closed up to 30 Sep 2026.'] });
  expect(await connection.account(['customer'], call)).not.toHaveProperty('notes');
});

test('asks for what the records that are kept in step need, and no more', () => {
  const all = [
    'accounting.contacts',
    'accounting.settings',
    'accounting.invoices',
    'accounting.payments.read',
  ];
  expect(missingScopes(all, ['customer', 'product', 'invoice', 'payment'])).toEqual([]);
  expect(missingScopes([], ['customer'])).toEqual(['accounting.contacts', 'accounting.settings.read']);
  expect(missingScopes([], ['product'])).toEqual(['accounting.settings']);
  expect(missingScopes([], ['payment'])).toEqual([
    'accounting.invoices.read',
    'accounting.payments.read',
    'accounting.settings.read',
  ]);
  expect(missingScopes([], ['invoice', 'payment'])).toEqual([
    'accounting.invoices',
    'accounting.payments.read',
    'accounting.settings.read',
  ]);
  const old = ['accounting.contacts', 'accounting.settings.read'];
  expect(missingScopes(old, ['customer'])).toEqual([]);
  expect(missingScopes(old, ['customer', 'product'])).toEqual(['accounting.settings']);
});

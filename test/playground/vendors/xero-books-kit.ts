import { onTestFinished } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { ask, noon, type Reply } from './kit.ts';

/** The practice Xero with the practice company's books, signed in to as a Custom Connection. */
export async function books(now = noon) {
  const clock = manualClock(now);
  const store = openStore(':memory:');
  const contacts = seed(noon).xero;
  const vendor = await startXero({ store, clock, seed: contacts, books: xeroBooks(contacts, noon) });
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const basic = Buffer.from(`${vendor.env.XERO_CLIENT_ID}:${vendor.env.XERO_CLIENT_SECRET}`).toString(
    'base64',
  );
  const token = await ask(`${vendor.authUrl}/connect/token`, {
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const authorization = `Bearer ${token.json.access_token}`;
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(vendor.baseUrl + path, {
      method,
      headers: { authorization, accept: 'application/json', ...headers },
      body,
    });
  const get = (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers);
  const [bellbird, other] = vendor.cards();
  const contact = { ContactID: bellbird?.externalId ?? '' };
  const line = (more: object = {}) => ({
    Description: 'Work',
    Quantity: 1,
    UnitAmount: 100,
    AccountCode: '200',
    ...more,
  });
  /** Makes an invoice through the API; returns it. */
  const make = async (more: object = {}) => {
    const element = { Type: 'ACCREC', Contact: contact, LineItems: [line()], DueDate: '2026-12-21', ...more };
    const reply = await send('PUT', '/Invoices?unitdp=4', { Invoices: [element] });
    return reply.json.Invoices[0];
  };
  const read = async (id: string) => (await get(`/Invoices/${id}?unitdp=4`)).json.Invoices[0];
  return {
    vendor,
    clock,
    store,
    send,
    get,
    make,
    read,
    line,
    contact,
    other: { ContactID: other?.externalId ?? '' },
  };
}

export const messagesOf = ({ json }: Reply): string[] =>
  (json.Elements ?? json.Invoices ?? json.Items ?? json.Payments ?? json.Allocations ?? []).flatMap(
    (element: { ValidationErrors?: { Message: string }[] }) =>
      (element.ValidationErrors ?? []).map(({ Message }) => Message),
  );

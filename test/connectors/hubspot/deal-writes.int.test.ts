import { expect, test } from 'vitest';
import { oneOf } from '#test/support/connections.ts';
import { call, type practiceAccount, write } from './practice-account.ts';
import { sales, seen } from './sales-account.ts';

type World = Awaited<ReturnType<typeof practiceAccount>>;

test('what Xero says of the invoice is written into the deal, and read back to the cent and the day', async () => {
  const world = await sales();
  const id = world.deal();
  const fields = {
    number: 'INV-2041',
    issued_on: '2026-06-30',
    due_on: '2026-07-30',
    total: { minor: 123_450, currency: 'AUD' },
    tax: { minor: 11_223, currency: 'AUD' },
    amount_due: { minor: 0, currency: 'AUD' },
    invoice_status: 'authorised',
    invoice_link: 'https://go.xero.com/app/!abc/invoicing/view/1',
  };
  expect(await world.invoices.write([write(id, fields)], call)).toMatchObject([{ kind: 'saved' }]);
  const after = await seen(world, id);
  for (const [field, value] of Object.entries(fields))
    expect([field, after.fields[field]]).toEqual([field, { state: 'value', value }]);
  const { properties } = (await fetched(world, id)) as { properties: Record<string, string> };
  expect(properties).toMatchObject({
    truce_invoice_total: '1234.50',
    truce_invoice_amount_due: '0.00',
    truce_invoice_due_on: '2026-07-30',
  });
});

async function fetched({ vendor }: World, id: string) {
  const names = 'truce_invoice_total,truce_invoice_amount_due,truce_invoice_due_on';
  const response = await fetch(`${vendor.baseUrl}/crm/objects/2026-09/deals/${id}?properties=${names}`, {
    headers: { authorization: `Bearer ${vendor.env.HUBSPOT_TOKEN}` },
  });
  return response.json();
}

test('nothing is ever written over what a salesperson wrote, and no deal is made', async () => {
  const world = await sales();
  const id = world.deal();
  const line = world.line(id, { hs_product_id: world.decking, quantity: '1' });
  const before = await seen(world, id);
  for (const field of ['reference', 'lines', 'source', 'deal_link']) {
    const [outcome] = await world.invoices.write([write(id, { [field]: 'x', number: 'INV-1' })], call);
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: `Truce never changes the ${field} of a deal in HubSpot`,
    });
  }
  expect(await seen(world, id)).toEqual(before);
  expect(world.crm.line_items.get(line)?.history.quantity).toHaveLength(1);
  const one = { key: 'k', changeId: 'tr-1', marker: 'm', fields: { number: 'INV-1' } };
  expect(await world.invoices.create([one], call)).toMatchObject([{ kind: 'refused', taken: false }]);
  expect(await world.invoices.findMade([one], call)).toEqual(new Map());
});

test('an amount in another currency than the deal is refused, the others are saved', async () => {
  const world = await sales();
  const [aud, nzd] = [world.deal(), world.deal({ deal_currency_code: 'NZD' })];
  const total = (currency: string) => ({ total: { minor: 100, currency } });
  const outcomes = await world.invoices.write(
    [write(aud, total('NZD'), 'a'), write(nzd, total('NZD'), 'b'), write(aud, total('AUD'), 'c')],
    call,
  );
  expect(
    Object.fromEntries(outcomes.map((one) => [one.key, 'reason' in one ? one.reason : one.kind])),
  ).toEqual({
    a: 'the amounts are in NZD, and this deal is in AUD',
    b: 'saved',
    c: 'saved',
  });
  expect((await seen(world, nzd)).fields.total).toEqual({
    state: 'value',
    value: { minor: 100, currency: 'NZD' },
  });
});

test('payments are those of deals with a number, and are written beside the invoice', async () => {
  const world = await sales();
  const payments = oneOf(world.connection, 'payment');
  const id = world.deal({ truce_invoice_number: 'INV-9' });
  world.deal();
  world.clock.advance(2_000);
  const listed: string[] = [];
  for await (const page of payments.changed(null, world.clock.now(), call))
    for (const one of page) if (one.kind === 'read') listed.push(one.observation.externalId);
  expect(listed).toEqual([id]);
  const fields = {
    payment_status: 'part_paid',
    amount_paid: { minor: 5_000, currency: 'AUD' },
    amount_credited: { minor: 1_100, currency: 'AUD' },
    paid_on: '2026-07-01',
    credit_notes: 'CN-0012 $11.00',
  };
  expect(await payments.write([write(id, fields)], call)).toMatchObject([{ kind: 'saved' }]);
  const [read] = await payments.read([id], call);
  expect(read).toMatchObject({
    kind: 'read',
    observation: {
      role: 'deal_payment',
      fields: {
        number: { state: 'value', value: 'INV-9' },
        ...Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name, { state: 'value', value }]),
        ),
      },
    },
  });
  const [number] = await payments.write([write(id, { number: 'INV-10' })], call);
  expect(number).toMatchObject({ kind: 'refused' });
});

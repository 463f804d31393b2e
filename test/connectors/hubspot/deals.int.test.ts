import { expect, test } from 'vitest';
import { alteringProxy } from '#test/support/altering-proxy.ts';
import { oneOf } from '#test/support/connections.ts';
import { call, practiceAccount, sam } from './practice-account.ts';
import { item, linesIn, sales, seen } from './sales-account.ts';

test('a won deal is an invoice: its lines in order, with the GST code of each product, its customer and products', async () => {
  const world = await sales();
  const id = world.deal();
  world.line(id, { hs_product_id: world.beans, quantity: '3', hs_position_on_quote: '1' });
  world.line(id, {
    hs_product_id: world.decking,
    quantity: '12.50',
    discount: '1.45',
    hs_discount_percentage: '5',
    hs_position_on_quote: '0',
  });
  world.line(id, { name: 'Gate made to measure', price: '640', quantity: '1', hs_position_on_quote: '2' });
  const { fields, needs, role, url, editors, drift } = await seen(world, id);
  expect(await linesIn(world, id)).toEqual({
    currency: 'AUD',
    prices: 'exclusive',
    lines: [
      {
        sku: 'DK-1',
        description: 'Merbau decking',
        quantity: '12.5',
        unit_price: '10',
        discount: '5',
        tax: 'gst',
      },
      { sku: 'CF-1', description: 'Beans', quantity: '3', unit_price: '34', discount: '0', tax: 'gst_free' },
      // Without a product nobody can say which GST applies.
      {
        sku: null,
        description: 'Gate made to measure',
        quantity: '1',
        unit_price: '640',
        discount: '0',
        tax: null,
      },
    ],
  });
  expect(fields).toMatchObject({
    source: { state: 'value', value: id },
    reference: { state: 'value', value: 'Deck' },
    number: { state: 'blank' },
    total: { state: 'blank' },
    deal_link: { state: 'value', value: expect.stringContaining(`/record/0-3/${id}`) },
  });
  expect(needs).toEqual([
    { entity: 'customer', externalId: '901' },
    { entity: 'product', externalId: world.decking },
    { entity: 'product', externalId: world.beans },
  ]);
  expect([role, url, drift]).toEqual(['deal', expect.stringMatching(/^https:/), []]);
  expect(editors.lines?.by).toBe('Sam Okafor');
});

test('a product that is sold no more is on its line, and nobody waits for it', async () => {
  const world = await sales();
  const id = world.deal();
  world.line(id, { name: 'Beans', hs_product_id: world.beans, quantity: '3', price: '34' });
  world.line(id, { name: 'Merbau', hs_product_id: world.decking, quantity: '1', price: '10' });
  world.crm.products.update(world.beans, { truce_status: 'archived' }, sam);
  world.crm.products.archive(world.decking, sam);
  expect((await seen(world, id)).needs).toEqual([{ entity: 'customer', externalId: '901' }]);
  expect(await linesIn(world, id)).toMatchObject({ lines: [{ sku: 'CF-1' }, { sku: 'DK-1' }] });
});

test('its customer is its primary company; with several and none primary nobody can say', async () => {
  const world = await sales();
  const { crm } = world;
  const id = world.deal({}, ['901', '902']);
  expect((await seen(world, id)).needs).toEqual([{ entity: 'customer', externalId: '901' }]);
  const primary = crm.associations.kinds('companies', 'deals').filter(({ label }) => label === 'Primary');
  crm.associations.add({ deals: id, companies: '902' }, primary, sam);
  expect((await seen(world, id)).needs).toEqual([{ entity: 'customer', externalId: '902' }]);
  crm.associations.remove({ deals: id, companies: '902' }, primary, sam);
  expect(await item(world, id)).toMatchObject({
    kind: 'malformed',
    reason: 'it belongs to several companies, and none of them is its primary one',
  });
  const nobodys = world.deal({}, []);
  expect((await seen(world, nobodys)).needs).toEqual([]);
});

test('a line that cannot be trusted sets its deal aside, with the reason, and no other deal', async () => {
  const world = await sales();
  const wrong = (properties: Record<string, string>) => {
    const id = world.deal();
    world.line(id, { name: 'Gate', price: '100', quantity: '2', ...properties });
    return id;
  };
  const good = wrong({});
  const reason = async (id: string) => {
    const found = await item(world, id);
    return found.kind === 'malformed' ? found.reason : found.kind;
  };
  expect(await reason(wrong({ recurringbillingfrequency: 'monthly' }))).toContain('“Gate” recurs (monthly)');
  expect(await reason(wrong({ hs_line_item_currency_code: 'NZD' }))).toBe(
    'its line “Gate” is in NZD, and the deal in AUD',
  );
  const broken = wrong({ name: 'Roof' });
  const [brokenLine] = world.crm.associations.of('deals', broken, 'line_items');
  world.vendor.setFault({ kind: 'malformed_record', externalId: brokenLine?.id ?? '' });
  expect(await reason(broken)).toContain(`its line ${brokenLine?.id} cannot be read`);
  world.vendor.setFault(null);
  expect(await reason(good)).toBe('read');
  // What has no number is said by the invoice's own rules, with the line.
  const withoutQuantity = wrong({ quantity: '' });
  expect(await linesIn(world, withoutQuantity)).toMatchObject({
    lines: [{ quantity: '', unit_price: '100' }],
  });
});

test('a changed line, a won deal and one that is won no longer are all found; an open deal is nobody’s', async () => {
  const world = await sales();
  const { crm, clock } = world;
  const won = world.deal({ truce_invoice_number: 'INV-0' });
  const open = world.deal({ dealstage: 'contractsent' });
  const line = world.line(won, { hs_product_id: world.decking, quantity: '1' });
  expect(await world.changed(null)).toEqual([won]);
  clock.advance(60_000);
  let since = clock.now();
  const step = async () => {
    const found = await world.changed(since);
    clock.advance(60_000);
    since = clock.now();
    return found;
  };
  expect(await step()).toEqual([]);
  crm.line_items.update(line, { quantity: '2' }, sam);
  expect(await step()).toEqual([won]);
  crm.deals.update(open, { dealstage: 'closedwon' }, sam);
  expect(await step()).toEqual([open]);
  crm.deals.update(open, { dealstage: 'contractsent' }, sam);
  expect(await step()).toEqual([`${open} archived`]);
  // With an invoice of its own it stays one, whatever becomes of the stage.
  crm.deals.update(open, { truce_invoice_number: 'INV-1' }, sam);
  expect(await step()).toEqual([open]);
  expect(await world.changed(null)).toEqual([won, open].sort());
  crm.deals.archive(won, sam);
  expect(await seen(world, won)).toMatchObject({ archived: true, fields: { lines: { state: 'not_read' } } });
});

test('a deal tells its stage and its amount beside its fields, also when it has an invoice and is lost', async () => {
  const world = await sales();
  const id = world.deal({ amount: '10000' });
  const facts = async () => (await seen(world, id)).facts;
  const won = { state: 'value', value: true };
  expect(await facts()).toEqual({
    deal_is_won: won,
    deal_amount: { state: 'value', value: { minor: 1_000_000, currency: 'AUD' } },
  });
  world.crm.deals.update(id, { truce_invoice_number: 'INV-1', amount: '' }, sam);
  expect(await facts()).toEqual({ deal_is_won: won, deal_amount: { state: 'blank' } });
  world.crm.deals.update(id, { dealstage: 'closedlost' }, sam);
  expect(await seen(world, id)).toMatchObject({
    archived: false,
    facts: { deal_is_won: { state: 'value', value: false } },
  });
});

test('a deal that waits for its invoice is read in every run: what it waits for may come to something else', async () => {
  const world = await sales();
  const { crm, clock } = world;
  const tea = crm.products.create({ name: 'Tea', hs_sku: 'CF-2', price: '58' }, sam).id;
  const id = world.deal();
  world.line(id, { hs_product_id: tea, quantity: '1' });
  clock.advance(60_000);
  expect(await linesIn(world, id)).toMatchObject({ lines: [{ tax: null }] });
  crm.products.update(tea, { truce_tax_treatment: 'gst_free' }, sam);
  expect(await world.changed(clock.now())).toEqual([id]);
  expect(await linesIn(world, id)).toMatchObject({ lines: [{ tax: 'gst_free' }] });
  crm.deals.update(id, { truce_invoice_number: 'INV-7' }, sam);
  clock.advance(60_000);
  expect(await world.changed(clock.now())).toEqual([]);
  const old = world.deal();
  clock.advance(15 * 86_400_000);
  expect(await world.changed(clock.now())).toEqual([]);
  expect(await world.changed(null)).toEqual([id, old].sort());
});

test('won is what the agreement says', async () => {
  const world = await sales({ wonStages: ['contractsent'] });
  const won = world.deal({ dealstage: 'contractsent' });
  world.deal({ dealstage: 'closedwon' });
  expect(await world.changed(null)).toEqual([won]);
  expect((await world.connection.account(['invoice'], call)).problems).toEqual([]);
  const unknown = await sales({ wonStages: ['won'] });
  const [problem, ...others] = (await unknown.connection.account(['invoice'], call)).problems;
  expect([problem, others]).toEqual([
    expect.stringMatching(/no stage won for deals, which won_stages names.*closedwon \(Closed won\)/),
    [],
  ]);
});

test('a product that is sold no more keeps its code on the line, and is not waited for', async () => {
  const world = await sales();
  const id = world.deal();
  world.line(id, { hs_product_id: world.beans, quantity: '1' });
  world.crm.products.archive(world.beans, sam);
  expect(await linesIn(world, id)).toMatchObject({ lines: [{ sku: 'CF-1', tax: 'gst_free' }] });
  expect((await seen(world, id)).needs).toEqual([{ entity: 'customer', externalId: '901' }]);
});

test('where the account lacks our properties nothing is guessed: deals are listed by stage, codes are not read', async () => {
  const world = await sales({ installed: false });
  world.crm.deals.create({ dealname: 'Open', dealstage: 'contractsent' }, sam);
  const id = world.crm.deals.create({ dealname: 'Deck', dealstage: 'closedwon' }, sam).id;
  world.line(id, { name: 'Decking', hs_product_id: world.decking, quantity: '1', price: '2' });
  expect(await world.changed(null)).toEqual([id]);
  const { fields, drift } = await seen(world, id);
  expect([fields.number, fields.lines]).toEqual([{ state: 'not_read' }, { state: 'not_read' }]);
  expect(drift.map(({ expected }) => expected)).toContain('truce_tax_treatment');
  const report = await world.connection.account(['invoice', 'payment', 'product'], call);
  expect(report.steps.map(({ id: step, label }) => [step, label])).toEqual([
    ['deal_properties', 'Create 8 properties on deals, in the group “Truce”'],
    ['payment_properties', 'Create 6 properties on deals, in the group “Truce”'],
    ['product_properties', 'Create 4 properties on products, in the group “Truce”'],
  ]);
  for (const { id: step } of report.steps) await world.connection.setUp(step, call);
  expect((await world.connection.account(['invoice', 'payment', 'product'], call)).steps).toEqual([]);
  expect((await seen(world, id)).drift).toEqual([]);
});

test('only what the entities need is asked of the account', async () => {
  const { connection } = await practiceAccount({
    scopes: ['crm.objects.products.read', 'crm.objects.products.write', 'crm.schemas.products.read'],
  });
  const missing = async (...entities: string[]) => (await connection.account(entities, call)).missingScopes;
  expect(await missing('product', 'stock_level')).toEqual([]);
  expect(await missing('payment')).toEqual([
    'crm.objects.deals.read',
    'crm.objects.deals.write',
    'crm.schemas.deals.read',
    'crm.schemas.deals.write',
  ]);
  expect(await missing('invoice')).toContain('crm.objects.line_items.read');
});

test('a deal that comes without its page has the one that the account tells', async () => {
  const world = await sales();
  const id = world.deal();
  const proxy = await alteringProxy(() => world.vendor.baseUrl);
  let left = 0;
  proxy.alter = (body) =>
    JSON.parse(JSON.stringify(body, (key, value) => (key === 'url' && ++left ? undefined : value)));
  const invoices = oneOf(world.connectionTo(proxy.url), 'invoice');
  const [read] = await invoices.read([id], call);
  const page = `https://app-ap1.hubspot.com/contacts/44000001/record/0-3/${id}`;
  expect(read).toMatchObject({
    observation: { url: page, fields: { deal_link: { state: 'value', value: page } } },
  });
  expect(left).toBeGreaterThan(0);
});

test('a line in a webhook leads to its deal', async () => {
  const world = await sales();
  const id = world.deal();
  const line = world.line(id, { hs_product_id: world.decking, quantity: '1' });
  expect(await world.invoices.resolve?.([`line_item:${line}`, 'line_item:7', '55'], call)).toEqual([
    '55',
    id,
  ]);
});

import { linesOf } from '#src/entities/invoice-lines.ts';
import { oneOf } from '#test/support/connections.ts';
import { call, practiceAccount, sam } from './practice-account.ts';

type World = Awaited<ReturnType<typeof practiceAccount>>;

/** An account with two products, and deals of Acme. */
export async function sales(options: Parameters<typeof practiceAccount>[0] = {}) {
  const world = await practiceAccount(options);
  const { crm, clock } = world;
  const decking = crm.products.create(
    { name: 'Merbau decking', hs_sku: 'DK-1', price: '11.45', truce_tax_treatment: 'gst' },
    sam,
  ).id;
  const beans = crm.products.create(
    { name: 'Beans', hs_sku: 'CF-1', price: '34', truce_tax_treatment: 'gst_free' },
    sam,
  ).id;
  const deal = (properties: Record<string, string> = {}, companies: readonly string[] = ['901']) => {
    const { id } = crm.deals.create({ dealname: 'Deck', dealstage: 'closedwon', ...properties }, sam);
    for (const company of companies) crm.associations.add({ deals: id, companies: company }, [], sam);
    return id;
  };
  const line = (dealId: string, properties: Record<string, string>) => {
    const { id } = crm.line_items.create(properties, sam);
    crm.associations.add({ deals: dealId, line_items: id }, [], sam);
    return id;
  };
  const invoices = oneOf(world.connection, 'invoice');
  const changed = async (since: Date | null) => {
    clock.advance(2_000);
    const found: string[] = [];
    for await (const page of invoices.changed(since, clock.now(), call))
      for (const item of page)
        if (item.kind === 'read' && !item.observation.archived) found.push(item.observation.externalId);
        else found.push(`${item.kind === 'read' ? `${item.observation.externalId} archived` : item.kind}`);
    return found.sort();
  };
  return { ...world, decking, beans, deal, line, invoices, changed };
}

export const item = async ({ invoices }: { invoices: World['connector'] }, id: string) => {
  const [found] = await invoices.read([id], call);
  if (!found) throw new Error('no item');
  return found;
};
export const seen = async (world: { invoices: World['connector'] }, id: string) => {
  const found = await item(world, id);
  if (found.kind !== 'read') throw new Error(`expected ${id} to be read, not ${JSON.stringify(found)}`);
  return found.observation;
};
export const linesIn = async (world: { invoices: World['connector'] }, id: string) => {
  const { lines } = (await seen(world, id)).fields;
  return lines?.state === 'value' ? linesOf(lines.value) : lines;
};

import { cents, type Deal, dealIn, dealsIn, dueOf } from './deals.ts';
import { noteWrite } from './note-write.ts';
import type { SalesWorld } from './world.ts';

/** What HubSpot reckons by itself. */
const reckoned = ['hs_is_closed_won', 'hs_lastmodifieddate'];

/** Looks at everything that becomes of deals: Truce writes its own properties alone, and what it says of an invoice was once so. */
export function watchDeals(world: SalesWorld): void {
  const { vendors } = world.house;
  const held = new Map<string, Deal['held']>();
  vendors.hubspot.onChange((id) => {
    noteTotals(world);
    const deal = dealIn(vendors, id);
    if (!deal) {
      if (vendors.hubspot.card(id)?.externalId === id)
        world.hints.push({ connection: 'hubspot', entity: 'customer', id });
      return;
    }
    const before = held.get(id) ?? {};
    held.set(id, deal.held);
    for (const entity of ['invoice', 'payment']) world.hints.push({ connection: 'hubspot', entity, id });
    if (world.isByHand) return;
    const names = Object.keys(deal.held).filter((name) => (before[name] ?? '') !== (deal.held[name] ?? ''));
    const differ = names.filter((name) => !reckoned.includes(name));
    if (differ.length === 0) return;
    noteWrite(
      world,
      `hubspot deal ${id}`,
      differ.map((name) => `${name}=${deal.held[name]}`),
      false,
    );
    const strange = differ.filter((name) => !name.startsWith('truce_'));
    if (strange.length > 0)
      world.wrong('more of a deal was written than is Truce’s', `${id}: ${strange.join()}`);
    for (const name of differ) judge(world, deal, name);
  });
}

/** What the deals' lines come to now: whatever Xero is given was once so. */
export function noteTotals({ house, said }: SalesWorld): void {
  for (const deal of dealsIn(house.vendors)) {
    const due = dueOf(deal);
    if (due) said.was(`due ${deal.id}`, `${due.total} ${due.tax}`);
  }
}

/** Xero's word for each, as the deal has it. */
export const ofInvoice = {
  truce_invoice_number: 'number',
  truce_invoice_status: 'status',
  truce_invoice_issued_on: 'date',
  truce_invoice_due_on: 'due',
  truce_invoice_total: 'total',
  truce_invoice_tax: 'tax',
  truce_invoice_amount_due: 'owed',
  truce_amount_paid: 'paid',
  truce_amount_credited: 'credited',
} as const;
export type OfInvoice = keyof typeof ofInvoice;

/** A deal's property in the model's form. */
export function saidOn({ held }: Deal, name: OfInvoice): string {
  const text = held[name] ?? '';
  const what = ofInvoice[name];
  if (what === 'status') return text.toUpperCase();
  const isSum = ['total', 'tax', 'owed', 'paid', 'credited'].includes(what);
  return isSum && text !== '' ? String(cents(text)) : text;
}

function judge(world: SalesWorld, deal: Deal, name: string): void {
  if (!(name in ofInvoice)) return;
  const value = saidOn(deal, name as OfInvoice);
  if (!world.said.everWas(`invoice of ${deal.id} ${ofInvoice[name as OfInvoice]}`, value))
    world.wrong('a deal says of its invoice what never was so', `${deal.id} ${name}: “${value}”`);
}

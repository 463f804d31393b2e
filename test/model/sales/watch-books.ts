import { dealsIn } from './deals.ts';
import { type Invoice, invoicesIn, isDraft, isLive, isOf } from './invoices.ts';
import { noteWrite } from './note-write.ts';
import { ofInvoice } from './watch-deals.ts';
import type { SalesWorld } from './world.ts';

/** Looks at everything that becomes of invoices: none is doubled, none that is issued, paid, voided or locked is touched. */
export function watchBooks(world: SalesWorld): void {
  const { vendors } = world.house;
  const known = new Map<string, Invoice>();
  vendors.xero.onChange((id) => {
    if (vendors.xero.card(id)) world.hints.push({ connection: 'xero', entity: 'customer', id });
    for (const invoice of invoicesIn(vendors)) {
      const before = known.get(invoice.id) ?? null;
      const differ = before === null ? Object.keys(invoice) : changed(before, invoice);
      if (differ.length === 0) continue;
      known.set(invoice.id, invoice);
      noteStanding(world, invoice);
      for (const entity of ['invoice', 'payment'])
        world.hints.push({ connection: 'xero', entity, id: invoice.id });
      if (world.isByHand) continue;
      const what = differ.map((key) => `${key}=${invoice[key as keyof Invoice]}`);
      noteWrite(world, `xero invoice ${invoice.number}`, what, before === null);
      if (before) judgeChange(world, before, invoice, differ);
      else judgeNew(world, invoice);
      judgeSums(world, invoice);
    }
  });
}

const changed = (before: Invoice, now: Invoice): string[] =>
  (Object.keys(now) as (keyof Invoice)[]).filter((key) => String(before[key]) !== String(now[key]));

function noteStanding({ house, said }: SalesWorld, invoice: Invoice): void {
  for (const { id } of dealsIn(house.vendors).filter((deal) => isOf(invoice, deal.id)))
    for (const key of Object.values(ofInvoice)) said.was(`invoice of ${id} ${key}`, String(invoice[key]));
}

function judgeNew({ house, wrong }: SalesWorld, invoice: Invoice): void {
  const { vendors } = house;
  const [deal] = dealsIn(vendors).filter((one) => isOf(invoice, one.id));
  if (!deal) {
    wrong('an invoice was made of no deal', `${invoice.number} ${invoice.url}`);
    return;
  }
  const others = invoicesIn(vendors).filter(
    (one) => one.id !== invoice.id && isLive(one) && isOf(one, deal.id),
  );
  if (others.length > 0)
    wrong('an invoice was doubled', `${invoice.number} beside ${others.map(({ number }) => number).join()}`);
  const company = vendors.hubspot.card(deal.companyId ?? '');
  const contact = vendors.xero.cards().find(({ title }) => title === invoice.to);
  if (digits(company?.abn) !== digits(contact?.abn))
    wrong('an invoice went to somebody else', `${invoice.number} of ${deal.id}: ${invoice.to}`);
}

const digits = (text = '') => text.replace(/\D/g, '');

/** All that Truce may change of an invoice that nobody has approved. */
const ownKeys = ['lines', 'reference', 'url', 'total', 'tax', 'owed'];

function judgeChange(
  world: SalesWorld,
  before: Invoice,
  { number }: Invoice,
  differ: readonly string[],
): void {
  const { lockedUntil, wrong } = world;
  const what = `${number} (${before.status}): ${differ.join(', ')}`;
  if (!isDraft(before)) wrong('an issued invoice was changed', what);
  if (lockedUntil !== null && before.date <= lockedUntil)
    wrong('an invoice of a locked period was changed', what);
  // Somebody handed it in after the last look at it: Xero takes both states for the same.
  const wasHandedIn = before.status === 'SUBMITTED' && differ.includes('status');
  if (wasHandedIn) world.counted.unseen += 1;
  const strange = differ.filter((key) => !ownKeys.includes(key) && !(wasHandedIn && key === 'status'));
  if (strange.length > 0) wrong('more of an invoice was changed than is the deal’s', what);
}

/** To the cent, as the deal's lines came to at some moment. */
function judgeSums({ house, said, wrong }: SalesWorld, invoice: Invoice): void {
  const [deal] = dealsIn(house.vendors).filter((one) => isOf(invoice, one.id));
  if (deal && !said.everWas(`due ${deal.id}`, `${invoice.total} ${invoice.tax}`))
    wrong(
      'an invoice comes to what its deal never came to',
      `${invoice.number}: ${invoice.total}, ${invoice.tax}`,
    );
}

import { openChanges } from '../ledger.ts';
import { ledgerIsTidy, storiesAreWhole, type Waiting } from '../verdict.ts';
import { type Deal, dealsIn, dueOf } from './deals.ts';
import { productsIn } from './goods.ts';
import { type Invoice, invoicesIn, isDraft, isLive, isOf } from './invoices.ts';
import { productsAgree, stockIsRight } from './verdict-goods.ts';
import { type OfInvoice, ofInvoice, saidOn } from './watch-deals.ts';
import type { SalesWorld } from './world.ts';

/** Everything that has to be true once nothing happens any more. */
export async function examineRest(world: SalesWorld): Promise<void> {
  await world.look();
  const waiting = await openChanges(world.house.db);
  for (const deal of dealsIn(world.house.vendors)) examineDeal(world, deal, waiting);
  productsAgree(world, waiting);
  stockIsRight(world, waiting);
  await ledgerIsTidy(
    world,
    (change) => mayWait(world, change),
    // What a deal says later waits until its invoice can be written again.
    ({ flow, hold, state }) => flow === 'invoices' && (hold === 'locked' || state === 'failed'),
  );
  await storiesAreWhole(world);
}

/** A deal that is won has its one invoice, or waits for something that is named; it says of it what Xero says. */
function examineDeal(world: SalesWorld, deal: Deal, waiting: readonly Waiting[]): void {
  const { vendors } = world.house;
  const ofIt = invoicesIn(vendors).filter((invoice) => isOf(invoice, deal.id));
  const live = ofIt.filter(isLive);
  if (live.length > 1)
    world.wrong('a deal has two invoices', `${deal.id}: ${live.map(({ number }) => number).join()}`);
  if (!deal.isWon) return;
  const [invoice = ofIt.at(-1)] = live;
  if (invoice) agreesWith(world, deal, invoice, waiting);
  else waitsWithReason(world, deal, waiting);
}

function waitsWithReason(world: SalesWorld, deal: Deal, waiting: readonly Waiting[]): void {
  const reasons = waitsOf(world, deal, waiting);
  const lacks = lackOf(world, deal);
  if (lacks === null) world.wrong('a deal that is won has no invoice', `${deal.id}, waits: ${told(reasons)}`);
  else if (!reasons.some(({ hold, holdDetail }) => hold !== null || holdDetail))
    world.wrong('a deal without an invoice waits for nothing that is named', `${deal.id} lacks ${lacks}`);
}

const told = (changes: readonly Waiting[]) =>
  changes.map(({ flow, state, hold, holdDetail }) => `${flow} ${state} ${hold}: ${holdDetail}`).join('; ') ||
  'nothing';

const waitsOf = ({ groups }: SalesWorld, deal: Deal, waiting: readonly Waiting[]): Waiting[] => {
  const places = groups.all.filter((group) =>
    group.places.some(({ system, id }) => system === 'hubspot' && id === deal.id),
  );
  return waiting.filter(
    ({ flow, recordId, subject }) =>
      flow === 'invoices' &&
      (places.some((group) => group.recordId === recordId) || subject.includes(deal.id)),
  );
};

/** Why nobody could make an invoice of it; null where everything is there. By the systems themselves. */
function lackOf(world: SalesWorld, deal: Deal): string | null {
  const { vendors } = world.house;
  const company = vendors.hubspot.card(deal.companyId ?? '');
  if (!company) return 'a company';
  const abn = company.abn.replace(/\D/g, '');
  const inXero = vendors.xero.cards().some((card) => abn !== '' && card.abn.replace(/\D/g, '') === abn);
  if (!inXero) return 'a customer in Xero';
  if (dueOf(deal) === null) return 'a line that can be reckoned';
  const inHubSpot = productsIn(vendors, 'hubspot');
  const items = new Set(productsIn(vendors, 'xero').map(({ card }) => card.sku));
  // One that is sold no more is made nowhere, and is waited for all the same.
  const lost = deal.lines.find(({ productId }) => {
    const product = inHubSpot.find(({ id }) => id === productId);
    return product !== undefined && !items.has(product.card.sku);
  });
  if (lost) return `product ${lost.sku} in Xero`;
  return null;
}

/** What the deal says is what Xero says; and while nobody has approved the invoice, its lines are the deal's. */
function agreesWith(world: SalesWorld, deal: Deal, invoice: Invoice, waiting: readonly Waiting[]): void {
  if (invoice.status === 'DELETED') return;
  for (const [name, key] of Object.entries(ofInvoice)) {
    const [said, is] = [saidOn(deal, name as OfInvoice), String(invoice[key])];
    if (said !== is)
      world.wrong('a deal does not say what Xero says', `${deal.id} ${name}: “${said}”, Xero “${is}”`);
  }
  const status = deal.held.truce_payment_status ?? '';
  if (status !== paymentOf(invoice))
    world.wrong('a deal does not say what was paid', `${deal.id}: “${status}”, Xero “${paymentOf(invoice)}”`);
  const due = dueOf(deal);
  const isFree = isDraft(invoice) && (world.lockedUntil === null || invoice.date > world.lockedUntil);
  if (!isFree || !due || waitsOf(world, deal, waiting).length > 0) return;
  if (invoice.total !== due.total || invoice.tax !== due.tax)
    world.wrong(
      'a draft is not what was sold',
      `${deal.id} comes to ${due.total} with ${due.tax}, ${invoice.number} to ${invoice.total} with ${invoice.tax}`,
    );
  if (invoice.reference !== deal.name)
    world.wrong(
      'a draft has another reference',
      `${deal.id} “${deal.name}”, ${invoice.number} “${invoice.reference}”`,
    );
}

/** In these lives nothing is set off but credit notes: only what was paid is money. */
function paymentOf(invoice: Invoice): string {
  const { status, total, owed, paid } = invoice;
  if (status === 'VOIDED') return 'voided';
  if (isDraft(invoice) || owed > 0) return paid === 0 ? 'unpaid' : 'part_paid';
  return paid === 0 && total > 0 ? 'credited' : 'paid';
}

/** Waits that only a person can end, away from Truce; and whether there is a reason for it. */
function mayWait(world: SalesWorld, change: Waiting): boolean {
  const { hold, state, flow, holdDetail, recordId } = change;
  const group = world.groups.all.find((one) => one.recordId === recordId);
  if (state === 'failed') return flow === 'invoices' && Boolean(holdDetail);
  switch (hold) {
    case 'waits_for_other':
    case 'locked':
      return flow === 'invoices' && Boolean(holdDetail);
    case 'no_key':
      return flow === 'customers' && group?.key === null;
    case 'not_linked':
      return group !== undefined && group.places.length < 3;
    case 'duplicate_key':
    case 'name_taken':
      return true;
    default:
      return false;
  }
}

import { today } from '#src/playground/vendors/xero/books/dates.ts';
import type { Dice } from '../dice.ts';
import { type Invoice, invoicesIn, isDraft } from './invoices.ts';
import type { SalesWorld } from './world.ts';

/** What bookkeepers do in Xero. Its screens may refuse it, as real ones do. */
function by(world: SalesWorld, what: string, work: () => void): void {
  try {
    world.byHand(work);
    world.note(`  ${what}`);
  } catch (error) {
    world.note(`  ${what}, refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function some(world: SalesWorld, dice: Dice, which: (invoice: Invoice) => boolean): Invoice | null {
  const found = invoicesIn(world.house.vendors).filter(which);
  return found.length > 0 ? dice.pick(found) : null;
}

export function approve(world: SalesWorld, dice: Dice): void {
  const draft = some(world, dice, isDraft);
  const { invoices } = world.house.vendors.xero;
  if (!draft) return;
  const how = dice.weigh({ approve: 75, submit: 25 });
  by(world, `${how} ${draft.number}`, () => invoices[how](draft.id));
}

/** All, a part, to the cent, or more than is due; or it is taken back. */
export function pay(world: SalesWorld, dice: Dice): void {
  const { invoices } = world.house.vendors.xero;
  const paid = some(world, dice, (one) => one.paid > 0);
  if (paid && dice.chance(15)) {
    by(world, `unpay ${paid.number}`, () => invoices.unpay(paid.id));
    return;
  }
  const owed = some(world, dice, (one) => one.status === 'AUTHORISED' && one.owed > 0);
  if (!owed) return;
  const amount = dice.chance(50) ? owed.owed : dice.between(1, Math.max(1, owed.owed + 500));
  by(world, `pay ${owed.number} ${amount} of ${owed.owed}`, () => {
    invoices.pay(owed.id, { amount: amount / 100 });
  });
}

export function credit(world: SalesWorld, dice: Dice): void {
  const { invoices } = world.house.vendors.xero;
  const owed = some(world, dice, (one) => one.status === 'AUTHORISED' && one.owed > 0);
  if (!owed) return;
  const amount = dice.chance(40) ? owed.owed : dice.between(1, owed.owed);
  by(world, `credit ${owed.number} ${amount} of ${owed.owed}`, () => {
    invoices.credit(owed.id, amount / 100);
  });
}

/** Voided once approved; thrown away before. */
export function drop(world: SalesWorld, dice: Dice): void {
  const { invoices } = world.house.vendors.xero;
  const one = some(
    world,
    dice,
    ({ status }) => status !== 'PAID' && status !== 'VOIDED' && status !== 'DELETED',
  );
  if (!one) return;
  if (isDraft(one)) by(world, `delete ${one.number}`, () => invoices.delete(one.id));
  else by(world, `void ${one.number}`, () => invoices.void(one.id));
}

/** Somebody types into an invoice, mostly into a draft. */
export function typeInto(world: SalesWorld, dice: Dice): void {
  const { invoices } = world.house.vendors.xero;
  const one = some(world, dice, (invoice) => (isDraft(invoice) ? true : dice.chance(20)));
  if (!one) return;
  const kind = dice.weigh({ Reference: 30, DueDate: 20, line: 50 });
  // Xero lists no invoice for another due date once something was paid of it: only the nightly sweep could find that.
  if (kind === 'DueDate' && one.paid + one.credited > 0) return;
  by(world, `type ${kind} into ${one.number}`, () => {
    if (kind === 'Reference') return invoices.edit(one.id, { Reference: `Typed ${world.next()}` }, '');
    if (kind === 'DueDate') return invoices.edit(one.id, { DueDate: '2027-01-31' }, '');
    const card = invoices.card(one.id);
    const keys = card?.fields.flatMap(({ key }) => (/\.(Quantity|UnitAmount)$/.test(key) ? [key] : [])) ?? [];
    if (keys.length > 0) invoices.edit(one.id, { [dice.pick(keys)]: String(dice.between(1, 900) / 4) }, '');
  });
}

/** An invoice that has nothing to do with any deal. */
export function writeOwn(world: SalesWorld, dice: Dice): void {
  const { invoices } = world.house.vendors.xero;
  const all = world.house.vendors.xero.cards();
  if (all.length === 0 || invoicesIn(world.house.vendors).length > 20) return;
  const Contact = { ContactID: dice.pick(all).externalId };
  const line = { Description: `By hand ${world.next()}`, Quantity: 1, UnitAmount: 12.5, AccountCode: '200' };
  by(world, 'an invoice by hand', () => {
    invoices.make({ Contact, LineItems: [{ ...line, TaxType: 'OUTPUT' }], DueDate: '2027-01-15' });
  });
}

/** The period to yesterday is closed, or to today; or it is opened. */
export function lock(world: SalesWorld, dice: Dice): void {
  const now = world.house.clock.now();
  const day = (ago: number) => today(new Date(now.getTime() - ago * 86_400_000));
  const until = dice.pick([day(1), day(1), day(0), null, null]);
  world.lockedUntil = until;
  by(world, `lock until ${until}`, () => world.house.vendors.xero.invoices.lock({ period: until }));
}

import { person } from '#src/playground/vendors/hubspot/card.ts';
import { propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import type { Dice } from '../dice.ts';
import { inventAbn } from '../numbers.ts';
import { mia } from '../people.ts';
import { type Deal, dealsIn } from './deals.ts';
import { type Product, productsIn } from './goods.ts';
import { noteTotals } from './watch-deals.ts';
import type { SalesWorld } from './world.ts';

/** What salespeople do in HubSpot. Each returns at once. */

const crmOf = ({ house }: SalesWorld) => house.vendors.hubspot.crm;

/** As a person, and what the deals come to afterwards is known. */
function by(world: SalesWorld, what: string, work: () => void): void {
  world.note(`  ${what}`);
  world.byHand(work);
  noteTotals(world);
}

const quantities = ['1', '2', '3', '7', '12', '0.5', '2.75', '1.333', '40'];
/** Dearer than what is taken off of it. */
const somePrice = (dice: Dice): string => String(dice.between(200, 99_999) / 100);
const percents = ['', '', '', '5', '10', '33.33', '12.5', '100'];

function newLine(world: SalesWorld, dice: Dice, dealId: string): void {
  const crm = crmOf(world);
  const products = productsIn(world.house.vendors, 'hubspot').filter(
    ({ card }) => card.status !== 'archived',
  );
  const isLoose = products.length === 0 || dice.chance(5);
  const goods = isLoose
    ? { name: `Extra work ${world.next()}`, price: '80' }
    : ofProduct(dice.pick(products), dice);
  const { id } = crm.line_items.create(
    {
      ...goods,
      quantity: dice.pick(quantities),
      hs_discount_percentage: dice.pick(percents),
      hs_line_item_currency_code: 'AUD',
    },
    person(mia),
  );
  crm.associations.add({ deals: dealId, line_items: id }, [], person(mia));
}

/** At the product's own price, or at one of somebody's choice, perhaps for some cents less. */
const ofProduct = ({ id }: Product, dice: Dice): Record<string, string> => ({
  hs_product_id: id,
  ...(dice.chance(30) ? { price: somePrice(dice), discount: dice.pick(['', '0.05', '1.1']) } : {}),
});

/** A new deal; often one that is won at once. */
export function sell(world: SalesWorld, dice: Dice): void {
  const crm = crmOf(world);
  const companies = crm.companies.all().filter(({ archived }) => !archived);
  if (dealsIn(world.house.vendors).length > 12) {
    edit(world, dice);
    return;
  }
  by(world, 'a new deal', () => {
    const { id } = crm.deals.create(
      {
        ...{ dealname: `Order ${world.next()}`, pipeline: 'default', deal_currency_code: 'AUD' },
        dealstage: 'contractsent',
      },
      person(mia),
    );
    if (dice.chance(92))
      crm.associations.add({ deals: id, companies: dice.pick(companies).id }, [], person(mia));
    for (let left = dice.between(1, 3); left > 0; left--) newLine(world, dice, id);
    if (dice.chance(70)) crm.deals.update(id, { dealstage: 'closedwon' }, person(mia));
    world.note(`  deal ${id}`);
  });
}

function somebodys(world: SalesWorld, dice: Dice, which: (deal: Deal) => boolean = () => true): Deal | null {
  const deals = dealsIn(world.house.vendors).filter(which);
  return deals.length > 0 ? dice.pick(deals) : null;
}

/** Won, lost after all, open again: whichever it was not. */
export function move(world: SalesWorld, dice: Dice): void {
  const deal = somebodys(world, dice, ({ isWon }) => !isWon || dice.chance(25));
  if (!deal) return;
  const dealstage = deal.isWon ? dice.pick(['contractsent', 'closedlost']) : 'closedwon';
  by(world, `deal ${deal.id} is ${dealstage}`, () =>
    crmOf(world).deals.update(deal.id, { dealstage }, person(mia)),
  );
}

/** Other lines, or other numbers on them; now and then a name. */
export function edit(world: SalesWorld, dice: Dice): void {
  const deal = somebodys(world, dice);
  if (!deal) return;
  const crm = crmOf(world);
  const kind = dice.weigh({ number: 50, add: 15, remove: 10, name: 15, company: 10 });
  by(world, `${kind} of deal ${deal.id}`, () => {
    const line = deal.lines.length > 0 ? dice.pick(deal.lines) : null;
    if (kind === 'number' && line) {
      crm.line_items.update(line.id, numberOf(dice), person(mia));
      world.hints.push({ connection: 'hubspot', entity: 'invoice', id: `line_item:${line.id}` });
    } else if (kind === 'add' && deal.lines.length < 5) newLine(world, dice, deal.id);
    else if (kind === 'remove' && line) crm.line_items.archive(line.id, person(mia));
    else if (kind === 'name') crm.deals.update(deal.id, { dealname: `Order ${world.next()}` }, person(mia));
    else if (kind === 'company' && deal.companyId === null)
      crm.associations.add({ deals: deal.id, companies: dice.pick(crm.companies.all()).id }, [], person(mia));
    if (kind === 'remove' || dice.chance(50)) reckon(world, deal.id);
  });
}

/** HubSpot's own screen moves a deal's amount with its lines; other programs need not. What lost a line is not listed otherwise. */
function reckon(world: SalesWorld, dealId: string): void {
  const { line_items: lines, deals, associations } = crmOf(world);
  const sum = associations
    .of('deals', dealId, 'line_items')
    .flatMap(({ id }) => lines.get(id) ?? [])
    .reduce((all, line) => all + Math.round(Number(propertyOf('line_items', line, 'amount') ?? 0) * 100), 0);
  deals.update(dealId, { amount: (sum / 100).toFixed(2) }, person(mia));
}

function numberOf(dice: Dice): Record<string, string> {
  const key = dice.pick(['quantity', 'price', 'hs_discount_percentage'] as const);
  if (key === 'quantity') return { quantity: dice.pick(quantities) };
  if (key === 'price') return { price: somePrice(dice) };
  return { hs_discount_percentage: dice.pick(percents) };
}

/** A customer that HubSpot alone has: Xero gets it from the flow of customers, and its invoices only then. */
export function newCustomer(world: SalesWorld, dice: Dice): void {
  const crm = crmOf(world);
  if (crm.companies.all().length > 5) return;
  const number = world.next();
  by(world, `customer ${number}`, () => {
    crm.companies.create(
      {
        ...{ name: `Shop ${number}`, legal_name: `Shop ${number} Pty Ltd`, customer_status: 'active' },
        ...{ payment_terms: '30 days', tax_treatment: 'gst', billing_email: `mail${number}@example.com` },
        ...(dice.chance(80) ? { abn: inventAbn(number) } : {}),
      },
      person(mia),
    );
  });
}

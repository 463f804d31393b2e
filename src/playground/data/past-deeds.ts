import type { Fault, PracticeSystem } from '../vendors/vendor.ts';

/** Something that happened in the practice company's last two weeks; `day` counts from where the past begins, `hour` is the local time of day (9.5 = half past nine). */
export type Deed = { readonly day: number; readonly hour: number } & (
  | {
      readonly kind: 'edit';
      readonly system: PracticeSystem;
      readonly customer: string;
      /** By the labels of the system's own screen. */
      readonly values: Readonly<Record<string, string>>;
      readonly editor: string;
    }
  | { readonly kind: 'break'; readonly system: PracticeSystem; readonly fault: Fault }
  | { readonly kind: 'mend'; readonly system: PracticeSystem }
  /** A button of a record's own page, by the record's title. */
  | {
      readonly kind: 'press';
      readonly system: PracticeSystem;
      readonly entity: string;
      readonly title: string;
      readonly deed: string;
      readonly editor: string;
    }
  /** A new record, typed into the system's own page. */
  | {
      readonly kind: 'add';
      readonly system: PracticeSystem;
      readonly entity: string;
      readonly values: Readonly<Record<string, string>>;
      readonly editor: string;
    }
  /** The business owner answers all that is open, with this system's value where it is offered. */
  | { readonly kind: 'decide'; readonly choose: PracticeSystem; readonly system?: undefined }
);

const edit = (
  [day, hour]: readonly [number, number],
  system: PracticeSystem,
  customer: string,
  values: Readonly<Record<string, string>>,
  editor = 'Mia Torres',
): Deed => ({ kind: 'edit', day, hour, system, customer, values, editor });

const address = (
  system: PracticeSystem,
  street: string,
  city: string,
  state: string,
  postcode: string,
): Record<string, string> =>
  system === 'hubspot'
    ? { 'Street address': street, City: city, State: state, Postcode: postcode }
    : { 'Billing address': street, 'City/Town': city, 'State/Region': state, Postcode: postcode };

/** Deals that are won on the last afternoon, each with something that keeps an invoice from being made of it. */
export const wonLately: readonly string[] = [
  'Display shelves',
  'Custom gate',
  'Roadhouse bench seats',
  'Walk-in: pavers',
  'Tea for the staff room',
];
/** A product that is entered on the last afternoon, under a code that is too long for Xero. */
const longCode = 'TL-SUBWAY-GLOSS-WHT-75X150-BX44';
export const enteredLately: readonly string[] = [longCode];

const win = (title: string, hour: number): Deed => ({
  ...{ kind: 'press', day: 13, hour, system: 'hubspot', entity: 'invoice', title },
  ...{ deed: 'win', editor: 'Mia Torres' },
});

/** An ordinary fortnight: people change their numbers, somebody edits where they should not, twice two people disagree, Xero fails once. */
export const deeds: readonly Deed[] = [
  { kind: 'decide', day: 0, hour: 11.4, choose: 'xero' },
  edit([1, 10.3], 'hubspot', 'Platypus Windows', { Phone: '03 5550 1988' }),
  edit([1, 14.5], 'xero', 'Corella Irrigation', { 'Invoice due': '30 days' }, 'Jo Abbott'),
  edit(
    [2, 4.2],
    'hubspot',
    'Sandpiper Electrical',
    address('hubspot', '12 Crown Street', 'Wollongong', 'NSW', '2500'),
  ),
  edit([3, 11.1], 'cin7-core', 'Bilby Electrical', { 'Contact phone': '03 5550 1111' }, 'Warehouse'),
  edit(
    [3, 5.2],
    'hubspot',
    'Firetail Joinery',
    address('hubspot', '9 Lydiard Street', 'Ballarat', 'VIC', '3350'),
  ),
  edit(
    [3, 5.3],
    'xero',
    'Firetail Joinery',
    address('xero', '41 Doveton Street', 'Ballarat', 'VIC', '3350'),
    'Jo Abbott',
  ),
  { kind: 'decide', day: 3, hour: 15.4, choose: 'hubspot' },
  edit(
    [5, 10.2],
    'xero',
    'Wattle Cycles',
    { 'Contact name': 'Wattle Cycles Australia Pty Ltd' },
    'Jo Abbott',
  ),
  edit([6, 9.4], 'hubspot', 'Pelican Paints', { Phone: '0491 570 156' }),
  { kind: 'break', day: 7, hour: 10.5, system: 'xero', fault: { kind: 'server_error' } },
  edit([7, 10.7], 'hubspot', 'Lorikeet Veterinary', { Phone: '02 5550 0277' }),
  { kind: 'mend', day: 7, hour: 12.5, system: 'xero' },
  edit([8, 13.5], 'hubspot', 'Ironbark Fencing', { 'Billing email': 'accounts@ironbarkfencing.example' }),
  edit([9, 10.1], 'hubspot', 'Saltbush Catering', { 'Billing email': 'hello@saltbushcatering.example' }),
  edit([9, 10.2], 'xero', 'Saltbush Catering', { Email: 'invoices@saltbushcatering.example' }, 'Jo Abbott'),
  { kind: 'decide', day: 9, hour: 12.6, choose: 'xero' },
  edit([11, 11.3], 'hubspot', 'Bunya Glass', { Phone: '08 7010 1190' }),
  edit([12, 14.1], 'xero', 'Lorikeet Hardware', { 'Invoice due': '30 days' }, 'Jo Abbott'),
  edit([13, 9.2], 'hubspot', 'Emu Creek Fencing', { Phone: '0491 570 157' }),
  ...wonLately.map((title, i) => win(title, 15.2 + i / 10)),
  {
    ...{ kind: 'add', day: 13, hour: 15.8, system: 'cin7-core', entity: 'product', editor: 'Warehouse' },
    values: {
      SKU: longCode,
      Name: 'Subway tile gloss white 75 x 150 mm, box of 44',
      UOM: 'Box',
      PriceTier1: '38.5',
      SaleTaxRule: 'GST on Income',
    },
  },
];

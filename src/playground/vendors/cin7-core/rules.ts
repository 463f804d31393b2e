import { randomUUID } from 'node:crypto';
import { isObject } from '../exchange.ts';
import { namedInBooks } from './books.ts';
import type { Customer, Customers, Item } from './state.ts';

type Json = Readonly<Record<string, unknown>>;
type Value = string | number | boolean;

/** Longest texts. Source: the vendor's API description, by way of public transcriptions. */
const lengths: Readonly<Record<string, number>> = { Name: 256, DisplayName: 256, Comments: 2000 };
const addressKeys: Readonly<Record<string, number>> = {
  Line1: 256,
  Line2: 256,
  City: 256,
  State: 256,
  Postcode: 20,
  Country: 256,
  Type: 20,
  DefaultForType: 5,
};
const contactKeys: Readonly<Record<string, number>> = {
  Name: 256,
  JobTitle: 256,
  Phone: 50,
  MobilePhone: 50,
  Fax: 50,
  Email: 256,
  Website: 256,
  Comment: 256,
  Default: 5,
  IncludeInEmail: 5,
};
const texts = ['Name', 'Status', 'Currency', 'PaymentTerm', 'AccountReceivable', 'RevenueAccount', 'TaxRule'];
const otherTexts = [
  ...[
    'DisplayName',
    'PriceTier',
    'Carrier',
    'SalesRepresentative',
    'Location',
    'Comments',
    'TaxNumber',
    'Tags',
    'AttributeSet',
  ],
  ...Array.from({ length: 10 }, (_, i) => `AdditionalAttribute${i + 1}`),
];
const others = ['Discount', 'CreditLimit', 'IsOnCreditHold'];
/** What a customer cannot be without. */
const required = texts;
/** Validation tells a few problems at a time. */
const toldAtOnce = 2;

export type Planned =
  | { readonly ok: true; readonly customer: Customer }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The customer after a write: only what was sent changes; list items with an id are updated, those without are added. */
export function planWrite(before: Customer, sent: Json, customers: Customers): Planned {
  const problems: string[] = [];
  const fields = { ...before.fields, ...readFields(sent) };
  const customer: Customer = {
    ...before,
    fields,
    Addresses: mergeItems(sent.Addresses, before.Addresses, addressList, problems),
    Contacts: mergeItems(sent.Contacts, before.Contacts, contactList, problems),
  };
  for (const key of required) {
    if (String(fields[key] ?? '').trim() === '') problems.push(`Required field '${key}' is missing or empty`);
  }
  for (const [key, { called, names }] of Object.entries(namedInBooks)) {
    const name = String(fields[key] ?? '');
    if (key in sent && name !== '' && !names.some((known) => known.toLowerCase() === name.toLowerCase())) {
      problems.push(`${called} '${name}' was not found in reference book`);
    }
  }
  for (const [key, most] of Object.entries(lengths)) {
    if (String(fields[key] ?? '').length > most) problems.push(`${key} is longer than ${most} characters`);
  }
  if (!/^(active|deprecated)$/i.test(String(fields.Status ?? 'ACTIVE'))) problems.push('Status is not valid');
  const namesake = customers.byName(String(fields.Name ?? ''));
  if (namesake && namesake.ID !== before.ID) {
    problems.push(
      `Customer with name '${String(fields.Name)}' already exists. Customer name must be unique.`,
    );
  }
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, toldAtOnce) }
    : { ok: true, customer };
}

/** Unknown keys are ignored, as Cin7 Core does. */
function readFields(sent: Json): Record<string, Value> {
  const read: [string, Value][] = [];
  for (const key of [...texts, ...otherTexts]) {
    if (sent[key] !== undefined) read.push([key, sent[key] === null ? '' : String(sent[key])]);
  }
  for (const key of others) {
    const value = sent[key];
    if (typeof value === 'number' || typeof value === 'boolean') read.push([key, value]);
  }
  return Object.fromEntries(read);
}

interface ItemRules {
  readonly called: string;
  readonly keys: Readonly<Record<string, number>>;
  readonly required: readonly string[];
}
const addressList: ItemRules = { called: 'Address', keys: addressKeys, required: ['Country', 'Type'] };
const contactList: ItemRules = { called: 'Contact', keys: contactKeys, required: ['Name'] };

/** Nothing is removed by being left out. */
function mergeItems(
  sent: unknown,
  before: readonly Item[],
  rules: ItemRules,
  problems: string[],
): readonly Item[] {
  if (sent === undefined || sent === null) return before;
  if (!Array.isArray(sent)) {
    problems.push(`${rules.called} list expected`);
    return before;
  }
  const items = [...before];
  for (const item of sent as readonly unknown[]) {
    const next = isObject(item) ? mergeItem(item, items, rules, problems) : null;
    if (!isObject(item)) problems.push(`${rules.called} expected`);
    if (!next) continue;
    const at = items.findIndex(({ ID }) => ID === next.ID);
    items.splice(at < 0 ? items.length : at, 1, next);
  }
  return items;
}

function mergeItem(item: Json, items: readonly Item[], rules: ItemRules, problems: string[]): Item | null {
  const id = item.ID === undefined ? null : String(item.ID).toLowerCase();
  const known = items.find(({ ID }) => ID === id);
  if (id !== null && !known) {
    problems.push(`${rules.called} with specified ID not found`);
    return null;
  }
  const next: Item = { ...known, ...readItem(item, rules, problems), ID: known?.ID ?? randomUUID() };
  for (const key of rules.required) {
    if (String(next[key] ?? '').trim() === '') problems.push(`${rules.called} ${key} is required`);
  }
  return next;
}

function readItem(item: Json, { called, keys }: ItemRules, problems: string[]): Record<string, Value> {
  const read: [string, Value][] = [];
  for (const [key, most] of Object.entries(keys)) {
    const value = item[key];
    if (value === undefined) continue;
    const kept = typeof value === 'boolean' ? value : value === null ? '' : String(value);
    if (String(kept).length > most) problems.push(`${called} ${key} is longer than ${most} characters`);
    read.push([key, kept]);
  }
  return Object.fromEntries(read);
}

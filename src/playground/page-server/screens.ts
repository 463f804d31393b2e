import type { Card, PracticeVendor, Screen } from '../vendors/vendor.ts';
import type { Kind } from './api.ts';
import { PageRefusal } from './refusal.ts';

/** The screens of a system that one card of the page stands for; the first says which records there are. */
function screensOf(vendor: PracticeVendor, kind: Kind): readonly Screen[] {
  const { product, stock_level: stock, invoice } = vendor.screens;
  const all: Readonly<Record<Kind, readonly (Screen | undefined)[]>> = {
    customer: [vendor],
    product: [product, stock],
    sale: [invoice],
  };
  return all[kind].filter((screen) => screen !== undefined);
}

export const cardsOf = (vendor: PracticeVendor, kind: Kind): readonly Card[] =>
  screensOf(vendor, kind)[0]?.cards() ?? [];

/** A product's card says what the screen of its stock says, too. Null when the system has no such record. */
export function cardOf(vendor: PracticeVendor, kind: Kind, externalId: string): Card | null {
  const [card, ...more] = screensOf(vendor, kind).map((screen) => screen.card(externalId));
  if (!card) return null;
  const along = more.filter((other) => other !== null);
  return {
    ...card,
    fields: [card, ...along].flatMap(({ fields }) => fields),
    deeds: [card, ...along].flatMap(({ deeds = [] }) => deeds),
  };
}

type Values = Readonly<Record<string, string>>;

interface Place {
  readonly vendor: PracticeVendor;
  readonly kind: Kind;
  readonly externalId: string;
}

/** A save of a card, on each of the screens that it stands for. Throws what the vendor says. */
export function editCard({ vendor, kind, externalId }: Place, values: Values, editor: string): void {
  const screens = screensOf(vendor, kind);
  const holder = (key: string) =>
    screens.find((screen) =>
      screen.card(externalId)?.fields.some((field) => field.key === key && !field.isFixed),
    );
  const stranger = Object.keys(values).find((key) => !holder(key));
  if (stranger !== undefined)
    throw new PageRefusal(`${vendor.label} has no field “${stranger}” to type into.`);
  for (const screen of screens) {
    const own = Object.entries(values).filter(([key]) => holder(key) === screen);
    if (own.length > 0) byVendor(vendor, () => screen.edit(externalId, Object.fromEntries(own), editor));
  }
}

/** A press on one of the card's buttons. Throws what the vendor says. */
export function pressCard(
  { vendor, kind, externalId }: Place,
  deed: { readonly id: string; readonly typed: Values },
  editor: string,
): void {
  const screen = screensOf(vendor, kind).find((one) =>
    one.card(externalId)?.deeds?.some(({ id }) => id === deed.id),
  );
  if (!screen?.press) throw new PageRefusal('That cannot be done with it as it stands now.');
  byVendor(vendor, () => screen.press?.(externalId, deed.id, deed.typed, editor));
}

/** The vendor's own words are what a person who types into its screen reads. */
function byVendor({ label }: PracticeVendor, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new PageRefusal(`${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { customerId } from './page/words/customer-id.ts';
import { meaningOf } from './page/words/fields.ts';
import type { Card, PracticeSystem, PracticeVendor } from './vendors/vendor.ts';

/** One customer with its card in each system that has it, HubSpot's first. */
export interface PracticeCustomer {
  readonly id: string;
  readonly title: string;
  readonly cards: readonly Card[];
}

const systemOrder: readonly PracticeSystem[] = ['hubspot', 'xero', 'cin7-core'];

/** The page's view of who is who: the same ABN, else the same name. (Truce itself never links by name.) */
export function customersOf(vendors: readonly PracticeVendor[]): PracticeCustomer[] {
  const groups: Card[][] = [];
  const byKey = new Map<string, Card[]>();
  for (const system of systemOrder) {
    for (const card of vendors.find((vendor) => vendor.system === system)?.cards() ?? []) {
      const key = sameKey(card);
      const group = byKey.get(key);
      // A second card of one system with the same ABN is a duplicate there, and a customer of its own here.
      if (group && !group.some((other) => other.system === card.system)) {
        group.push(card);
      } else {
        const own = [card];
        groups.push(own);
        if (!group) byKey.set(key, own);
      }
    }
  }
  return groups
    .map((cards) => ({ id: customerId(cards), title: cards[0]?.title ?? '', cards }))
    .toSorted((a, b) => a.title.localeCompare(b.title, 'en-AU'));
}

function sameKey(card: Card): string {
  const abn = card.abn.replace(/\D/g, '');
  return (
    abn ||
    card.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  );
}

/** Another phone number in each of `count` HubSpot companies. Numbers are from the range kept for fiction. Returns how many there were. */
export function sendBurst(vendors: readonly PracticeVendor[], count: number, editor: string): number {
  const hubspot = vendors.find((vendor) => vendor.system === 'hubspot');
  if (!hubspot) return 0;
  // Those whom every system has come first: there one sees the change arrive.
  const chosen = customersOf(vendors)
    .toSorted((a, b) => b.cards.length - a.cards.length)
    .flatMap((customer) => customer.cards.filter((card) => card.system === 'hubspot'))
    .slice(0, count);
  chosen.forEach((card, i) => {
    const phone = card.fields.find((field) => meaningOf(field) === 'phone');
    if (phone) hubspot.edit(card.externalId, { [phone.key]: nextPhone(phone.value, i) }, editor);
  });
  return chosen.length;
}

/** Always another number than the one there. */
function nextPhone(now: string, i: number): string {
  const last = Number(now.replace(/\D/g, '').slice(-4));
  return `02 5550 ${String((last + 37 * (i + 1)) % 10_000).padStart(4, '0')}`;
}

import { meaningOf } from '../page/words/meanings.ts';
import type { PracticeVendor } from '../vendors/vendor.ts';
import { recordsOf } from './records.ts';

/** Another phone number in each of `count` HubSpot companies. Numbers are from the range kept for fiction. Returns how many there were. */
export function sendBurst(vendors: readonly PracticeVendor[], count: number, editor: string): number {
  const hubspot = vendors.find((vendor) => vendor.system === 'hubspot');
  if (!hubspot) return 0;
  // Those whom every system has come first: there one sees the change arrive.
  const chosen = recordsOf('customer', vendors)
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

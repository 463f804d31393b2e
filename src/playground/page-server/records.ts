import { recordId } from '../page/words/record-id.ts';
import type { Card, PracticeSystem, PracticeVendor } from '../vendors/vendor.ts';
import type { Kind, PageRecord } from './api.ts';
import { heldIn, skuOf, together } from './pairing.ts';
import { cardsOf } from './screens.ts';

/** One customer, product or sale with its card in each system that has it, HubSpot's first. */
export interface PracticeRecord extends PageRecord {
  readonly cards: readonly Card[];
}

const systemOrder: readonly PracticeSystem[] = ['hubspot', 'xero', 'cin7-core'];

/** All records of a kind, as the systems list them now: customers and products by name, sales the newest first. */
export function recordsOf(kind: Kind, vendors: readonly PracticeVendor[]): PracticeRecord[] {
  const cards = systemOrder.flatMap((system) => {
    const vendor = vendors.find((one) => one.system === system);
    const listed = vendor ? cardsOf(vendor, kind) : [];
    return kind === 'sale' ? listed.toReversed() : listed;
  });
  const records = together[kind](cards).map((group) => ({
    id: recordId(group),
    title: group[0]?.title ?? '',
    about: about[kind](group),
    cards: group,
  }));
  return kind === 'sale' ? records : records.toSorted((a, b) => a.title.localeCompare(b.title, 'en-AU'));
}

/** What tells records of one name apart, and what they are looked for by beside it. */
const about: Readonly<Record<Kind, (cards: readonly Card[]) => string>> = {
  customer: (cards) => {
    const abn = cards.map((card) => card.abn.replace(/\D/g, '')).find(Boolean);
    return abn ? `ABN ${abn.replace(/^(\d\d)(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4')}` : 'no ABN';
  },
  product: (cards) => cards.map(skuOf).find(Boolean) ?? 'no SKU',
  sale: (cards) =>
    [
      firstHeld(cards, 'company', 'Contact') || 'nobody’s',
      firstHeld(cards, 'InvoiceNumber', 'truce_invoice_number'),
      firstHeld(cards, 'dealstage', 'Reference'),
    ]
      .filter((part) => part !== '' && part !== cards[0]?.title)
      .join(' · '),
};

function firstHeld(cards: readonly Card[], ...keys: string[]): string {
  for (const { fields } of cards)
    for (const key of keys) {
      const value = heldIn(fields, key);
      if (value !== '') return value;
    }
  return '';
}

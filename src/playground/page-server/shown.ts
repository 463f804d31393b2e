import type { Card, PracticeSystem, PracticeVendor } from '../vendors/vendor.ts';
import type { Kind } from './api.ts';
import { type PracticeRecord, recordsOf } from './records.ts';
import { cardOf } from './screens.ts';

/** The customer whose story the first minute tells. */
export const starCustomer = 'Bellbird Timber';

/** What the cards show before anybody chose: the record whose title has these words. */
const stars: Readonly<Record<Kind, string>> = {
  customer: starCustomer,
  product: 'Merbau decking',
  sale: 'Espresso corner',
};

/** The record in the cards: one of each kind, of which one kind is in sight. */
export interface Shown {
  kind(): Kind;
  /** Its cards, as the systems hold them right now. */
  cards(): readonly Card[];
  /** The card of a record in sight; null where it is not in sight. */
  card(system: PracticeSystem, externalId: string): Card | null;
  show(kind: Kind): void;
  /** False when there is no such record. */
  focus(kind: Kind, id: string): boolean;
  /** After a change in a system that lacks the record in sight: does it have it by now? Then its card is in sight, too. */
  hasComeTo(system: PracticeSystem): boolean;
}

type Reference = Pick<Card, 'system' | 'externalId'>;

/** Customers first. */
export function openShown(vendors: readonly PracticeVendor[]): Shown {
  let kind: Kind = 'customer';
  const inSight = new Map<Kind, readonly Reference[]>();
  const shownOnce = new Map<string, readonly Reference[]>();

  const read = (of: Kind, { system, externalId }: Reference): Card | null => {
    const vendor = vendors.find((one) => one.system === system);
    return vendor ? cardOf(vendor, of, externalId) : null;
  };
  const put = (of: Kind, id: string, cards: readonly Reference[]) => {
    inSight.set(of, cards);
    shownOnce.set(`${of} ${id}`, cards);
  };
  const references = (): readonly Reference[] => {
    const first = inSight.has(kind) ? undefined : star(recordsOf(kind, vendors), stars[kind]);
    if (first) put(kind, first.id, first.cards);
    return inSight.get(kind) ?? [];
  };
  /** What was archived is in no list of its system any more; here it stays, for a visitor to bring it back. */
  const whereverItIs = (of: Kind, id: string): Reference[] => {
    const listed = recordsOf(of, vendors).find((record) => record.id === id)?.cards ?? [];
    const before = (shownOnce.get(`${of} ${id}`) ?? []).filter((one) => read(of, one));
    return oneOfEach(vendors, [...listed, ...before]);
  };
  return {
    kind: () => kind,
    cards: () => references().flatMap((reference) => read(kind, reference) ?? []),
    card: (system, externalId) =>
      references().some((one) => one.system === system && one.externalId === externalId)
        ? read(kind, { system, externalId })
        : null,
    show: (next) => {
      kind = next;
    },
    focus: (of, id) => {
      const found = whereverItIs(of, id);
      if (found.length === 0) return false;
      kind = of;
      put(of, id, found);
      return true;
    },
    hasComeTo: (system) => {
      const now = references();
      if (now.some((one) => one.system === system)) return false;
      const record = recordsOf(kind, vendors).find(({ cards }) => cards.some((card) => holds(now, card)));
      if (!record?.cards.some((card) => card.system === system)) return false;
      put(kind, record.id, record.cards);
      return true;
    },
  };
}

const oneOfEach = (vendors: readonly PracticeVendor[], references: readonly Reference[]): Reference[] =>
  vendors.flatMap(({ system }) => references.find((reference) => reference.system === system) ?? []);

const holds = (references: readonly Reference[], { system, externalId }: Card) =>
  references.some((one) => one.system === system && one.externalId === externalId);

/** The star if it is there, else whatever is in the most systems. */
function star(records: readonly PracticeRecord[], words: string): PracticeRecord | undefined {
  const named = records.filter(({ title }) => title.toLowerCase().includes(words.toLowerCase()));
  return (named.length > 0 ? named : records).toSorted((a, b) => b.cards.length - a.cards.length)[0];
}

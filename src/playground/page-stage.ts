import type { PageEvent, PageState, PageUser } from './page-api.ts';
import { customersOf, type PracticeCustomer } from './page-customers.ts';
import type { Card, PracticeVendor } from './vendors/vendor.ts';

/** The customer whose story the first minute tells. */
export const starCustomer = 'Bellbird Timber';

/** What all open pages share: the customer in the cards, the guide's line, what is broken. One per running Truce. */
export interface Stage {
  customers(): readonly PracticeCustomer[];
  /** The chosen customer's cards, as the systems hold them right now. */
  cards(): readonly Card[];
  /** False when there is no such customer. */
  focus(id: string): boolean;
  faults(): PageState['faults'];
  /** The system that is broken, by its label, and its fault's kind; or null. */
  broken(): { readonly system: string; readonly kind: string } | null;
  /** To be called after a fault was set or taken away, so that every page shows it. */
  faultsChanged(): void;
  /** To be called after `count` changes were sent at once. */
  burst(count: number): void;
  /** `listener` hears when a system was broken or mended, and when changes were sent at once. */
  onStir(listener: (stir: Stir) => void): () => void;
  guide(user: PageUser): string;
  /** Words for each person; told to every page at once. */
  setGuide(words: (user: PageUser) => string): void;
  tell(event: PageEvent): void;
  /** `listener` gets what everybody may see; the guide's line is made for `user`. Counts as a page that opened. */
  watch(user: PageUser, listener: (event: PageEvent) => void): () => void;
  /** Resolves when the first page opens. */
  readonly opened: Promise<void>;
  close(): void;
}

/** What a visitor did with the buttons on top. */
export type Stir = { readonly kind: 'faults' } | { readonly kind: 'burst'; readonly count: number };

type Reference = Pick<Card, 'system' | 'externalId'>;

export function openStage(vendors: readonly PracticeVendor[]): Stage {
  const watchers = new Set<(event: PageEvent) => void>();
  const guides = new Set<() => void>();
  const stirred = new Set<(stir: Stir) => void>();
  let words: (user: PageUser) => string = () => '';
  let shown: readonly Reference[] | null = null;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();

  const vendorOf = (system: Card['system']) => vendors.find((vendor) => vendor.system === system);
  const shownOnce = new Map<string, readonly Reference[]>();
  const show = (id: string, cards: readonly Reference[]) => {
    shown = cards;
    shownOnce.set(id, cards);
  };
  const references = () => {
    const first = shown ? undefined : star(customersOf(vendors));
    if (first) show(first.id, first.cards);
    return shown ?? [];
  };
  /** Whoever was archived is in no list of its system any more; here it stays, for a visitor to bring it back. */
  const whereverItIs = (id: string): Reference[] => {
    const listed = customersOf(vendors).find((customer) => customer.id === id)?.cards ?? [];
    const before = (shownOnce.get(id) ?? []).filter((one) => vendorOf(one.system)?.card(one.externalId));
    return vendors.flatMap(
      ({ system }) => [...listed, ...before].find((reference) => reference.system === system) ?? [],
    );
  };
  const tell = (event: PageEvent) => {
    for (const watcher of [...watchers]) watcher(event);
  };
  const stir = (what: Stir) => {
    for (const listener of [...stirred]) listener(what);
  };
  const cards = () =>
    references().flatMap(({ system, externalId }) => vendorOf(system)?.card(externalId) ?? []);
  const faults = () =>
    Object.fromEntries(
      vendors.flatMap((vendor) => (vendor.fault ? [[vendor.system, vendor.fault.kind]] : [])),
    );
  const stops = vendors.map((vendor) =>
    vendor.onChange((externalId) => {
      const isShown = references().some(
        (card) => card.system === vendor.system && card.externalId === externalId,
      );
      const card = isShown ? vendor.card(externalId) : null;
      if (card) tell({ type: 'card', card });
    }),
  );
  return {
    opened,
    customers: () => customersOf(vendors),
    cards,
    focus: (id) => {
      const found = whereverItIs(id);
      if (found.length === 0) return false;
      show(id, found);
      tell({ type: 'focus', cards: cards() });
      return true;
    },
    faults,
    broken: () =>
      vendors.flatMap(({ label, fault }) => (fault ? [{ system: label, kind: fault.kind }] : []))[0] ?? null,
    faultsChanged: () => {
      tell({ type: 'faults', faults: faults() });
      stir({ kind: 'faults' });
    },
    burst: (count) => stir({ kind: 'burst', count }),
    onStir: (listener) => {
      stirred.add(listener);
      return () => stirred.delete(listener);
    },
    guide: (user) => words(user),
    setGuide: (next) => {
      words = next;
      for (const guide of [...guides]) guide();
    },
    tell,
    watch: (user, listener) => {
      const guide = () => listener({ type: 'guide', guide: words(user) });
      watchers.add(listener);
      guides.add(guide);
      open();
      return () => {
        watchers.delete(listener);
        guides.delete(guide);
      };
    },
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

/** The star if it is there, else whoever is in the most systems. */
function star(customers: readonly PracticeCustomer[]): PracticeCustomer | undefined {
  const named = customers.filter((customer) =>
    customer.title.toLowerCase().includes(starCustomer.toLowerCase()),
  );
  return (named.length > 0 ? named : customers).toSorted((a, b) => b.cards.length - a.cards.length)[0];
}

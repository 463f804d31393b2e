import type { Card, PracticeSystem, PracticeVendor } from '../vendors/vendor.ts';
import type { Kind, PageEvent, PageState, PageUser } from './api.ts';
import { type PracticeRecord, recordsOf } from './records.ts';
import { openShown } from './shown.ts';

/** What all open pages share: the record in the cards, the guide's line, what is broken. One per running Truce. */
export interface Stage {
  records(kind: Kind): readonly PracticeRecord[];
  /** What the cards show. */
  kind(): Kind;
  /** The chosen record's cards, as the systems hold them right now. */
  cards(): readonly Card[];
  /** Shows the record of that kind that was shown last. */
  show(kind: Kind): void;
  /** False when there is no such record. */
  focus(kind: Kind, id: string): boolean;
  /** Shows a system's card anew: to be called after what no record's change tells, say that a period was locked. */
  lookAgain(system: PracticeSystem): void;
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

export function openStage(vendors: readonly PracticeVendor[]): Stage {
  const watchers = new Set<(event: PageEvent) => void>();
  const guides = new Set<() => void>();
  const stirred = new Set<(stir: Stir) => void>();
  let words: (user: PageUser) => string = () => '';
  const shown = openShown(vendors);
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();

  const tell = (event: PageEvent) => {
    for (const watcher of [...watchers]) watcher(event);
  };
  const stir = (what: Stir) => {
    for (const listener of [...stirred]) listener(what);
  };
  const focused = () => tell({ type: 'focus', kind: shown.kind(), cards: shown.cards() });
  const faults = () =>
    Object.fromEntries(
      vendors.flatMap((vendor) => (vendor.fault ? [[vendor.system, vendor.fault.kind]] : [])),
    );
  const stops = vendors.map((vendor) =>
    vendor.onChange((externalId) => {
      const card = shown.card(vendor.system, externalId);
      if (card) tell({ type: 'card', card });
      else if (shown.hasComeTo(vendor.system)) focused();
    }),
  );
  return {
    opened,
    records: (kind) => recordsOf(kind, vendors),
    kind: shown.kind,
    cards: shown.cards,
    show: (kind) => {
      shown.show(kind);
      focused();
    },
    focus: (kind, id) => {
      const isThere = shown.focus(kind, id);
      if (isThere) focused();
      return isThere;
    },
    lookAgain: (system) => {
      for (const card of shown.cards()) if (card.system === system) tell({ type: 'card', card });
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

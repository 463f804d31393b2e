import type { Collection, Store } from '../store.ts';
import type { Courier } from './courier.ts';
import type { Faults } from './faults.ts';
import type { Host } from './host.ts';
import type { PracticeVendor, Screen } from './vendor.ts';

/** A collection that holds the seed, when it held nothing before. */
export function plantedCollection<T>(
  store: Store,
  name: string,
  seed: readonly T[],
  idOf: (document: T) => string,
): Collection<T> {
  const collection = store.collection<T>(name);
  if (collection.all().length > 0) return collection;
  store.together(() => {
    for (const document of seed) collection.set(idOf(document), document);
  });
  return collection;
}

/** Who wants to hear of changed records. */
export interface Listeners {
  add(listener: (externalId: string) => void): () => void;
  tell(externalId: string): void;
}

export function createListeners(): Listeners {
  const listeners = new Set<(externalId: string) => void>();
  return {
    add: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (externalId) => {
      for (const listener of listeners) listener(externalId);
    },
  };
}

type Told = Pick<PracticeVendor, 'system' | 'label' | 'baseUrl' | 'authUrl' | 'env'>;

interface Parts extends Told {
  /** Of its customers. */
  readonly screen: Screen;
  /** Of its other records, by entity. */
  readonly screens?: Readonly<Record<string, Screen>>;
  readonly faults: Faults;
  readonly host: Host;
  readonly webhooks: Pick<Courier<never>, 'setTarget' | 'close'>;
  readonly listeners: Listeners;
}

/** The parts that every practice vendor is put together from, under the contract's names. */
export function assembleVendor({
  screen,
  screens = {},
  faults,
  host,
  webhooks,
  listeners,
  ...told
}: Parts): PracticeVendor {
  return {
    ...told,
    ...screen,
    screens,
    setFault: faults.set,
    get fault() {
      return faults.current;
    },
    onChange: listeners.add,
    log: host.log,
    setWebhookTarget: webhooks.setTarget,
    close: async () => {
      await Promise.all([webhooks.close(), host.close()]);
    },
  };
}

/** Two lines of a street as a card shows them. */
export const oneLine = (...lines: readonly (string | undefined)[]): string =>
  lines.filter((line) => line?.trim()).join(', ');

/** Terms as a person types them: "30 days", "30 days EOM", "30 days after end of month". Null when empty. */
export function typedTerms(text: string): { readonly days: number; readonly endOfMonth: boolean } | null {
  if (text.trim() === '') return null;
  const [, days, rest = ''] = /^\s*(\d{1,3})\s*days?\b(.*)$/i.exec(text) ?? [];
  if (!days) throw new Error(`“${text}” is not understood as payment terms. Try “30 days” or “30 days EOM”.`);
  return { days: Number(days), endOfMonth: /\beom\b|end of (the )?month/i.test(rest) };
}

/** Refuses keys that a card does not have. */
export function onlyKeys(
  label: string,
  known: readonly string[],
  values: Readonly<Record<string, string>>,
): void {
  const strange = Object.keys(values).find((key) => !known.includes(key));
  if (strange) throw new Error(`The ${label} card has no field ${strange}`);
}

import type { Courier } from './courier.ts';
import type { Faults } from './faults.ts';
import type { Host } from './host.ts';
import type { Card, PracticeVendor } from './vendor.ts';

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

type Told = Pick<PracticeVendor, 'system' | 'label' | 'baseUrl' | 'authUrl' | 'env' | 'card' | 'edit'>;

export interface Parts extends Told {
  cards(): readonly Card[];
  readonly faults: Faults;
  readonly host: Host;
  readonly webhooks: Pick<Courier<never>, 'setTarget' | 'close'>;
  readonly listeners: Listeners;
}

/** The parts that every practice vendor is put together from, under the contract's names. */
export function assembleVendor({ faults, host, webhooks, listeners, ...told }: Parts): PracticeVendor {
  return {
    ...told,
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

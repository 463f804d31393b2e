import { onTestFinished } from 'vitest';
import type { ConnectionTerms, SystemName } from '#src/agreement/agreement.ts';
import type { ManualClock } from '#src/clock.ts';
import { createConnections } from '#src/connectors/registry.ts';
import type { TokenSet } from '#src/connectors/tokens.ts';
import { openStore, type Store } from '#src/playground/store.ts';
import type { PracticeVendor, Screen } from '#src/playground/vendors/vendor.ts';
import { oneOf } from '#test/support/connections.ts';
import { clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from '../connectors/kit.ts';
import type { OpenOptions, Renamed, Stage } from './subject.ts';

export interface Practice<S extends SystemName> {
  readonly system: S;
  /** The kind of its records; `customer` if left out. */
  readonly entity?: string;
  /** The screen on which people see them, by its entity, where it is not one of their own. */
  readonly screen?: string;
  /** Starts the vendor with the three records of the subject, and with `more` of them. */
  start(store: Store, clock: ManualClock, more: number): Promise<PracticeVendor>;
  /** One more than fits into a page. */
  readonly more: number;
  /** The ids of those, in any order. */
  moreIds(count: number): readonly string[];
  readonly terms: Partial<Extract<ConnectionTerms, { readonly system: S }>>;
  /** What somebody who connected it by hand left, where that is how one signs in. */
  readonly tokens?: (vendor: PracticeVendor) => TokenSet;
  /** An edit of the probe by a person, under the vendor's own keys. */
  probeEdit(value: string): Readonly<Record<string, string>>;
  readonly renamed: Renamed;
  archive?(vendor: PracticeVendor, externalId: string): Promise<void>;
  remove?(vendor: PracticeVendor, externalId: string): Promise<void>;
  /** Makes the sign-in at hand worthless; another can be had. Left out where there is none to renew. */
  expire?(vendor: PracticeVendor): void;
}

/** A practice vendor and a connector that really talk to each other, on one clock that moves only when slept on. */
export async function practiceStage<S extends SystemName>(
  practice: Practice<S>,
  how: OpenOptions = {},
): Promise<Stage & { vendor: PracticeVendor; log: ReturnType<typeof memoryLog> }> {
  const clock = clockAtNoon();
  const store = openStore(':memory:');
  const count = how.more ? practice.more : 0;
  const vendor = await practice.start(store, clock, count);
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  const log = memoryLog();
  const { callsPerMinute, callsPerDay } = how;
  const { archive, remove, expire } = practice;
  const screen = screenOf(vendor, practice.screen ?? practice.entity);
  return {
    connector: connectorTo(practice, vendor, { clock, log, callsPerMinute, callsPerDay }),
    clock,
    log,
    vendor,
    edit: (externalId, value) => screen.edit(externalId, practice.probeEdit(value), 'Priya Nair'),
    count: () => screen.cards().length,
    more: practice.moreIds(count),
    calls: () => vendor.log.filter(({ path }) => path.startsWith(new URL(vendor.baseUrl).pathname)).length,
    ...(archive ? { archive: (id: string) => archive(vendor, id) } : {}),
    ...(remove ? { remove: (id: string) => remove(vendor, id) } : {}),
    ...(expire ? { expire: () => expire(vendor) } : {}),
    spoil: (externalId) => vendor.setFault({ kind: 'malformed_record', externalId }),
    lose: (when) => vendor.setFault(when && { kind: `cut_${when}_write` }),
    withdraw: () => vendor.setFault({ kind: 'revoked' }),
    practice: { vendor, renamed: practice.renamed },
  };
}

/** Where a person sees and types into records of this kind. */
function screenOf(vendor: PracticeVendor, entity = 'customer'): Screen {
  const screen = entity === 'customer' ? vendor : vendor.screens[entity];
  if (!screen) throw new Error(`the practice ${vendor.label} has no screen of ${entity}`);
  return screen;
}

function connectorTo<S extends SystemName>(
  practice: Practice<S>,
  vendor: PracticeVendor,
  {
    clock,
    log,
    ...limits
  }: {
    clock: ManualClock;
    log: ReturnType<typeof memoryLog>;
    callsPerMinute: number | undefined;
    callsPerDay: number | undefined;
  },
) {
  const given = Object.fromEntries(Object.entries(limits).filter(([, calls]) => calls !== undefined));
  const connection = terms(practice.system, {
    baseUrl: vendor.baseUrl,
    authUrl: vendor.authUrl,
    timeoutSeconds: 0.3,
    ...practice.terms,
    ...given,
  } as never);
  const connections = createConnections({
    agreement: { connections: { [practice.system]: connection } },
    credential: (name) => vendor.env[name],
    tokens: memoryTokens(practice.tokens ? { [practice.system]: practice.tokens(vendor) } : {}),
    http: { log, budgets: memoryBudgets() },
    clock,
  });
  return oneOf(connections.get(practice.system), practice.entity ?? 'customer');
}

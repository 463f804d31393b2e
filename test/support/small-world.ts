import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { asCin7Customer } from '#src/playground/data/as-cin7-core.ts';
import { asCompany } from '#src/playground/data/as-hubspot.ts';
import { asContact } from '#src/playground/data/as-xero.ts';
import type { PracticeCustomer } from '#src/playground/data/customers.ts';
import { type PracticeSlack, startPracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { APP, defaultWorkspace } from '#src/playground/slack/workspace.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { customersOnly } from './customers-only.ts';
import { uuid } from './engine.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';
import { temporaryFolder } from './process.ts';

/** A few customers in three practice vendors, and a practice Slack, in this process: for a Truce in another. */
export interface SmallWorld {
  readonly clock: MovableClock;
  readonly slack: PracticeSlack;
  readonly customers: readonly PracticeCustomer[];
  readonly vendors: Awaited<ReturnType<typeof startVendors>>;
  /** What that Truce is started with, all but its database. */
  readonly env: Readonly<Record<string, string>>;
  /** Types into the system's own screen, under its own keys. */
  edit(system: PracticeSystem, customer: number, values: Readonly<Record<string, string>>): void;
  /** One field of a customer's card, under the system's own key. */
  held(system: PracticeSystem, customer: number, key: string): string | undefined;
  /** Its id in that system. */
  idOf(system: PracticeSystem, customer: number): string;
}

/**
 * Opens it until the test ends. `terms` = what the flow's terms say beside those of `truce.yml`, as they are written there. A
 * schedule of seconds is fine: the connections allow any number of calls.
 */
export async function openSmallWorld(
  customers: readonly PracticeCustomer[],
  terms: Readonly<Record<string, unknown>>,
): Promise<SmallWorld> {
  const clock = movableClock();
  const store = openStore(':memory:');
  const slack = await startPracticeSlack({ store, clock, ...defaultWorkspace });
  const vendors = await startVendors(store, clock, customers);
  const all = Object.values(vendors);
  onTestFinished(async () => {
    await Promise.all([slack.close(), ...all.map((vendor) => vendor.close())]);
    store.close();
  });
  const cardOf = (system: PracticeSystem, customer: number) => {
    const abn = customers[customer]?.abn;
    const found = vendors[system].cards().find((card) => card.abn === abn);
    if (!found) throw new Error(`${system} has no customer ${customer}`);
    return found;
  };
  return {
    clock,
    slack,
    customers,
    vendors,
    env: {
      SLACK_BOT_TOKEN: APP.botToken,
      SLACK_APP_TOKEN: APP.appToken,
      SLACK_API_URL: slack.apiUrl,
      ...Object.assign({}, ...all.map((vendor) => vendor.env)),
      TRUCE_CONFIG: agreementFor(all, terms),
    },
    edit: (system, customer, values) =>
      vendors[system].edit(cardOf(system, customer).externalId, values, 'Mia Torres'),
    held: (system, customer, key) =>
      cardOf(system, customer).fields.find((field) => field.key === key)?.value,
    idOf: (system, customer) => cardOf(system, customer).externalId,
  };
}

async function startVendors(
  store: ReturnType<typeof openStore>,
  clock: MovableClock,
  customers: readonly PracticeCustomer[],
) {
  // Last touched a day before.
  const at = new Date(clock.now().getTime() - 24 * 3_600_000);
  const seeds = {
    hubspot: customers.map((customer, i) => asCompany(customer, { number: i + 1, at, imported: null })),
    xero: customers.map((customer, i) => asContact(customer, { id: uuid('a', i), at })),
    cin7: customers.map((customer, i) =>
      asCin7Customer(customer, {
        id: uuid('b', i),
        idOf: (part) => uuid(part === 'address' ? 'c' : 'd', i),
        at,
      }),
    ),
  };
  return {
    hubspot: await startHubSpot({ store, clock, seed: seeds.hubspot }),
    xero: await startXero({ store, clock, seed: seeds.xero }),
    'cin7-core': await startCin7Core({ store, clock, seed: seeds.cin7 }),
  };
}

// None kept for people: the practice Xero says how few a day has, which is then what is left.
const calls = { per_minute: 3000, per_day: 1_000_000, for_people: 0 };

/** `truce.yml` as somebody would have written it for these systems. */
function agreementFor(
  vendors: readonly { system: string; baseUrl: string; authUrl: string | null }[],
  terms: Readonly<Record<string, unknown>>,
): string {
  const file = parse(customersOnly()) as {
    connections: Record<string, object>;
    flows: { customers: object };
  };
  const connections = Object.fromEntries(
    vendors.map(({ system, baseUrl, authUrl }) => [
      system,
      { ...file.connections[system], calls, base_url: baseUrl, ...(authUrl ? { auth_url: authUrl } : {}) },
    ]),
  );
  const flows = { customers: { ...file.flows.customers, ...terms } };
  const path = join(temporaryFolder(), 'truce.yml');
  writeFileSync(path, stringify({ ...file, connections, flows }));
  return path;
}

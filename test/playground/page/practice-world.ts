import type { Hono } from 'hono';
import { systemClock } from '#src/clock.ts';
import { createPageRoutes } from '#src/playground/page-server/server.ts';
import { openStage, type Stage } from '#src/playground/page-server/stage.ts';
import { type PracticeSlack, startPracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { defaultWorkspace } from '#src/playground/slack/workspace.ts';
import { openStore, type Store } from '#src/playground/store.ts';
import type { Card, CardField, Fault, PracticeVendor } from '#src/playground/vendors/vendor.ts';

/** The page's surroundings for tests: the real practice workspace, and three vendors without an API of their own. */
export interface PracticeWorld {
  readonly slack: PracticeSlack;
  readonly vendors: readonly (PracticeVendor & { readonly edits: readonly Edit[] })[];
  readonly stage: Stage;
  readonly store: Store;
  readonly routes: Hono;
  /** As the app posts: `chat.postMessage` or `chat.update`. Gives the answer. */
  call(method: string, args: object): Promise<{ ok: boolean; ts: string; error?: string }>;
  close(): Promise<void>;
}
interface Edit {
  readonly externalId: string;
  readonly values: Readonly<Record<string, string>>;
  readonly editor: string;
}

export const priya = 'U0PRIYA001';
export const tom = 'U0TOMW0001';
export const customersChannel = 'C0SYNCCUST';

export const commands = [
  { command: '/sync', description: 'Look at the syncs and steer them', usageHint: '[status]' },
];
export const subcommands = [
  { command: 'status', description: 'How every sync is doing', usageHint: '[sync]' },
  { command: 'lookup', description: 'What happened to a change', usageHint: '<reference>' },
  { command: 'help', description: 'What you can type', usageHint: '' },
];

export async function openPracticeWorld(): Promise<PracticeWorld> {
  const store = openStore(':memory:');
  const slack = await startPracticeSlack({
    store,
    clock: systemClock,
    ...defaultWorkspace,
    commands,
    ackMs: 500,
  });
  const vendors = [
    memoryVendor('hubspot', 'HubSpot', hubspotCards()),
    memoryVendor('xero', 'Xero', xeroCards()),
    memoryVendor('cin7-core', 'Cin7 Core', cin7Cards()),
  ];
  const stage = openStage(vendors);
  const routes = createPageRoutes({ slack, vendors, stage, subcommands });
  return {
    slack,
    vendors,
    stage,
    store,
    routes,
    call: async (method, args) => {
      const response = await fetch(`${slack.apiUrl}${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
      return response.json() as Promise<{ ok: boolean; ts: string; error?: string }>;
    },
    close: async () => {
      stage.close();
      await slack.close();
      store.close();
    },
  };
}

function memoryVendor(system: Card['system'], label: string, seed: readonly Card[]) {
  const cards = new Map(seed.map((card) => [card.externalId, card]));
  const listeners = new Set<(externalId: string) => void>();
  const edits: Edit[] = [];
  let fault: Fault | null = null;
  return {
    system,
    label,
    edits,
    baseUrl: 'http://localhost',
    authUrl: null,
    env: {},
    log: [],
    cards: () => [...cards.values()],
    card: (externalId: string) => cards.get(externalId) ?? null,
    add: () => {
      throw new Error('nobody adds anything here');
    },
    edit: (externalId: string, values: Readonly<Record<string, string>>, editor: string) => {
      const card = cards.get(externalId);
      if (!card) throw new Error(`${label} has no record ${externalId}`);
      const fields = card.fields.map((field) => ({ ...field, value: values[field.key] ?? field.value }));
      cards.set(externalId, { ...card, fields });
      edits.push({ externalId, values, editor });
      for (const listener of listeners) listener(externalId);
    },
    setFault: (next: Fault | null) => {
      fault = next;
    },
    get fault() {
      return fault;
    },
    onChange: (listener: (externalId: string) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    screens: {},
    setWebhookTarget: () => {},
    close: async () => {},
  };
}

const others = ['Example Hardware', 'Sample Joinery', 'Specimen Fencing'];
const abnOf = (i: number) => `51 824 753 55${6 + i}`;

function card(
  system: Card['system'],
  label: string,
  externalId: string,
  title: string,
  abn: string,
  fields: readonly (readonly [string, string, string])[],
): Card {
  const asFields = fields.map(([key, name, value]): CardField => ({ key, label: name, value }));
  return { system, label, externalId, title, abn, fields: asFields, updatedAt: '2026-11-20T03:00:00.000Z' };
}

const hubspotCards = () =>
  ['Bellbird Timber', ...others].map((name, i) =>
    card('hubspot', 'HubSpot', `47${11 + i}`, name, abnOf(i), [
      ['name', 'Company name', name],
      ['legal_name', 'Legal name', `${name} Pty Ltd`],
      ['abn', 'ABN', abnOf(i)],
      ['billing_email', 'Billing email', 'accounts@bellbird.example'],
      ['phone', 'Phone', '02 5550 1234'],
      ['address', 'Street address', '12 Sample Street'],
      ['city', 'City', 'Geelong'],
      ['state', 'State', 'VIC'],
      ['zip', 'Postcode', '3220'],
      ['payment_terms', 'Payment terms', '30 days'],
    ]),
  );

const xeroCards = () =>
  ['Bellbird Timber', ...others].map((name, i) =>
    card('xero', 'Xero', `0c1d-${i}`, `${name} Pty Ltd`, abnOf(i).replaceAll(' ', ''), [
      ['Name', 'Contact name', `${name} Pty Ltd`],
      ['TaxNumber', 'ABN', abnOf(i).replaceAll(' ', '')],
      ['EmailAddress', 'Email', 'accounts@bellbird.example'],
      ['PhoneNumber', 'Phone', '+61 2 5550 1234'],
      ['AddressLine1', 'Billing address', '12 Sample St'],
      ['City', 'City/Town', 'Geelong'],
      ['Region', 'State/Region', 'Victoria'],
      ['PostalCode', 'Postcode', '3220'],
      ['PaymentTerms', 'Invoice due', '30 days after invoice date'],
    ]),
  );

/** The last customer is not here, and one goes by no ABN. */
const cin7Cards = () =>
  ['Bellbird Timber', 'Example Hardware', 'Sample Joinery'].map((name, i) =>
    card(
      'cin7-core',
      'Cin7 Core',
      `9e2f-${i}`,
      i === 2 ? 'Sample Joinery' : `${name} Pty Ltd`,
      i === 2 ? '' : abnOf(i),
      [
        ['Name', 'Name', `${name} Pty Ltd`],
        ['TaxNumber', 'Tax number', i === 2 ? '' : abnOf(i)],
        ['Email', 'Contact email', 'accounts@bellbird.example'],
        ['Phone', 'Contact phone', '0255501234'],
        ['Line1', 'Address line 1', '12 Sample St'],
        ['City', 'City / suburb', 'Geelong'],
        ['State', 'State / province', 'VIC'],
        ['Postcode', 'Zip / postcode', '3220'],
        ['PaymentTerm', 'Payment term', '30 days'],
      ],
    ),
  );

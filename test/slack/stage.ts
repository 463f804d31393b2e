import pino from 'pino';
import { onTestFinished } from 'vitest';
import type { ActiveAgreement, Flow, Person } from '#src/agreement/agreement.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { customer } from '#src/entities/customer.ts';
import type { FieldValue } from '#src/entities/field.ts';
import { checkConnection, setUpConnection } from '#src/jobs/check-connections.ts';
import type { Wake } from '#src/jobs/wake.ts';
import type { Db } from '#src/ledger/db.ts';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { changes, conflicts, incidents, links, records, runs, story } from '#src/ledger/tables/index.ts';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import type { PracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { createSlackSide, type SlackSide } from '#src/slack/app.ts';
import { start } from '#test/playground/slack/workspace.ts';
import type { Open } from '#test/support/database.ts';

export const noon = new Date('2026-11-24T01:00:00Z');
const priya: Person = { id: 'priya', name: 'Priya Nair', slack: 'U0PRIYA001', knownAs: [] };
const tom: Person = { id: 'tom', name: 'Tom Walsh', slack: 'U0TOMW0001', knownAs: [] };

const customers: Flow = {
  id: 'customers',
  name: 'Customers',
  entity: 'customer',
  connections: ['hubspot', 'xero', 'cin7-core'],
  matchBy: 'abn',
  unmatched: 'wait',
  createIn: {},
  schedule: { cron: '* * * * *', timeZone: 'Australia/Sydney' },
  channel: 'sync-customers',
  owners: { business: priya, technical: tom },
  deciders: [priya],
  fields: Object.fromEntries(
    customer.fields.map(({ name }) => [
      name,
      {
        field: name,
        rule: 'review',
        systemOfRecord: 'xero',
        decideWithinHours: 24,
        ifNobodyChooses: 'keep',
        twoPeople: false,
        between: ['hubspot', 'xero', 'cin7-core'],
      },
    ]),
  ),
  lateAfterMinutes: 3,
  alertAfterFailures: 1,
  alertAfterMinutes: null,
  alertAfterPercent: null,
  urgent: false,
  escalate: [{ afterMinutes: 30, ask: [{ slack: 'U0PRIYA001', name: 'the business owner' }] }],
  whenGone: 'ask',
  safetyStop: { records: 50, percent: 20 },
  sweep: null,
  partialAfterHours: 24,
  moneyAtOnce: null,
  moneyProof: null,
  forgetValuesAfterDays: 30,
};

export const agreement = (flow: Partial<Flow> = {}): ActiveAgreement => ({
  version: 7,
  company: 'Example Trading Co',
  timeZone: 'Australia/Sydney',
  command: '/sync',
  outside: { heartbeat: null, fallback: null },
  hours: { days: [1, 2, 3, 4, 5], from: 480, to: 1080 },
  people: { priya, tom },
  connections: {},
  flows: { customers: { ...customers, ...flow } },
});

const labels: Readonly<Record<string, string>> = {
  hubspot: 'HubSpot',
  xero: 'Xero',
  'cin7-core': 'Cin7 Core',
};
const labelOf = (id: string): string => labels[id] ?? id;

export interface Stage {
  readonly slack: PracticeSlack;
  readonly side: SlackSide;
  readonly db: Db;
  readonly clock: ManualClock;
  readonly wakes: Wake[];
  /** Called for each wake-up; a test puts the engine's part here. */
  onWake: (wake: Wake) => Promise<void>;
  readonly fatal: Error[];
  /** Messages of the sync's channel, oldest first. */
  messages(): readonly PageMessage[];
}

/** The Slack side on a real database and a practice Slack, on a clock that only sleeping and the test move. */
export async function stage(
  open: Open,
  {
    flow = {},
    started = true,
    apiUrl,
  }: {
    flow?: Partial<Flow>;
    started?: boolean /** Another Web API than the practice Slack's. */;
    apiUrl?: string;
  } = {},
): Promise<Stage> {
  const clock = manualClock(noon);
  const { db } = await open();
  const slack = await start(clock);
  const wakes: Wake[] = [];
  const fatal: Error[] = [];
  const set: Pick<Stage, 'onWake'> = { onWake: async () => {} };
  const checking = {
    db,
    clock,
    log: pino({ level: 'silent' }),
    connections: new Map(),
    agreement: () => agreement(flow),
  };
  const side = createSlackSide({
    slack: {
      botToken: slack.botToken,
      appToken: slack.appToken,
      signingSecret: null,
      apiUrl: apiUrl ?? slack.apiUrl,
    },
    db,
    clock,
    log: pino({ level: 'silent' }),
    agreement: () => agreement(flow),
    labels: labelOf,
    entity: () => customer,
    version: '0.1.0',
    wake: async (wake) => {
      wakes.push(wake);
      await set.onWake(wake);
    },
    connections: {
      link: async () => ({ url: 'https://truce.example/oauth/start/ticket', expiresAt: clock.now() }),
      check: (id) => checkConnection(checking, id),
      setUp: (step) => setUpConnection(checking, step),
    },
    onFatal: (error) => fatal.push(error),
  });
  if (started) await side.start();
  onTestFinished(() => side.stop());
  return {
    slack,
    side,
    db,
    clock,
    wakes,
    fatal,
    get onWake() {
      return set.onWake;
    },
    set onWake(handle) {
      set.onWake = handle;
    },
    messages: () => slack.messagesFor(priya.slack).filter((message) => message.channel === 'C0SYNCCUST'),
  };
}

interface Asked {
  readonly id?: string;
  readonly title?: string;
  readonly field?: string;
  readonly values?: Readonly<Record<string, FieldValue>>;
  readonly before?: FieldValue | null;
}

const street = (line1: string, city: string) => ({
  line1,
  line2: null,
  city,
  state: 'VIC',
  postcode: '3000',
  country: 'AU',
});

/** A change that asks a person about one field, as the engine leaves it in the ledger. */
export async function ask(db: Db, now: Date, asked: Asked = {}): Promise<string> {
  const { id = 'tr-7F3K92QDXB', title = 'Example Timber Pty Ltd', field = 'billing_address' } = asked;
  const values: Readonly<Record<string, FieldValue>> = asked.values ?? {
    hubspot: street('12 Sample St', 'Melbourne'),
    xero: street('8 Example Rd', 'Footscray'),
  };
  const before = asked.before === undefined ? street('4 Specimen Ln', 'Geelong') : asked.before;
  await db
    .insert(records)
    .values({ id: `r-${id}`, entity: 'customer', title, createdAt: now })
    .onConflictDoNothing();
  await db
    .insert(links)
    .values(
      customers.connections.map((connection) => ({
        recordId: `r-${id}`,
        connection,
        role: 'main',
        externalId: `${connection}-${id}`,
        how: 'key:abn',
        linkedAt: now,
        url: `https://${connection}.example/${id}`,
      })),
    )
    .onConflictDoNothing();
  await db
    .insert(changes)
    .values({
      id,
      flow: 'customers',
      recordId: `r-${id}`,
      subject: title,
      state: 'asking',
      revision: 2,
      openedAt: now,
      updatedAt: now,
      agreementVersion: 7,
    })
    .onConflictDoNothing();
  await db.insert(conflicts).values({
    id: `${id}/${field}/2`,
    changeId: id,
    recordId: `r-${id}`,
    flow: 'customers',
    field,
    state: 'open',
    options: customers.connections.map((connection) => ({
      connection,
      value: values[connection] ?? before,
      asAgreed: !(connection in values),
      changedAt: connection in values ? now.toISOString() : null,
      changedBy: connection === 'hubspot' ? 'A sales user' : null,
    })),
    optionsRevision: 2,
    agreedBefore: before,
    openedAt: now,
    deadline: new Date(now.getTime() + 24 * 3_600_000),
    fallback: 'keep',
  });
  await db.insert(story).values([
    { changeId: id, at: now, kind: 'read', connection: 'hubspot', data: { changed: [field] } },
    { changeId: id, at: now, kind: 'compared', data: { fields: [field], of: 7 } },
    { changeId: id, at: now, kind: 'asked', field, data: { options: Object.keys(values) } },
  ]);
  await announceCard(db, { subject: `change:${id}`, flow: 'customers', rank: rank.decision, now });
  return id;
}

/** An open alert, as the watch leaves it in the ledger. */
export async function raise(db: Db, now: Date): Promise<number> {
  const [incident] = await db
    .insert(incidents)
    .values({
      flow: 'customers',
      connection: 'xero',
      cause: 'auth',
      key: `customers/auth/xero/${now.getTime()}`,
      state: 'open',
      revision: 1,
      correlationId: 'tr-7F3KB04M1Z',
      openedAt: now,
      calledAt: now,
      lastAt: now,
      events: 1,
      message: 'Xero answered 401: the token was revoked.',
      data: { waiting: 14, waitingAtOpening: 14 },
    })
    .returning();
  await announceCard(db, { subject: `incident:${incident?.id}`, flow: 'customers', rank: rank.alert, now });
  return incident?.id ?? 0;
}

/** A run that has ended. */
export async function ran(db: Db, at: Date, more: Partial<typeof runs.$inferInsert> = {}): Promise<void> {
  await db.insert(runs).values({
    flow: 'customers',
    slot: at,
    trigger: 'schedule',
    state: 'done',
    epoch: 1,
    owner: 'test',
    correlationId: 'tr-7F3KB04M1Z',
    agreementVersion: 7,
    startedAt: at,
    finishedAt: at,
    counts: { read: 12, changed: 2, written: 2, settled: 1, conflicts: 0, held: 0, malformed: 0 },
    failures: [],
    ...more,
  });
}

/** The button of a message by its words. */
export function buttonOf(
  message: PageMessage,
  words: string,
): { blockId: string; actionId: string; value: string } {
  for (const block of message.blocks) {
    if (block.type !== 'actions') continue;
    for (const element of block.elements) {
      const inMenu =
        element.type === 'overflow' ? element.options.find(({ text }) => text.text === words) : undefined;
      if (inMenu)
        return {
          blockId: block.block_id ?? '',
          actionId: ('action_id' in element && element.action_id) || '',
          value: inMenu.value ?? '',
        };
      if (element.type === 'button' && element.text.text === words) {
        return {
          blockId: block.block_id ?? '',
          actionId: element.action_id ?? '',
          value: element.value ?? '',
        };
      }
    }
  }
  throw new Error(`No button “${words}” on: ${JSON.stringify(message.blocks)}`);
}

/** Presses a button of a message as somebody. */
export function press(slack: PracticeSlack, as: string, message: PageMessage, words: string) {
  const { blockId, actionId, value } = buttonOf(message, words);
  return slack.action({
    as,
    channel: message.channel,
    ts: message.ts,
    viewId: null,
    blockId,
    actionId,
    value,
    values: {},
  });
}

/** All words of a message's blocks, in order, for looking into. */
export const wordsOf = (blocks: unknown): string =>
  JSON.stringify(blocks)
    .match(/"(?:text|fallback|user_id)":"((?:[^"\\]|\\.)*)"/g)
    ?.map((hit) => JSON.parse(`{${hit}}`))
    .map((hit) => Object.values(hit).join(''))
    .join('') ?? '';

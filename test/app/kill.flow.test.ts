import { eq, inArray, isNull, ne } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '#src/clock.ts';
import { openDatabase } from '#src/ledger/database.ts';
import { changes, decisions, intents, outbox, pending, runs } from '#src/ledger/tables/index.ts';
import { seed } from '#src/playground/data/seed.ts';
import type { PageMessage, PageRecords, PageState } from '#src/playground/page-server/api.ts';
import { recordsOf } from '#src/playground/page-server/records.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import type { Customer } from '#src/playground/vendors/cin7-core/state.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import type { Health } from '#src/web/health.ts';
import { buttonsOf } from '#test/support/person.ts';
import { type Process, startProcess, temporaryFolder } from '#test/support/process.ts';
import { textOf } from '#test/support/reading.ts';
import { until } from '#test/support/until.ts';

const priya = 'U0PRIYA001';
const channel = 'C0SYNCCUST';
const minute = 60_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('is killed again and again, carries on by itself, loses nothing and does nothing twice', {
  timeout: 6 * minute,
}, async () => {
  const folder = temporaryFolder();
  skipFirstMinute(folder);
  const start = () => startProcess({ env: { TRUCE_DATA_DIR: folder } });
  const stand = async () => {
    const process = await start();
    await process.says('Stop with Ctrl-C');
    return process;
  };

  // While it makes the practice company's past.
  let truce = await start();
  await truce.says('Living through');
  await pause(1500);
  await truce.end('SIGKILL');

  // As soon as it stands.
  truce = await stand();
  await truce.end('SIGKILL');

  // In the middle of a run that brings forty changes.
  truce = await stand();
  await disagree(truce);
  expect((await truce.post('/practice/burst', { count: 40 })).status).toBe(200);
  await until(async () => (await lastRun(truce)) === 'running');
  await pause(400);
  await truce.end('SIGKILL');

  // Right after somebody chose.
  truce = await stand();
  const asked = await message(truce, /Which is right\? Platypus Windows/);
  await press(truce, asked, 'Use Xero');
  await truce.end('SIGKILL');

  // As soon as it said that all is settled.
  truce = await stand();
  await chooseIfStillAsked(truce, asked);
  await message(truce, /Settled: Platypus Windows/);
  await truce.end('SIGKILL');

  truce = await stand();
  await untilNothingIsNew(truce);
  await until(async () => (await health(truce)).posts?.waiting === 0, minute);
  const messages = (await stateOf(truce)).messages.filter((one) => one.channel === channel);
  expect(await truce.end('SIGINT')).toBe(0);

  expect(doubled(messages.map((one) => `${one.threadTs ?? ''} ${textOf(one)}`))).toEqual([]);
  const about = messages.filter((one) => one.threadTs === null && textOf(one).includes('Platypus Windows'));
  expect(about.map(({ ts }) => ts)).toEqual([asked.ts]);
  await checkSystems(folder);
  await checkLedger(folder);
});

/** As on any later day: nobody types into the cards but this test. */
function skipFirstMinute(folder: string): void {
  const store = openStore(folder);
  store.collection('page.first-minute').set('customers', { playedAt: '2026-11-20T00:00:00.000Z' });
  store.close();
}

async function stateOf(truce: Process): Promise<PageState> {
  return (await (await truce.get(`/practice/state?as=${priya}`)).json()) as PageState;
}

const health = async (truce: Process) => (await (await truce.get('/health')).json()) as Health;
const lastRun = async (truce: Process) => (await health(truce)).flows.customers?.lastRun?.state;

/** Two people type another street for one customer, which is none of those that the burst changes. */
async function disagree(truce: Process): Promise<void> {
  const { records } = (await (await truce.get('/practice/records?kind=customer')).json()) as PageRecords;
  const { id } = records.find(({ title }) => title === 'Platypus Windows') ?? { id: '' };
  expect((await truce.post('/practice/focus', { id })).status).toBe(200);
  const { cards } = await stateOf(truce);
  const streets = { hubspot: ['address', '1 First St'], xero: ['AddressLine1', '2 Second St'] } as const;
  for (const [system, [key, value]] of Object.entries(streets)) {
    const externalId = cards.find((card) => card.system === system)?.externalId;
    const edit = { as: priya, system, externalId, values: { [key]: value } };
    expect((await truce.post('/practice/edit', edit)).status).toBe(200);
  }
}

const message = (truce: Process, words: RegExp): Promise<PageMessage> =>
  until(async () => (await stateOf(truce)).messages.findLast((one) => words.test(textOf(one))), 2 * minute);

async function press(truce: Process, on: PageMessage, label: string): Promise<void> {
  const button = buttonsOf(on).find((one) => one.label === label);
  if (!button) throw new Error(`there is no button ${label}`);
  const { blockId, actionId, value } = button;
  const click = { as: priya, channel, ts: on.ts, viewId: null, blockId, actionId, value, values: {} };
  expect((await truce.post('/practice/action', click)).status).toBe(200);
}

/** Slack counts a click as delivered once it was acknowledged: the kill may have come between that and the decision. */
async function chooseIfStillAsked(truce: Process, asked: PageMessage): Promise<void> {
  await pause(3000);
  const now = (await stateOf(truce)).messages.find(({ ts }) => ts === asked.ts);
  if (now && buttonsOf(now).some(({ label }) => label === 'Use Xero')) await press(truce, now, 'Use Xero');
}

/** By its own runs; only the last ones are asked for, so as not to wait for the next minute. */
async function untilNothingIsNew(truce: Process): Promise<void> {
  await until(async () => {
    await truce.post('/practice/command', {
      as: priya,
      channel,
      threadTs: null,
      text: '/sync run customers',
    });
    await pause(2000);
    const last = truce.out().trimEnd().split('\n').slice(-2);
    return last.length === 2 && last.every((line) => line.includes('nothing new'));
  }, 2 * minute);
}

const doubled = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i);
const digits = (phone: string | undefined) => (phone ?? '').replace(/\D/g, '').replace(/^61/, '0');

/** What the three systems hold in the end, read from their own store. */
async function checkSystems(folder: string): Promise<void> {
  const store = openStore(folder);
  const clock = systemClock;
  const vendors = [
    await startHubSpot({ store, clock }),
    await startXero({ store, clock }),
    await startCin7Core({ store, clock }),
  ];
  onTestFinished(async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()));
    store.close();
  });
  const planted = seed(systemClock.now());
  expect(vendors.map((vendor) => vendor.cards().length)).toEqual([
    planted.hubspot.length,
    // One customer was in HubSpot alone, and is made in the others: once.
    planted.xero.length + 1,
    planted.cin7Core.length + 1,
  ]);
  const held = recordsOf('customer', vendors).map(({ title, cards }) => ({
    title,
    values: (label: RegExp) =>
      cards.map((card) => card.fields.find((field) => label.test(field.label))?.value),
  }));
  const burst = held.filter(({ values }) => digits(values(/phone/i)[0]).startsWith('025550'));
  expect(burst.length).toBeGreaterThanOrEqual(40);
  const apart = burst.filter(({ values }) => new Set(values(/phone/i).map(digits)).size > 1);
  expect(apart.map(({ title, values }) => [title, values(/phone/i)])).toEqual([]);
  const street = held
    .find(({ title }) => title === 'Platypus Windows')
    ?.values(/street|billing address|address line 1/i);
  expect(street).toEqual(['2 Second St', '2 Second St', '2 Second St']);
  const items = ({ ID, Addresses, Contacts }: Customer) => `${ID}: ${Addresses.length}, ${Contacts.length}`;
  const isPlanted = ({ ID }: Customer) => planted.cin7Core.some((customer) => customer.ID === ID);
  expect(store.collection<Customer>('cin7-core.customers').all().filter(isPlanted).map(items)).toEqual(
    planted.cin7Core.map(items),
  );
}

/** What the ledger holds in the end: nothing half done. */
async function checkLedger(folder: string): Promise<void> {
  const quiet = { warn: () => undefined, error: () => undefined };
  const { db, close } = await openDatabase({ databaseUrl: null, dataDir: folder, log: quiet });
  onTestFinished(close);
  const left = await db.select().from(changes).where(isNull(changes.closedAt));
  expect(left.filter(({ state }) => state !== 'held')).toEqual([]);
  expect(await db.select().from(pending)).toEqual([]);
  expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);
  expect(await db.select().from(runs).where(eq(runs.state, 'running'))).toEqual([]);
  expect(await db.select().from(outbox).where(ne(outbox.state, 'sent'))).toEqual([]);
  const killed = await db.select().from(runs).where(eq(runs.state, 'abandoned'));
  expect(killed.length, 'a run was killed in the middle').toBeGreaterThan(0);
  const about = (await db.select().from(changes)).filter(({ subject }) => subject === 'Platypus Windows');
  const ids = about.map(({ id }) => id);
  expect(await db.select().from(decisions).where(inArray(decisions.changeId, ids))).toHaveLength(1);
}

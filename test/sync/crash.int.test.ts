import { asc, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { agreed, changes, conflicts, intents, pending, records, runs } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { cin7, type Engine, hubspot, openEngine, xero } from '#test/support/engine.ts';

/** Where a run can die, and the how many-th time it comes there. */
const places: readonly (readonly [point: string, times: number])[] = [
  ['staged', 1],
  ['staged', 3],
  ['matched', 1],
  ['decided', 1],
  ['intents', 1],
  ['sent', 1],
  ['sent', 2],
  ['outcomes', 1],
  ['outcomes', 2],
];
/** Each place for the first run, with another one for the run that saves a decision. */
const pairs = places.map((place, i) => [...place, ...(places[(i + 4) % places.length] ?? place)] as const);
const leaseMs = 30_000;
const priya = 'U0PRIYA001';

/** A process that stands still in the middle of a run, as if it were gone. */
interface Asleep {
  wake(): void;
  readonly ended: Promise<unknown>;
}
type Crash = (engine: Engine) => Promise<Asleep | null>;

const unharmed: Crash = async () => null;

/** The run ends on an error of its own, and frees its lease. */
const stumble =
  (point: string, times: number): Crash =>
  async (engine) => {
    let left = times;
    await engine.run({}, async (passed) => {
      if (passed === point && --left === 0) throw new Error('the process stumbled');
    });
    expect(left, 'the run came to that place').toBeLessThanOrEqual(0);
    return null;
  };

/** Nothing more is heard of the process, and its lease lapses. */
const fallAsleep =
  (point: string, times: number): Crash =>
  async (engine) => {
    const reached = Promise.withResolvers<void>();
    const awake = Promise.withResolvers<void>();
    let left = times;
    const ended = engine.run({}, async (passed) => {
      if (passed === point && --left === 0) reached.resolve();
      if (left <= 0) await awake.promise;
    });
    await Promise.race([reached.promise, ended]);
    expect(left, 'the run came to that place').toBe(0);
    engine.clock.advance(leaseMs + 1);
    return { wake: awake.resolve, ended };
  };

/** What people did: values that flow from each system, one that is put back, and a disagreement. */
function editAll(engine: Engine): void {
  engine.edit(hubspot, 0, { phone: '(02) 5550 7777' });
  engine.edit(xero, 0, { PaymentTerms: '30 days' });
  engine.edit(cin7, 1, { Phone: '(08) 5550 8888' });
  engine.edit(hubspot, 2, { billing_email: 'sales@example.com' });
  engine.edit(xero, 2, { EmailAddress: 'accounts@example.com' });
}

async function decide({ database: { db }, clock, agreement }: Engine): Promise<void> {
  const open = await db.select().from(conflicts).where(eq(conflicts.state, 'open'));
  expect(open.map(({ field }) => field)).toEqual(['email']);
  for (const { changeId, field, optionsRevision: revision } of open) {
    const how = { changeId, field, revision, from: xero, by: priya };
    await decideConflict(db, { ...how, now: clock.now(), agreementVersion: agreement.version });
  }
}

/** Runs until there is nothing left to do, with a decision on the way. A process that slept wakes up when all is done. */
async function live(engine: Engine, first = unharmed, second = unharmed): Promise<void> {
  editAll(engine);
  const before = await first(engine);
  await engine.run();
  await decide(engine);
  const after = await second(engine);
  await engine.run();
  await engine.run();
  for (const asleep of [before, after]) asleep?.wake();
  await Promise.all([before?.ended, after?.ended]);
  await engine.run();
}

/** All that has to be the same, whether or not a process died on the way. */
async function endOf({ database: { db }, vendors }: Engine) {
  const titles = new Map((await db.select().from(records)).map(({ id, title }) => [id, title]));
  const settled = (await db.select().from(agreed)).map(
    ({ recordId, field, value, settledBy }) => [titles.get(recordId), field, value, settledBy] as const,
  );
  const told = await db.select().from(changes).orderBy(asc(changes.subject), asc(changes.openedAt));
  const asked = await db.select().from(conflicts);
  return {
    cards: Object.values(vendors).map((vendor) => vendor.cards().map(({ updatedAt: _, ...card }) => card)),
    agreed: settled.toSorted((a, b) => `${a[0]}/${a[1]}`.localeCompare(`${b[0]}/${b[1]}`)),
    changes: told.map(({ subject, state, hold }) => [subject, state, hold]),
    decisions: asked.map(({ field, state, chosen }) => [field, state, chosen?.from, chosen?.by]),
    pending: await db.select().from(pending),
    running: await db.select().from(runs).where(eq(runs.state, 'running')),
    unfinished: await db.select().from(intents).where(isNull(intents.finishedAt)),
    items: await countItems(vendors[cin7]),
  };
}

/** How many addresses and contacts each Cin7 customer has: they grow when one is sent without its id. */
async function countItems({ baseUrl, env }: Engine['vendors']['cin7-core']) {
  const answer = await fetch(`${baseUrl}/customer?Page=1&Limit=100&IncludeDeprecated=true`, {
    headers: {
      'api-auth-accountid': env.CIN7_ACCOUNT_ID ?? '',
      'api-auth-applicationkey': env.CIN7_APPLICATION_KEY ?? '',
    },
  });
  const { CustomerList } = (await answer.json()) as {
    CustomerList: { Addresses: unknown[]; Contacts: unknown[] }[];
  };
  return CustomerList.map(({ Addresses, Contacts }) => [Addresses.length, Contacts.length]);
}

/** How often each record was changed, by a person or by us. */
function countTouches(engine: Engine): Readonly<Record<string, number>> {
  const touches: Record<string, number> = {};
  for (const vendor of Object.values(engine.vendors)) {
    vendor.onChange((id) => {
      const key = `${vendor.system} ${id}`;
      touches[key] = (touches[key] ?? 0) + 1;
    });
  }
  return touches;
}

describeOnBothDatabases('promise 17, crash-safe: a run that dies', (open, kind) => {
  const lived = async (first?: Crash, second?: Crash) => {
    const engine = await openEngine(await open());
    const touches = countTouches(engine);
    const planted = await countItems(engine.vendors[cin7]);
    await live(engine, first, second);
    return { ...(await endOf(engine)), touches, planted };
  };
  let known: Promise<Awaited<ReturnType<typeof lived>>> | undefined;
  const undisturbed = () => {
    known ??= lived();
    return known;
  };

  it('has something to lose: values go both ways, and a person decides', async () => {
    const { changes, decisions, pending, running, unfinished, items, touches } = await undisturbed();
    expect(changes.map(([, state]) => state)).toEqual(['settled', 'settled', 'settled']);
    expect(decisions).toEqual([['email', 'confirmed', xero, priya]]);
    expect([pending, running, unfinished]).toEqual([[], [], []]);
    const { planted } = await undisturbed();
    expect(items).toEqual(planted);
    // Five edits of people, and one write of ours for each record that had to follow.
    expect(Object.values(touches).reduce((sum, times) => sum + times)).toBe(5 + 6);
  });

  it.each(pairs)(
    'without a word at “%s” (%i), then on an error at “%s” (%i), leaves no trace, even when it wakes up later',
    async (point, times, other, otherTimes) => {
      expect(await lived(fallAsleep(point, times), stumble(other, otherTimes))).toEqual(await undisturbed());
    },
  );

  // PGlite is slow, and the engine is the same.
  it.each(kind === 'PGlite' ? pairs.slice(0, 2) : pairs)(
    'on an error at “%s” (%i), then without a word at “%s” (%i), leaves no trace',
    async (point, times, other, otherTimes) => {
      expect(await lived(stumble(point, times), fallAsleep(other, otherTimes))).toEqual(await undisturbed());
    },
  );

  it('again and again, a step further each time, comes to the same end', async () => {
    const everywhere: Crash = async (engine) => {
      for (const point of ['staged', 'matched', 'decided', 'intents', 'sent', 'outcomes']) {
        await stumble(point, 1)(engine).catch(() => undefined);
      }
      return null;
    };
    expect(await lived(everywhere, everywhere)).toEqual(await undisturbed());
  });

  it('does no harm with writes that arrived but were never answered: none is made twice over', async () => {
    const engine = await openEngine(await open());
    editAll(engine);
    for (const vendor of Object.values(engine.vendors))
      vendor.setFault({ kind: 'cut_after_write', times: 1 });
    await engine.run();
    await engine.run();
    await decide(engine);
    for (const vendor of Object.values(engine.vendors))
      vendor.setFault({ kind: 'cut_after_write', times: 1 });
    await engine.run();
    for (const vendor of Object.values(engine.vendors)) vendor.setFault(null);
    await engine.run();
    // The client may have sent a full value by id again: nothing but the count of saves tells.
    const { touches: _, planted: __, ...end } = await undisturbed();
    expect(await endOf(engine)).toEqual(end);
  });

  it('forgets no write that arrived because another system has yet to be written', async () => {
    const engine = await openEngine(await open());
    engine.edit(hubspot, 0, { phone: '0870104990' });
    engine.vendors.xero.setFault({ kind: 'cut_after_write' });
    engine.vendors[cin7].setFault({ kind: 'writes_refused', message: 'later', times: 1 });
    const { db } = engine.database;
    await engine
      .run({}, async (point) => {
        if (point === 'sent') throw new Error('killed');
      })
      .catch(() => undefined);
    for (const vendor of Object.values(engine.vendors)) vendor.setFault(null);
    // As a dead process leaves them: nobody knows what became of either.
    await db.update(intents).set({ state: 'in_flight', finishedAt: null });
    await engine.run();
    await engine.run();
    const written = await db.select().from(intents);
    expect(written.filter((one) => one.connection === xero).map((one) => one.state)).toEqual(['done']);
    expect(
      written
        .filter((one) => one.connection === cin7)
        .map((one) => one.state)
        .sort(),
    ).toEqual(['abandoned', 'done']);
  });
});

import { asc, eq } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { type Alerts, createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { acknowledgeIncident } from '#src/ledger/alerts/incidents.ts';
import { timeAwayOf } from '#src/ledger/alerts/time-away.ts';
import { openDatabase } from '#src/ledger/database.ts';
import { takeLease } from '#src/ledger/leases.ts';
import {
  changes,
  facts,
  hints,
  incidentEvents,
  incidents,
  links,
  outbox,
  records,
  runs,
  staged,
} from '#src/ledger/tables/index.ts';
import type { RunFailure } from '#src/ledger/tables/runs.ts';
import { describeOn, describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { addRun, agreement } from './practice-flow.ts';

const signIn: RunFailure = { cause: 'auth', connection: 'xero', message: 'Xero has refused our sign-in.' };
const at = (time: string) => new Date(`2026-11-20T${time}Z`);

async function start(open: Open, time = '10:00:00') {
  const { db, options } = await open();
  const clock = manualClock(at(time));
  const lines: string[] = [];
  const say = (_: object, line: string) => void lines.push(line);
  const log = { info: say, warn: say, error: say };
  const watching = (): Alerts => {
    const alerts = createAlerts({ db, clock, log, agreement: () => agreement });
    onTestFinished(alerts.stop);
    return alerts;
  };
  const alerts = watching();
  await alerts.tick();
  const problems = () => db.select().from(incidents).orderBy(asc(incidents.id));
  const said = async () =>
    (await db.select().from(outbox).orderBy(asc(outbox.createdAt))).map(
      ({ template, kind }) => template ?? kind,
    );
  return { db, options, clock, lines, log, alerts, watching, problems, said };
}

describeOnBothDatabases('the watch over the runs', (open) => {
  it('makes one alert of many failures, edits it, recovers it by itself, and takes it up again when it comes back', async () => {
    const { db, clock, lines, alerts, problems, said } = await start(open);
    const first = await addRun(db, at('10:00:01'), { failures: [signIn] });
    for (const time of ['10:00:02', '10:00:03']) await addRun(db, at(time), { failures: [signIn] });
    await alerts.tick();
    expect(await problems()).toMatchObject([
      { cause: 'auth', connection: 'xero', state: 'open', events: 3, correlationId: first.correlationId },
    ]);
    expect(await said()).toEqual(['card']);

    clock.set(at('10:16:00'));
    await addRun(db, at('10:15:00'), {
      counts: { read: 3, changed: 3, written: 6, settled: 3, conflicts: 0, held: 0, malformed: 0 },
    });
    await alerts.tick();
    expect(await problems()).toMatchObject([
      { state: 'recovered', recoveredAt: at('10:15:01'), data: { caughtUp: 3 } },
    ]);
    expect(await said()).toEqual(['card', 'incident_recovered']);

    clock.set(at('10:31:00'));
    await addRun(db, at('10:30:00'), { failures: [signIn] });
    await alerts.tick();
    expect(await problems()).toMatchObject([{ state: 'open', returns: 1, recoveredAt: null }]);
    expect(await said()).toEqual(['card', 'incident_recovered', 'incident_returned']);

    const kinds = (await db.select().from(incidentEvents).orderBy(asc(incidentEvents.id))).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['opened', 'again', 'again', 'recovered', 'returned']);
    expect(lines).toEqual([
      'Customers: alert 1. Xero has refused our sign-in.',
      'Customers: alert 1 is over, it works again',
      'Customers: alert 1 is back. Xero has refused our sign-in.',
    ]);
  });

  it('looks by itself once started', async () => {
    const { db, clock, log, problems } = await start(open);
    clock.advance(60_000);
    const alerts = createAlerts({ db, clock, log, agreement: () => agreement, everyMs: 10 });
    onTestFinished(alerts.stop);
    await addRun(db, at('10:00:01'), { failures: [signIn] });
    alerts.start();
    await expect.poll(problems).toMatchObject([{ state: 'open' }]);
  });

  it('judges each run once, also after a restart', async () => {
    const { db, alerts, watching, problems } = await start(open);
    await addRun(db, at('10:00:01'), { failures: [signIn] });
    await alerts.tick();
    await alerts.stop();
    const next = watching();
    await next.tick();
    await next.tick();
    expect(await problems()).toMatchObject([{ events: 1 }]);
  });

  it('counts what waits, and says in the thread when it has doubled', async () => {
    const { db, alerts, problems, said } = await start(open);
    const wait = (from: number, to: number) =>
      db.insert(staged).values(
        Array.from({ length: to - from }, (_, i) => ({
          runId: 1,
          flow: 'customers',
          connection: 'hubspot',
          externalId: String(from + i),
          state: 'staged' as const,
          stagedAt: at('10:00:00'),
        })),
      );
    const change = {
      flow: 'customers',
      openedAt: at('10:00:00'),
      updatedAt: at('10:00:00'),
      revision: 1,
      agreementVersion: 1,
    };
    await db.insert(changes).values([
      { ...change, id: 'tr-A', subject: 'a', state: 'writing' },
      { ...change, id: 'tr-B', subject: 'b', state: 'asking' },
    ]);
    await wait(0, 6);
    await addRun(db, at('10:00:01'), { failures: [signIn] });
    await alerts.tick();
    expect(await problems()).toMatchObject([{ data: { waiting: 7, waitingAtOpening: 7 }, revision: 1 }]);
    await wait(6, 13);
    await addRun(db, at('10:00:02'), { failures: [signIn] });
    await alerts.tick();
    expect(await problems()).toMatchObject([{ data: { waiting: 14, waitingAtOpening: 7 }, revision: 2 }]);
    expect(await said()).toEqual(['card', 'incident_doubled']);
  });

  it('asks to read one record while a vanished field may be back, and believes only what was read', async () => {
    const { db, alerts, problems } = await start(open);
    await db
      .insert(records)
      .values({ id: 'r1', entity: 'customer', title: 'Example', keyValue: null, createdAt: at('09:00:00') });
    await db.insert(links).values({
      recordId: 'r1',
      connection: 'xero',
      role: 'contact',
      externalId: 'x-1',
      how: 'abn',
      linkedAt: at('09:00:00'),
    });
    const vanished: RunFailure = {
      cause: 'drift',
      connection: 'xero',
      field: 'phone',
      message: 'Xero no longer sends the phone.',
    };
    await addRun(db, at('10:00:01'), { state: 'done', failures: [vanished] });
    await alerts.tick();
    await addRun(db, at('10:00:02'));
    await alerts.tick();
    expect(await problems()).toMatchObject([{ cause: 'drift', state: 'open', data: { field: 'phone' } }]);
    expect(await db.select().from(hints)).toMatchObject([{ connection: 'xero', externalId: 'x-1' }]);

    await addRun(db, at('10:00:03'));
    await db.update(links).set({ readAt: at('10:00:03') });
    await alerts.tick();
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
  });

  it('raises a delay alert for a run that does not start, and recovers it with a later one', async () => {
    const { db, clock, alerts, problems, said } = await start(open);
    await addRun(db, at('10:00:00'));
    await walkTo(alerts, clock, at('10:17:59'));
    expect(await problems()).toEqual([]);
    clock.set(at('10:18:00'));
    await alerts.tick();
    await alerts.tick();
    expect(await problems()).toMatchObject([
      { cause: 'late', state: 'open', events: 1, data: { missedSlot: at('10:15:00').toISOString() } },
    ]);
    expect((await problems())[0]?.message).toBe('The run due at 9:15 pm has not started.');
    await addRun(db, at('10:30:00'));
    await alerts.tick();
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
    expect(await said()).toEqual(['card', 'incident_recovered']);
  });

  it('is not alarmed by a run under way, a wait that a system asked for, or the very first start', async () => {
    const { db, clock, alerts, problems } = await start(open);
    await alerts.tick();
    expect(await problems()).toEqual([]);
    const busy: RunFailure = {
      cause: 'busy',
      connection: 'xero',
      message: 'Xero asks us to wait.',
      resumeAt: at('10:40:00').toISOString(),
    };
    await addRun(db, at('10:00:00'), { state: 'parked', failures: [busy], resumeAt: at('10:40:00') });
    await walkTo(alerts, clock, at('10:42:00'));
    expect(await problems()).toMatchObject([{ cause: 'busy', data: { resumeAt: busy.resumeAt } }]);

    const run = await addRun(db, at('10:42:30'), { state: 'running', finishedAt: null });
    await takeLease(db, { name: 'flow', owner: run.owner, now: at('10:42:30'), ms: 40 * 60_000 });
    await walkTo(alerts, clock, at('11:20:00'));
    expect(await problems()).toHaveLength(1);
  });

  it('tells of a run whose process died, until the next one ends well', async () => {
    const { db, clock, alerts, problems } = await start(open);
    const run = await addRun(db, at('10:00:00'), { state: 'running', finishedAt: null });
    await takeLease(db, { name: 'flow', owner: run.owner, now: at('10:00:00'), ms: 30_000 });
    await walkTo(alerts, clock, at('10:03:29'));
    expect(await problems()).toEqual([]);
    await walkTo(alerts, clock, at('10:03:31'));
    expect(await problems()).toMatchObject([
      { cause: 'stuck', state: 'open', correlationId: run.correlationId },
    ]);
    await db
      .update(runs)
      .set({ state: 'abandoned', finishedAt: at('10:04:00') })
      .where(eq(runs.id, run.id));
    await addRun(db, at('10:04:01'));
    await alerts.tick();
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
  });

  it('notes the time away once, instead of alarms for every slot that passed', async () => {
    const { db, clock, alerts, problems } = await start(open);
    await addRun(db, at('10:00:00'));
    await alerts.tick();
    clock.set(at('13:00:30'));
    await alerts.tick();
    await alerts.tick();
    expect(await problems()).toEqual([]);
    const subject = `sync-customers:${at('10:00:00').toISOString()}`;
    const [card, ...others] = await db.select().from(outbox);
    expect([card, ...others]).toMatchObject([{ kind: 'card', subject: `time_away:${subject}`, wanted: 1 }]);
    const away = { from: at('10:00:00'), to: at('13:00:30') };
    const missed = { flow: 'customers', slots: 12, caughtUp: null };
    expect(await timeAwayOf(db, subject)).toEqual({ ...away, missed: [missed] });
    const alive = await db.select().from(facts).where(eq(facts.name, 'alive'));
    expect(alive).toMatchObject([{ at: at('13:00:30') }]);
    // But if it does not catch up then, that is late.
    await walkTo(alerts, clock, at('13:04:00'));
    expect(await problems()).toMatchObject([{ cause: 'late' }]);
  });

  it('says on the message of the time away, once, that everything missed is caught up', async () => {
    const { db, clock, alerts } = await start(open);
    await addRun(db, at('10:00:00'));
    await alerts.tick();
    clock.set(at('13:00:30'));
    await alerts.tick();
    const counts = { read: 50, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0, changed: 41 };
    const subject = `sync-customers:${at('10:00:00').toISOString()}`;
    const after = async () => {
      await alerts.tick();
      const [card] = await db.select().from(outbox).where(eq(outbox.kind, 'card'));
      return { wanted: card?.wanted, caughtUp: (await timeAwayOf(db, subject))?.missed[0]?.caughtUp };
    };
    // Neither one that failed, nor one that only looked at what a webhook named, read all that was missed.
    await addRun(db, at('13:00:31'), { trigger: 'hint', counts });
    await addRun(db, at('13:00:32'), { failures: [{ ...signIn, cause: 'busy' }], counts, state: 'parked' });
    expect(await after()).toMatchObject({ wanted: 1, caughtUp: null });
    await addRun(db, at('13:00:33'), { counts });
    await db
      .insert(hints)
      .values({ connection: 'xero', externalId: '1', receivedAt: at('13:00:00'), events: 1 });
    expect(await after()).toMatchObject({ wanted: 1, caughtUp: null });
    await db.delete(hints);
    expect(await after()).toEqual({ wanted: 2, caughtUp: { at: at('13:00:34'), changed: 41 } });
    expect(await after()).toMatchObject({ wanted: 2 });
  });

  it('asks again when the time of who took it on is over', async () => {
    const { db, clock, alerts, problems, said } = await start(open);
    await addRun(db, at('10:00:01'), { failures: [signIn] });
    await alerts.tick();
    const taken = { id: 1, revision: 1, by: 'U0TOMW0001', until: at('11:00:00'), at: at('10:01:00') };
    expect(await db.transaction((tx) => acknowledgeIncident(tx, taken))).toMatchObject({
      state: 'acknowledged',
      revision: 2,
    });
    expect(await db.transaction((tx) => acknowledgeIncident(tx, taken))).toBeNull();
    await addRun(db, at('10:15:00'), { failures: [signIn] });
    await addRun(db, at('10:45:00'), { failures: [signIn] });
    await walkTo(alerts, clock, at('10:47:00'));
    expect(await problems()).toMatchObject([{ state: 'acknowledged', acknowledgedBy: 'U0TOMW0001' }]);
    await addRun(db, at('11:00:00'), { failures: [signIn] });
    await walkTo(alerts, clock, at('11:00:30'));
    expect(await problems()).toMatchObject([{ state: 'open', acknowledgedBy: null }]);
    expect(await said()).toEqual(['card', 'incident_asked_again']);
  });
});

describeOn('PostgreSQL', 'several replicas', (open) => {
  it('judge every run once between them', async () => {
    const { db, options, clock, log, problems } = await start(open);
    const others = await Promise.all([1, 2].map(() => openDatabase({ ...options, log })));
    onTestFinished(async () => {
      await Promise.all(others.map(({ close }) => close()));
    });
    const replicas = others.map((other) =>
      createAlerts({ db: other.db, clock, log, agreement: () => agreement }),
    );
    onTestFinished(async () => {
      await Promise.all(replicas.map(({ stop }) => stop()));
    });
    for (let i = 1; i <= 9; i++) await addRun(db, at(`10:00:0${i}`), { failures: [signIn] });
    clock.advance(31_000);
    await Promise.all(replicas.flatMap(({ tick }) => [tick(), tick()]));
    expect(await problems()).toMatchObject([{ events: 9 }]);
  });
});

/** Looks often enough up to then not to seem away. */
async function walkTo(alerts: Alerts, clock: ReturnType<typeof manualClock>, until: Date): Promise<void> {
  while (clock.now() < until) {
    clock.set(new Date(Math.min(until.getTime(), clock.now().getTime() + 100_000)));
    await alerts.tick();
  }
}

import { asc, eq, sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import type { ActiveAgreement } from '#src/agreement/agreement.ts';
import { createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { moveChange, openChange, tell } from '#src/ledger/changes/changes.ts';
import { endLosses, noteLosses } from '#src/ledger/connections/losses.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { changes, incidents, records, runs } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { addRun, agreement as practice } from './practice-flow.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const { customers } = practice.flows;
if (!customers) throw new Error('the practice agreement has no customers');
const field = {
  field: 'legal_name',
  rule: 'overwrite',
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'hold',
  twoPeople: false,
  between: ['hubspot', 'xero'],
} as const;
const agreement: ActiveAgreement = {
  ...practice,
  flows: { customers: { ...customers, fields: { legal_name: field } } },
};

async function start(open: Open) {
  const { db } = await open();
  const clock = manualClock(at('00:00:00'));
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const labels = (id: string) => ({ xero: 'Xero', hubspot: 'HubSpot' })[id] ?? id;
  const alerts = createAlerts({ db, clock, log, agreement: () => agreement, labels });
  onTestFinished(alerts.stop);
  const problems = async () => {
    await alerts.tick();
    return (await db.select().from(incidents).orderBy(asc(incidents.id))).map(
      ({ cause, connection, state, message, data }) => ({ cause, connection, state, message, data }),
    );
  };
  await alerts.tick();
  return { db, clock, problems };
}

describeOnBothDatabases('the watch over the work', (open) => {
  it('drift: names a field that a system does not keep, since when and of how many records, until all are kept', async () => {
    const { db, clock, problems } = await start(open);
    const lost = (n: number) => ({
      connection: 'xero',
      recordId: `record ${n}`,
      changeId: 'tr-1',
      field: 'legal_name',
      kind: 'cut' as const,
    });
    await db.transaction((tx) => noteLosses(tx, [lost(1)], clock.now()));
    const message = (records: string) =>
      `Xero has not kept “Legal name” of ${records} as it was written, since 11:00 am.`;
    const unkept = { cause: 'loss', connection: 'xero', state: 'open', data: { field: 'Legal name' } };
    expect(await problems()).toMatchObject([{ ...unkept, message: message('1 customer') }]);
    clock.advance(60_000);
    await db.transaction((tx) => noteLosses(tx, [lost(1), lost(2)], clock.now()));
    expect(await problems()).toMatchObject([{ ...unkept, message: message('2 customers') }]);
    await db.transaction((tx) => endLosses(tx, [lost(1)], clock.now()));
    expect(await problems()).toMatchObject([{ state: 'open' }]);
    await db.transaction((tx) => endLosses(tx, [lost(2)], clock.now()));
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
  });

  it('budgets: tells at its start that the day’s calls will not do for a run, and once', async () => {
    const { db, problems } = await start(open);
    const message =
      'This run needs about 1,240 calls to Xero; 380 are left today. The rest follows at 2:00 pm.';
    const resumeAt = '2026-11-20T03:00:00.000Z';
    const note = {
      kind: 'budget_short',
      connection: 'xero',
      needs: 1_240,
      left: 380,
      resumeAt,
      message,
    } as const;
    const run = await addRun(db, at('00:00:00'), { state: 'running', finishedAt: null, notes: [note] });
    const told = { cause: 'budget', connection: 'xero', state: 'open', message, data: { resumeAt } };
    expect(await problems()).toMatchObject([told]);
    const failures = [{ cause: 'budget', connection: 'xero', message, resumeAt } as const];
    await db
      .update(runs)
      .set({ state: 'parked', failures, finishedAt: at('00:09:00') })
      .where(eq(runs.id, run.id));
    expect(await problems()).toMatchObject([told]);
    await addRun(db, at('03:00:00'));
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
  });

  it('drift: names what a system asks for now where it refuses several records for it, until it takes them', async () => {
    const { db, clock, problems } = await start(open);
    const refuse = (n: number, reason: string) =>
      db.transaction(async (tx) => {
        await tx.insert(records).values({
          id: `record ${n}`,
          entity: 'customer',
          title: `Company ${n}`,
          keyValue: null,
          createdAt: clock.now(),
        });
        const { id } = await openChange(tx, {
          recordId: `record ${n}`,
          flow: 'customers',
          subject: `Company ${n}`,
          runId: 1,
          agreementVersion: 1,
          now: clock.now(),
        });
        await tell(tx, [
          { changeId: id, at: clock.now(), kind: 'failed', connection: 'xero', data: { reason } },
        ]);
        await moveChange(tx, id, { state: 'failed', holdDetail: reason, now: clock.now() });
      });
    for (const n of [1, 2]) await refuse(n, 'Country is required');
    for (const n of [3, 4, 5]) await refuse(n, 'The phone is odd');
    clock.advance(5 * 60_000);
    expect(await problems()).toEqual([]);
    await refuse(6, 'Country is required');
    clock.advance(5 * 60_000);
    const told = {
      cause: 'drift',
      connection: 'xero',
      message:
        'Xero refuses 3 customers for one reason: “Country is required”. They are tried again once it is put right.',
    };
    expect(await problems()).toMatchObject([{ ...told, state: 'open' }]);
    // A run that reads Xero well says nothing of what Xero takes.
    await addRun(db, clock.now());
    expect(await problems()).toMatchObject([{ ...told, state: 'open' }]);
    await db.update(changes).set({ state: 'settled', closedAt: clock.now() });
    expect(await problems()).toMatchObject([{ ...told, state: 'recovered' }]);
  });

  it('backlog: tells of many that wait for long and do not become fewer, and of nothing that another problem explains', async () => {
    const { db, clock, problems } = await start(open);
    const name = (from: number, to: number) =>
      addHints(db, {
        connection: 'xero',
        externalIds: Array.from({ length: to - from }, (_, n) => `contact ${from + n}`),
        now: clock.now(),
      });
    await name(0, 1_234);
    expect(await problems()).toEqual([]);
    for (const minutes of [5, 5, 5]) {
      expect(await problems()).toEqual([]);
      clock.advance(minutes * 60_000);
      await addRun(db, clock.now());
    }
    expect(await problems()).toMatchObject([
      {
        cause: 'backlog',
        connection: null,
        state: 'open',
        message:
          'About 1,200 customers wait to be worked off, the oldest since 11:00 am, and they do not become fewer.',
        data: { waiting: 1_234 },
      },
    ]);
    await db.execute(sql`delete from hints where external_id <> 'contact 1'`);
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);

    const signIn = { cause: 'auth', connection: 'xero', message: 'Xero has refused our sign-in.' } as const;
    clock.advance(60 * 60_000);
    await name(0, 1_000);
    await problems();
    for (const minutes of [5, 5, 5, 5]) {
      clock.advance(minutes * 60_000);
      await addRun(db, clock.now(), { failures: [signIn] });
      await problems();
    }
    expect((await problems()).map(({ cause, state }) => [cause, state])).toEqual([
      ['backlog', 'recovered'],
      ['auth', 'open'],
    ]);
  });
});

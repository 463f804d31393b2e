import { asc } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { changes, incidents, records, runs } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { agreement as practice } from './practice-flow.ts';

const minute = 60_000;
const hour = 60 * minute;
const customers = { ...(practice.flows.customers as Flow), alertAfterPercent: 5 };
/** Noon on a Friday in Sydney, in the middle of a month. */
const noon = new Date('2026-11-20T01:00:00Z');
const counts = { read: 0, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0 };

async function start(open: Open) {
  const { db } = await open();
  const clock = manualClock(new Date(noon.getTime() - 29 * 24 * hour));
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const alerts = createAlerts({
    db,
    clock,
    log,
    agreement: () => ({ ...practice, flows: { customers } }),
  });
  onTestFinished(alerts.stop);
  await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
  let n = 0;
  const ran = (slot: Date, changed: number, more: Partial<typeof runs.$inferInsert> = {}) => ({
    flow: 'customers',
    slot,
    trigger: 'schedule' as const,
    state: 'done' as const,
    epoch: 1,
    owner: 'runner',
    correlationId: `tr-${String(++n).padStart(10, '0')}`,
    agreementVersion: 1,
    startedAt: slot,
    finishedAt: new Date(slot.getTime() + 1000),
    counts: { ...counts, changed },
    judged: true,
    ...more,
  });
  /** One run in every quarter of an hour of four weeks, until the clock's time; each brought three. */
  const history = async (until = noon) => {
    const rows: ReturnType<typeof ran>[] = [];
    for (let at = clock.now().getTime(); at < until.getTime(); at += 15 * minute)
      rows.push(ran(new Date(at), 3));
    for (let i = 0; i < rows.length; i += 1000) await db.insert(runs).values(rows.slice(i, i + 1000));
    clock.set(until);
  };
  const run = async (changed: number, more: Partial<typeof runs.$inferInsert> = {}) => {
    await db.insert(runs).values(ran(clock.now(), changed, more));
    clock.advance(15 * minute);
    await alerts.tick();
  };
  const problems = async () =>
    (await db.select().from(incidents).orderBy(asc(incidents.id))).map(({ cause, state, message }) => ({
      cause,
      state,
      message,
    }));
  return { db, clock, history, run, problems, alerts };
}

describeOnBothDatabases('unusual volume', (open) => {
  it('is told once, with what is usual, follows the numbers, and ends by itself', async () => {
    const { history, run, problems } = await start(open);
    await history();
    await run(3);
    expect(await problems()).toEqual([]);
    await run(3_409);
    const told = (message: string) => ({ cause: 'volume', state: 'open', message });
    expect(await problems()).toEqual([
      told('3,442 customers changed since 9:30 am; about 36 are usual by this time.'),
    ]);
    await run(600);
    expect(await problems()).toEqual([
      told('4,042 customers changed since 9:30 am; about 39 are usual by this time.'),
    ]);
    for (let i = 0; i < 12; i++) await run(3);
    expect(await problems()).toMatchObject([{ cause: 'volume', state: 'recovered' }]);
    // One such day is no custom; and what is back within half an hour is the same problem.
    await run(3_000);
    expect(await problems()).toMatchObject([{ cause: 'volume', state: 'open' }]);
  });

  it('is not told where a long break, a new agreement or a person explains it, nor in the first weeks', async () => {
    const { clock, history, run, problems } = await start(open);
    await history(new Date(noon.getTime() - 18 * 24 * hour));
    await run(3_409);
    expect(await problems()).toEqual([]);
    await history();
    await run(9_000, { trigger: 'reprocess' });
    await run(9_000, { agreementVersion: 2 });
    await run(3, { agreementVersion: 2 });
    expect(await problems()).toEqual([]);
    clock.advance(5 * hour);
    await run(9_000, { agreementVersion: 2 });
    expect(await problems()).toEqual([]);
  });

  it('tells that next to nothing changes where much is usual, until it is more again', async () => {
    const { history, run, problems } = await start(open);
    await history(new Date(noon.getTime() - 12 * hour));
    for (let i = 0; i < 40; i++) await run(0);
    expect(await problems()).toEqual([
      {
        cause: 'volume',
        state: 'open',
        message: expect.stringMatching(
          /^No customer changed since midnight; about \d+ are usual by this time\.$/,
        ),
      },
    ]);
    await run(40);
    expect(await problems()).toMatchObject([{ state: 'recovered' }]);
  });
});

describeOnBothDatabases('a threshold in percent of records', (open) => {
  it('opens once so many of the last day are refused, and ends when they are not', async () => {
    const { db, clock, problems, alerts } = await start(open);
    clock.set(noon);
    const add = async (n: number, state: 'settled' | 'failed') => {
      const at = clock.now();
      const id = (i: number) => `${state} ${at.getTime()} ${i}`;
      const all = Array.from({ length: n }, (_, i) => id(i));
      await db
        .insert(records)
        .values(
          all.map((one) => ({ id: one, entity: 'customer', title: one, keyValue: null, createdAt: at })),
        );
      await db.insert(changes).values(
        all.map((one) => ({
          id: one,
          flow: 'customers',
          recordId: one,
          subject: one,
          state,
          revision: 1,
          openedAt: at,
          updatedAt: at,
          closedAt: state === 'settled' ? at : null,
          agreementVersion: 1,
        })),
      );
      clock.advance(minute);
      await alerts.tick();
      return (await problems()).filter(({ cause }) => cause === 'refusals');
    };
    expect(await add(94, 'settled')).toEqual([]);
    expect(await add(4, 'failed')).toEqual([]);
    expect(await add(1, 'failed')).toEqual([
      {
        cause: 'refusals',
        state: 'open',
        message:
          'Of 99 customers that changed in the last day, 5 are refused: 5.1 %. The agreement asks for a word from 5 % on.',
      },
    ]);
    expect(await add(10, 'settled')).toMatchObject([{ state: 'recovered' }]);
  });
});

import { asc } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { applyMove } from '#src/alerts/apply.ts';
import { askAgain, climb, sayStillOpen } from '#src/alerts/climb.ts';
import { remind } from '#src/alerts/reminders.ts';
import { acknowledgeIncident, snoozeIncident } from '#src/ledger/alerts/incidents.ts';
import type { Tx } from '#src/ledger/db.ts';
import { incidents, interruptions, outbox } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { agreement } from './practice-flow.ts';

const [PRIYA, TOM] = ['U0PRIYA001', 'U0TOMW0001'];
const flow = agreement.flows.customers as Flow;
const at = (time: string, day = '2026-11-24') => new Date(`${day}T${time}:00+11:00`);
const sydney = (time: Date) =>
  time.toLocaleTimeString('en-AU', { timeZone: 'Australia/Sydney', hour12: false, timeStyle: 'short' });

async function start(open: Open) {
  const { db } = await open();
  const hold = <T>(work: (tx: Tx) => Promise<T>) => db.transaction(work);
  const raise = (time: Date) =>
    hold((tx) =>
      applyMove(
        tx,
        {
          kind: 'open',
          key: 'a',
          cause: 'auth',
          connection: 'xero',
          message: 'Xero refuses.',
          data: { waiting: 3 },
        },
        { flow: flow.id, agreement, at: time, runId: null, correlationId: 'tr-0000000001' },
      ),
    );
  /** What the watch does with problems and reminders, at one time. */
  const look = (now: Date) =>
    hold(async (tx) => {
      await askAgain(tx, agreement, now);
      await climb(tx, flow, agreement, now);
      await sayStillOpen(tx, agreement, now);
      await remind(tx, agreement, now);
    });
  const called = async () =>
    (await db.select().from(interruptions).orderBy(asc(interruptions.at), asc(interruptions.person))).map(
      ({ person, kind, at: time }) => `${sydney(time)} ${kind} ${person}`,
    );
  const said = async () =>
    (await db.select().from(outbox).orderBy(asc(outbox.createdAt))).flatMap(({ template }) => template ?? []);
  return { db, hold, raise, look, called, said };
}

describeOnBothDatabases('a problem that nobody takes on', (open) => {
  it('is the technical owner’s, then the business owner’s, in the channel for all to see', async () => {
    const { db, raise, look, called, said } = await start(open);
    await raise(at('14:15'));
    for (const time of ['14:16', '14:44']) await look(at(time));
    expect(await called()).toEqual([`14:15 problem ${TOM}`]);
    for (const time of ['14:45', '14:46', '15:30']) await look(at(time));
    expect(await called()).toEqual([`14:15 problem ${TOM}`, `14:45 unclaimed ${PRIYA}`]);
    expect(await said()).toEqual(['incident_escalated']);
    const [line] = (await db.select().from(outbox)).filter(({ template }) => template);
    expect(line).toMatchObject({ kind: 'line', params: { called: [PRIYA], broadcast: true } });
  });

  it('waits for the working day, and for whoever took it on or put it off', async () => {
    const { db, hold, raise, look, called, said } = await start(open);
    await raise(at('02:01'));
    for (const time of ['02:02', '03:00', '07:59']) await look(at(time));
    expect(await called()).toEqual([]);
    await look(at('08:00'));
    expect(await called()).toEqual([`08:00 unclaimed ${TOM}`]);
    const [before] = await db.select().from(incidents);
    const take = { id: 1, revision: before?.revision ?? 0, by: TOM, until: at('10:00') };
    await hold((tx) => acknowledgeIncident(tx, { ...take, at: at('08:01') }));
    for (const time of ['08:31', '09:00', '09:59']) await look(at(time));
    const mornings = [`09:00 digest ${PRIYA}`, `09:00 digest ${TOM}`];
    expect(await called()).toEqual([`08:00 unclaimed ${TOM}`, ...mornings]);
    await look(at('10:00'));
    expect((await said()).at(-1)).toBe('incident_asked_again');
    await hold((tx) => snoozeIncident(tx, { id: 1, by: TOM, until: at('11:00'), at: at('10:01') }));
    for (const time of ['10:31', '10:59']) await look(at(time));
    expect((await said()).at(-1)).toBe('incident_asked_again');
    for (const time of ['11:00', '11:01', '11:15', '11:30']) await look(at(time));
    // At eleven the technical owner had been called enough for what may be over soon.
    expect((await said()).slice(-3)).toEqual(['incident_awake', 'incident_unclaimed', 'incident_escalated']);
  });

  it('is pointed to from a new line on the next morning, once, and told to its owners', async () => {
    const { raise, look, called, said } = await start(open);
    await raise(at('16:01'));
    for (const time of ['09:01', '09:02', '13:00']) await look(at(time, '2026-11-25'));
    expect((await said()).filter((template) => template === 'still_open')).toHaveLength(1);
    expect(await called()).toContainEqual(`09:01 digest ${PRIYA}`);
  });
});

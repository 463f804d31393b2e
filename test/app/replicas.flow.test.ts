import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '#src/app.ts';
import { wakesDue } from '#src/jobs/due.ts';
import { changes, decisions, incidents, intents, runs } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { textOf } from '#test/support/reading.ts';
import { flowId, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

const minute = 60_000;
const hour = 60 * minute;
const leaseMs = 30_000;

describeOn('PostgreSQL', 'three replicas on one database', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let replicas: readonly App[];
  /** Set while the second replica's next run is to stand still after it has stored what it will send. */
  let sleep: { readonly begun: () => void; readonly over: Promise<void> } | null = null;

  beforeAll(async () => {
    truce = await openTruce('PostgreSQL', { webhooks: false });
    const second = await truce.another(async (point) => {
      if (point !== 'intents' || !sleep) return;
      sleep.begun();
      await sleep.over;
    });
    replicas = [truce.app, second, await truce.another()];
  }, 120_000);
  afterAll(async () => {
    for (const app of replicas?.slice(1) ?? []) await app.stop();
    await truce?.stop();
  });

  const db = () => truce.database.db;
  const scheduled = () =>
    db()
      .select()
      .from(runs)
      .where(and(eq(runs.flow, flowId), eq(runs.trigger, 'schedule')))
      .orderBy(asc(runs.slot));
  /** Later, with nothing under way: a lease must not lapse just because the test moves the clock. */
  const later = async (ms: number) => {
    await until(async () => {
      const [queue] = await db().execute<{ left: number }>(
        sql`select count(*)::int as left from pgboss.job where name = 'run-flow' and state < 'completed'`,
      );
      return queue?.left === 0;
    });
    truce.clock.advance(ms);
  };
  const wakeAll = () => Promise.all(replicas.map((app) => app.wake({ flow: flowId, trigger: 'schedule' })));
  const phones = (customer: string) =>
    [
      truce.held('hubspot', customer, 'Phone'),
      truce.held('xero', customer, 'Phone'),
      truce.held('cin7-core', customer, 'Contact phone'),
    ].map((phone) => phone.replace(/\D/g, '').slice(-8));
  const changesOf = (customer: string) => db().select().from(changes).where(eq(changes.subject, customer));

  it('run each slot once, whoever is woken and however often', async () => {
    const before = (await scheduled()).length;
    for (let slot = 1; slot <= 4; slot++) {
      await later(hour);
      await wakeAll();
      // Past the queue, all at once: the ledger alone has to keep them apart.
      const outcomes = await Promise.all(
        replicas.flatMap((app) => [
          app.runNow({ flow: flowId, trigger: 'schedule' }),
          app.runNow({ flow: flowId, trigger: 'schedule' }),
        ]),
      );
      expect(outcomes.filter(({ kind }) => kind === 'ran').length).toBeLessThanOrEqual(1);
      await until(
        async () => (await scheduled()).filter(({ state }) => state === 'done').length === before + slot,
      );
    }
    const slots = (await scheduled()).slice(-4).map(({ slot }) => slot.getTime());
    expect(slots.map((slot, i) => slot - (slots[0] ?? 0) - i * hour)).toEqual([0, 0, 0, 0]);
  });

  it('bring each change once', async () => {
    const customers = ['Corella Irrigation', 'Sandpiper Electrical', 'Bilby Engineering', 'Brolga Packaging'];
    customers.forEach((customer, i) => {
      truce.edit('hubspot', customer, { Phone: `(08) 7010 000${i}` });
    });
    await later(hour);
    await wakeAll();
    await Promise.all(replicas.map((app) => app.wake({ flow: flowId, trigger: 'command' })));
    await until(() =>
      customers.every((customer, i) => phones(customer).every((phone) => phone === `7010000${i}`)),
    );
    for (const customer of customers) {
      await until(async () => (await changesOf(customer)).every(({ state }) => state === 'settled'));
      const [change, ...more] = await changesOf(customer);
      expect(more).toEqual([]);
      const sent = await db()
        .select()
        .from(intents)
        .where(eq(intents.changeId, change?.id ?? ''));
      expect(sent.map(({ connection, state }) => `${connection} ${state}`).sort()).toEqual([
        'cin7-core done',
        'xero done',
      ]);
    }
  });

  it('take a decision once, whichever sockets the clicks come through', async () => {
    truce.edit('hubspot', 'Platypus Windows', { 'Street address': '1 First St' });
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '2 Second St' });
    await later(hour);
    await wakeAll();
    const asked = await truce.message('Which is right? Platypus Windows');
    const clicks = ['Use Xero', 'Use HubSpot', 'Use Xero', 'Use HubSpot', 'Use Xero', 'Use HubSpot'];
    await Promise.all(clicks.map((label) => truce.priya.press(asked, label)));
    const settled = await truce.message(/Settled: Platypus Windows/);
    expect(settled.ts).toBe(asked.ts);
    const [change] = await changesOf('Platypus Windows');
    const taken = await db()
      .select()
      .from(decisions)
      .where(eq(decisions.changeId, change?.id ?? ''));
    expect(taken).toHaveLength(1);
    const street = taken[0]?.from === 'xero' ? '2 Second St' : '1 First St';
    expect(truce.held('hubspot', 'Platypus Windows', 'Street address')).toBe(street);
    expect(truce.held('cin7-core', 'Platypus Windows', 'Address line 1')).toBe(street);
    expect(truce.channelMessages().filter((one) => textOf(one).includes('Platypus Windows'))).toHaveLength(1);
  });

  it('raise one alert, and close it once', async () => {
    await later(hour);
    truce.setFault('xero', { kind: 'server_error' });
    const alert = await until(async () => {
      truce.clock.advance(minute + 1000);
      await Promise.all(replicas.map((app) => app.runNow({ flow: flowId, trigger: 'command' })));
      await Promise.all(replicas.map((app) => app.alerts.tick()));
      return truce.channelMessages().find((one) => textOf(one).includes('Xero cannot be reached'));
    });
    truce.setFault('xero', null);
    await until(async () => {
      truce.clock.advance(minute + 1000);
      await Promise.all(replicas.map((app) => app.runNow({ flow: flowId, trigger: 'command' })));
      await Promise.all(replicas.map((app) => app.alerts.tick()));
      const [incident] = await db().select().from(incidents).where(eq(incidents.cause, 'unreachable'));
      return incident?.state === 'recovered';
    });
    expect(await db().select().from(incidents)).toHaveLength(1);
    await until(() => /works again|recovered|is over/i.test(textOf(truce.channelMessages().at(-1) ?? alert)));
    const about = truce.channelMessages().filter((one) => /alert \d+/i.test(textOf(one)));
    expect(about.map(({ ts }) => ts)).toEqual([alert.ts]);
  });

  it('take over what a dead one left, once its lease has lapsed; should it wake up, it changes nothing', async () => {
    const [first, second] = replicas as [App, App, App];
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    sleep = { begun: begun.resolve, over: over.promise };
    truce.edit('hubspot', 'Bluegum Joinery', { Phone: '(08) 7010 4444' });
    await later(5 * minute);
    const asleep = second.runNow({ flow: flowId, trigger: 'command' });
    await begun.promise;
    sleep = null;
    expect((await first.runNow({ flow: flowId, trigger: 'command' })).kind).toBe('busy');
    expect(phones('Bluegum Joinery')[1]).not.toBe('70104444');

    truce.clock.advance(leaseMs + 1);
    expect(await wakesDue({ db: db(), clock: truce.clock, agreement: first.agreement })).toEqual([
      { flow: flowId, trigger: 'schedule' },
    ]);
    await first.wake({ flow: flowId, trigger: 'schedule' });
    await until(() => phones('Bluegum Joinery').every((phone) => phone === '70104444'));
    await until(async () => (await changesOf('Bluegum Joinery')).every(({ state }) => state === 'settled'));

    const calls = truce.vendor('xero').log.length + truce.vendor('cin7-core').log.length;
    over.resolve();
    expect((await asleep).kind).toBe('busy');
    expect(truce.vendor('xero').log.length + truce.vendor('cin7-core').log.length).toBe(calls);
    // The run that took over may still be writing down how it ended.
    await until(
      async () => (await db().$count(runs, and(eq(runs.flow, flowId), isNull(runs.finishedAt)))) === 0,
    );
  });

  it('go on when two of them are gone without a word', async () => {
    const [first, second, third] = replicas as [App, App, App];
    // Nothing can be given back any more: not their leases, not what they were about to say.
    for (const gone of [second, third]) {
      await gone.database.close();
      await gone.stop();
    }
    truce.edit('hubspot', 'Currawong Printing', { 'Street address': '1 First St' });
    truce.edit('xero', 'Currawong Printing', { 'Billing address': '2 Second St' });
    await later(hour);
    await first.wake({ flow: flowId, trigger: 'schedule' });
    const asked = await truce.message('Which is right? Currawong Printing');
    await truce.priya.press(asked, 'Use HubSpot');
    await truce.message(/Settled: Currawong Printing/);
    expect(truce.held('xero', 'Currawong Printing', 'Billing address')).toBe('1 First St');
    await first.alerts.tick();
    const problems = await db().select().from(incidents);
    expect(problems.filter(({ state }) => state !== 'recovered')).toEqual([]);
  });
});

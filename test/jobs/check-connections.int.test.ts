import { pino } from 'pino';
import { expect, it } from 'vitest';
import { judgeRun } from '#src/alerts/judge-runs.ts';
import { manualClock } from '#src/clock.ts';
import type { AccountReport, Connection } from '#src/connectors/connection.ts';
import { VendorError } from '#src/connectors/connector.ts';
import { checkConnection, checkConnections, setUpConnection } from '#src/jobs/check-connections.ts';
import { runsToJudge } from '#src/ledger/alerts/incidents.ts';
import { checksOf } from '#src/ledger/connections/checks.ts';
import { incidents, outbox } from '#src/ledger/tables/index.ts';
import { failureOf } from '#src/sync/failures.ts';
import { addRun } from '#test/alerts/practice-flow.ts';
import { agreement, noon } from '#test/slack/stage.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const minute = 60_000;
const well: AccountReport = {
  account: 'Example Trading Co',
  scopes: ['a'],
  missingScopes: [],
  expiresAt: null,
  problems: [],
  steps: [],
};
const step = { id: 'properties', label: 'Create 2 properties', details: ['truce_id', 'abn'] };

/** Three connections whose accounts say what the test wants them to say. */
function stage({ db }: TestDatabase) {
  const clock = manualClock(noon);
  const says: Record<string, AccountReport | Error> = { hubspot: well, xero: well, 'cin7-core': well };
  const asked: string[] = [];
  const done: string[] = [];
  const lines: string[] = [];
  const connector = (id: string, label: string) =>
    ({
      label,
      keeps: new Map(),
      account: async () => {
        asked.push(id);
        const said = says[id];
        if (said instanceof Error || !said) throw said;
        return said;
      },
      setUp: async (one: string) => {
        done.push(`${id}/${one}`);
        says[id] = well;
      },
    }) as Partial<Connection> as Connection;
  const parts = {
    db,
    clock,
    log: pino({}, { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) }),
    connections: new Map([
      ['hubspot', connector('hubspot', 'HubSpot')],
      ['xero', connector('xero', 'Xero')],
      ['cin7-core', connector('cin7-core', 'Cin7 Core')],
    ]),
    agreement: () => agreement(),
  };
  return {
    ...parts,
    parts,
    says,
    asked,
    done,
    lines,
    look: (atStart = false) => checkConnections(parts, { atStart }),
    alerts: async () =>
      (await db.select().from(incidents).orderBy(incidents.id)).map(
        ({ cause, connection, state, message }) => ({
          cause,
          connection,
          state,
          message,
        }),
      ),
  };
}

describeOnBothDatabases('a look at the connections', (open) => {
  it('that finds all well says nothing, and is not repeated before a day is over', async () => {
    const on = stage(await open());
    await on.look(true);
    expect(on.asked).toEqual(['hubspot', 'xero', 'cin7-core']);
    expect((await checksOf(on.db)).get('xero')).toEqual({
      connection: 'xero',
      at: noon,
      report: well,
      error: null,
    });
    await on.look(true);
    on.clock.advance(23 * 60 * minute);
    await on.look();
    expect(on.asked).toHaveLength(3);
    on.clock.advance(60 * minute);
    await on.look();
    expect(on.asked).toHaveLength(6);
    expect([on.lines, await on.alerts(), await on.db.select().from(outbox)]).toEqual([[], [], []]);
  });

  it('names what is missing in the log and in one alert, follows it, and closes it when it is there', async () => {
    const on = stage(await open());
    on.says.xero = {
      ...well,
      missingScopes: ['accounting.contacts'],
      problems: ['The trial has ended'],
      steps: [step],
      expiresAt: new Date(noon.getTime() + 3 * 24 * 60 * minute).toISOString(),
    };
    await on.look(true);
    const message =
      'The permission accounting.contacts is missing. The sign-in ends on Friday 27 November unless it is renewed. ' +
      'The trial has ended. To be set up: Create 2 properties. See /sync connections.';
    expect(await on.alerts()).toEqual([{ cause: 'connection', connection: 'xero', state: 'open', message }]);
    expect(on.lines).toEqual([
      expect.stringContaining(
        'Xero (connection “xero”) needs something: The permission accounting.contacts is missing.',
      ),
    ]);
    await on.look(true);
    expect(await on.alerts()).toHaveLength(1);
    on.says.xero = { ...well, missingScopes: ['a', 'b'] };
    on.clock.advance(60 * minute);
    await on.look();
    expect(await on.alerts()).toEqual([
      expect.objectContaining({
        state: 'open',
        message: 'These permissions are missing: a, b. See /sync connections.',
      }),
    ]);
    on.says.xero = new VendorError('auth', 'xero', 'Xero has refused our sign-in');
    await checkConnection(on.parts, 'xero');
    expect((await on.alerts()).map(({ cause, state }) => [cause, state])).toEqual([
      ['connection', 'open'],
      ['auth', 'open'],
    ]);
    on.says.xero = well;
    await checkConnection(on.parts, 'xero');
    expect((await on.alerts()).map(({ state }) => state)).toEqual(['recovered', 'open']);
    on.says.xero = { ...well, missingScopes: ['a'] };
    await checkConnection(on.parts, 'xero');
    expect((await on.alerts()).map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('that is not let in raises the alert that the next run would raise, and leaves its end to a run', async () => {
    const on = stage(await open());
    on.says.xero = new VendorError('auth', 'xero', 'Xero is not connected yet: connect it');
    await on.look(true);
    expect(await on.alerts()).toEqual([
      { cause: 'auth', connection: 'xero', state: 'open', message: 'Xero is not connected yet: connect it' },
    ]);
    const [incident] = await on.db.select().from(incidents);
    expect(incident?.key).toBe('customers/auth/xero/-');
    on.says.xero = well;
    await checkConnection(on.parts, 'xero');
    expect(await on.alerts()).toEqual([expect.objectContaining({ state: 'open' })]);
  });

  it('that finds what a run has told already touches nothing: buttons on the message stay good', async () => {
    const on = stage(await open());
    const refused = new VendorError('auth', 'xero', 'Xero is not connected yet: connect it');
    on.says.xero = refused;
    const at = (minutes: number) => new Date(noon.getTime() + minutes * minute);
    const runAt = async (minutes: number) => {
      await addRun(on.db, at(minutes), { failures: [failureOf(refused)] });
      for (const run of await runsToJudge(on.db, 10))
        await on.db.transaction((tx) => judgeRun(tx, run, agreement(), at(minutes)));
    };
    await runAt(0);
    for (const hour of [1, 2]) {
      on.clock.advance(60 * minute);
      await on.look();
      await runAt(hour * 60);
    }
    const [incident, ...more] = await on.db.select().from(incidents);
    expect([incident?.revision, more]).toEqual([1, []]);
  });

  it('that gets no answer is no crash and no alert; what was known stays, and it is tried again', async () => {
    const on = stage(await open());
    on.says.hubspot = new Error('a fault of ours');
    on.says.xero = { ...well, missingScopes: ['a'] };
    await on.look(true);
    on.says.xero = new VendorError('unreachable', 'xero', 'Xero cannot be reached');
    await on.look(true);
    const check = (await checksOf(on.db)).get('xero');
    expect(check).toMatchObject({ error: 'Xero cannot be reached', report: { missingScopes: ['a'] } });
    expect(await on.alerts()).toEqual([expect.objectContaining({ connection: 'xero', state: 'open' })]);
    expect((await checksOf(on.db)).get('hubspot')).toMatchObject({
      report: null,
      error: 'Truce itself stumbled over the answer',
    });
    const before = on.asked.length;
    on.clock.advance(60 * minute);
    await on.look();
    expect(on.asked.slice(before)).toEqual(['hubspot', 'xero']);
  });

  it('that Truce’s end breaks off keeps nothing', async () => {
    const on = stage(await open());
    const leaving = AbortSignal.abort();
    await checkConnections({ ...on.parts, leaving }, { atStart: true });
    on.says.xero = new Error('broken off');
    await expect(checkConnection({ ...on.parts, leaving }, 'xero')).rejects.toThrow();
    expect((await checksOf(on.db)).size).toBe(0);
  });

  it('follows a step that was carried out, which is written down with who approved it', async () => {
    const on = stage(await open());
    on.says.hubspot = { ...well, steps: [step] };
    await on.look(true);
    expect(await on.alerts()).toHaveLength(1);
    await setUpConnection(on.parts, { connection: 'hubspot', step: 'properties', by: 'U0TOMW0001' });
    expect(on.done).toEqual(['hubspot/properties']);
    expect(await on.alerts()).toEqual([expect.objectContaining({ state: 'recovered' })]);
    expect(on.lines).toContain('HubSpot: the step “properties” was approved and is carried out.');
    await expect(
      setUpConnection(on.parts, { connection: 'gone', step: 'x', by: 'U0TOMW0001' }),
    ).rejects.toThrow('There is no such connection any more');
  });
});

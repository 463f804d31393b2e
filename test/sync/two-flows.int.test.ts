import { and, eq, isNull } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Agreement, FieldTerms, Flow, Rule } from '#src/agreement/agreement.ts';
import { manualClock } from '#src/clock.ts';
import { runFlow } from '#src/jobs/run-flow.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { changes, conflicts, links, pending, records } from '#src/ledger/tables/index.ts';
import { connectionOf } from '#test/support/connections.ts';
import { customersAgreement } from '#test/support/customers-only.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { memorySystem } from '#test/support/memory-system.ts';

const start = new Date('2026-11-20T01:00:00.000Z');
const minute = 60_000;
type Id = 'hubspot' | 'xero' | 'cin7-core';

const terms = (field: string, rule: Rule, between: readonly string[]): FieldTerms => ({
  field,
  rule,
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'hold',
  twoPeople: false,
  between,
});

/** The names of customers between HubSpot and Xero by one flow, their phones and e-mail between Xero and Cin7 Core by another. */
async function stage(database: TestDatabase) {
  const { db } = database;
  const clock = manualClock(start);
  const agreed = await customersAgreement();
  const base = agreed.flows.customers as Flow;
  const flow = (id: string, connections: readonly Id[], rules: Readonly<Record<string, Rule>>): Flow => ({
    ...base,
    id,
    name: id,
    connections,
    createIn: {},
    fields: Object.fromEntries(
      Object.entries(rules).map(([field, rule]) => [field, terms(field, rule, connections)]),
    ),
  });
  const flows = {
    names: flow('names', ['hubspot', 'xero'], { legal_name: 'review' }),
    reach: flow('reach', ['hubspot', 'xero', 'cin7-core'], { phone: 'review', email: 'review' }),
  };
  const systems = {
    hubspot: memorySystem({ id: 'hubspot', clock }),
    xero: memorySystem({ id: 'xero', clock }),
    'cin7-core': memorySystem({ id: 'cin7-core', clock }),
  };
  const take = (agreement: Agreement) => importAgreement(db, agreement, { source: 'test', now: clock.now() });
  const first: Agreement = { ...agreed, flows };
  let agreement = await take(first);
  const connections = new Map(
    Object.entries(systems).map(([id, { connector }]) => [id, connectionOf(id, { customer: connector })]),
  );
  const parts = { db, clock, log: pino({ level: 'silent' }), connections, agreement: () => agreement };
  const run = async (id: string) => {
    clock.advance(minute);
    return runFlow(parts, { flow: id, trigger: 'command' });
  };
  for (const id of Object.keys(flows))
    await approveFirstLoad(db, { flow: id, by: 'U0PRIYA001', now: clock.now() });
  for (const system of Object.values(systems))
    system.add({
      abn: '51824753556',
      legal_name: 'Example Timber',
      phone: '+61390000001',
      email: 'a@example.com',
    });
  for (const id of ['names', 'reach', 'names', 'reach']) await run(id);
  return {
    db,
    systems,
    run,
    amend: async (change: (flows: Agreement['flows']) => Agreement['flows']) => {
      agreement = await take({ ...first, flows: change(flows) });
    },
    held: (field: string) =>
      Object.entries(systems).map(([id, system]) => system.records.get(`${id}-1`)?.values[field] ?? null),
    edit: (id: Id, values: Readonly<Record<string, string>>) => systems[id].edit(`${id}-1`, values),
    open: () => db.select().from(changes).where(isNull(changes.closedAt)),
  };
}

describeOn(
  'PGlite',
  'base and links belong to a record and a connection, not to a flow: two flows',
  (open) => {
    it('know a record by the same links', async () => {
      const { db } = await stage(await open());
      expect(await db.select().from(records)).toHaveLength(1);
      expect((await db.select().from(links)).map(({ connection }) => connection).sort()).toEqual([
        'cin7-core',
        'hubspot',
        'xero',
      ]);
    });

    it('each bring what was changed of theirs, whichever of them reads it first', async () => {
      for (const order of [
        ['names', 'reach'],
        ['reach', 'names'],
      ]) {
        const { run, edit, held, open: left } = await stage(await open());
        edit('hubspot', { legal_name: 'Example Timber Two', phone: '+61390000002' });
        for (const id of order) await run(id);
        expect(held('legal_name')).toEqual(['Example Timber Two', 'Example Timber Two', 'Example Timber']);
        expect(held('phone')).toEqual(Array(3).fill('+61390000002'));
        for (const id of order) await run(id);
        expect(await left()).toEqual([]);
      }
    });

    it('write nothing of each other, and let each other’s questions be', async () => {
      const { db, run, edit, held, systems } = await stage(await open());
      edit('hubspot', { email: 'b@hubspot.example' });
      edit('xero', { email: 'c@xero.example' });
      await run('reach');
      const question = () =>
        db
          .select()
          .from(conflicts)
          .where(and(eq(conflicts.field, 'email'), isNull(conflicts.closedAt)));
      expect(await question()).toHaveLength(1);
      edit('xero', { legal_name: 'Example Timber Three' });
      systems['cin7-core'].isDown = true;
      edit('xero', { phone: '+61390000003' });
      await run('reach');
      await run('names');
      expect(held('legal_name')).toEqual(['Example Timber Three', 'Example Timber Three', 'Example Timber']);
      expect(held('phone')[0]).toBe('+61390000001');
      expect(await question()).toHaveLength(1);
      systems['cin7-core'].isDown = false;
      await run('reach');
      expect(held('phone')).toEqual(Array(3).fill('+61390000003'));
      expect(await question()).toHaveLength(1);
      expect(systems['cin7-core'].writes.flatMap(({ fields }) => fields)).not.toContain('legal_name');
    });

    it('follow a new agreement each with what is theirs', async () => {
      const { db, run, edit, amend } = await stage(await open());
      edit('hubspot', { email: 'b@hubspot.example' });
      edit('xero', { email: 'c@xero.example' });
      await run('reach');
      await amend(({ names, reach }) => ({
        reach: reach as Flow,
        names: {
          ...(names as Flow),
          fields: { legal_name: terms('legal_name', 'overwrite', ['hubspot', 'xero']) },
        },
      }));
      await run('names');
      const [question] = await db.select().from(conflicts);
      expect([question?.state, question?.closedAt]).toEqual(['open', null]);
      await amend(({ names }) => ({ names: names as Flow }));
      const [ended] = await db.select().from(conflicts);
      expect([ended?.state, ended?.note]).toEqual(['withdrawn', 'version 3 of the agreement ends this sync']);
      expect(await db.select().from(pending)).toEqual([]);
    });
  },
);

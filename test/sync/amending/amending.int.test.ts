import { eq, isNull, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Flow, Rule } from '#src/agreement/agreement.ts';
import { activeAgreement, importAgreement, openProposal } from '#src/ledger/agreement/agreements.ts';
import { approveProposal } from '#src/ledger/agreement/proposals.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { changes, conflicts, facts, intents, outbox, safetyStops, story } from '#src/ledger/tables/index.ts';
import { abnOfAcn } from '#src/playground/data/business-numbers.ts';
import { previewAgreement } from '#src/sync/amending/preview.ts';
import { connectionOf } from '#test/support/connections.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import {
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
  type SystemId,
} from '#test/support/memory-engine.ts';

const priya = 'U0PRIYA001';
const abnOf = (n: number): string => abnOfAcn(String(100_000_000 + n));
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const nowhere = { createIn: {} };

/** Customers that all three systems have alike, agreed. */
async function agreedEngine(
  database: TestDatabase,
  options: MemoryEngineOptions & { customers?: number } = {},
) {
  const engine = await openMemoryEngine(database, { ...nowhere, ...options });
  for (let i = 0; i < (options.customers ?? 1); i++) {
    for (const id of ids) {
      engine.systems[id].add({
        abn: abnOf(i),
        legal_name: `Customer ${i}`,
        email: `${i}@example.com`,
        phone: `+6139000000${i}`,
      });
    }
  }
  await engine.run();
  await engine.run();
  return engine;
}

/** What the next `truce.yml` says, taken in as at a start. */
async function takeIn({ database: { db }, clock, systems }: MemoryEngine, change: (flow: Flow) => Flow) {
  const active = await activeAgreement(db);
  if (!active) throw new Error('nothing counts');
  const { version: _, ...body } = active;
  const connections = new Map(
    ids.map((id) => [id as string, connectionOf(id, { customer: systems[id].connector })]),
  );
  const counts = await importAgreement(
    db,
    { ...body, flows: { customers: change(active.flows.customers as Flow) } },
    {
      source: 'truce.yml',
      now: clock.now(),
      count: (from, next) => previewAgreement({ db, clock, connections }, from, next),
    },
  );
  const proposal = await openProposal(db);
  return {
    active: counts.version,
    proposed: proposal?.version ?? null,
    preview: proposal?.preview?.flows.customers,
  };
}
const withField =
  (field: string, more: Partial<Flow['fields'][string]>) =>
  ({ fields, ...flow }: Flow): Flow => ({
    ...flow,
    fields: {
      ...fields,
      [field]: {
        field,
        rule: 'review',
        systemOfRecord: 'xero',
        decideWithinHours: null,
        ifNobodyChooses: 'hold',
        twoPeople: false,
        between: flow.connections,
        ...fields[field],
        ...more,
      },
    },
  });
const rule = (field: string, to: Rule) => withField(field, { rule: to });
const approve = ({ database: { db }, clock }: MemoryEngine, version: number | null) =>
  approveProposal(db, { version: version ?? 0, flow: 'customers', revision: 1, by: priya, now: clock.now() });

const held = ({ systems }: MemoryEngine, field: string, customer = 0) =>
  ids.map((id) => systems[id].records.get(`${id}-${customer + 1}`)?.values[field] ?? null);
const writes = ({ systems }: MemoryEngine) =>
  ids.flatMap((id) => systems[id].writes.map((one) => `${id} ${one.fields}`));
const edit = (engine: MemoryEngine, id: SystemId, values: Record<string, string | null>, customer = 0) => {
  engine.clock.advance(1000);
  engine.systems[id].edit(`${id}-${customer + 1}`, values);
};
const questions = async ({ database: { db } }: MemoryEngine) =>
  (await db.select().from(conflicts).orderBy(conflicts.openedAt)).map(({ field, state, note }) => ({
    field,
    state,
    note,
  }));
const openChanges = ({ database: { db } }: MemoryEngine) =>
  db.select().from(changes).where(isNull(changes.closedAt));

/** E-mail changed apart in HubSpot and Xero, and asked about. */
async function askedAboutEmail(database: TestDatabase, options: MemoryEngineOptions = {}) {
  const engine = await agreedEngine(database, options);
  edit(engine, 'hubspot', { email: 'a@hubspot.example' });
  edit(engine, 'xero', { email: 'b@xero.example' });
  await engine.run();
  expect(await questions(engine)).toEqual([{ field: 'email', state: 'open', note: null }]);
  return engine;
}

describeOn('PGlite', 'rules may change in flight: a new version of the agreement', (open) => {
  it('is counted, proposed, and writes nothing before it is approved; then the question is withdrawn and the owner’s value goes', async () => {
    const engine = await askedAboutEmail(await open());
    const { active, proposed, preview } = await takeIn(engine, rule('email', 'overwrite'));
    expect([active, proposed]).toEqual([1, 2]);
    expect(preview).toMatchObject({
      records: 1,
      fields: {
        email: {
          writes: 1,
          withdraws: 1,
          asks: 0,
          holds: 0,
          examples: { writes: ['Customer 0'], withdraws: ['Customer 0'] },
        },
      },
    });
    await engine.run();
    await engine.run();
    expect(writes(engine)).toEqual([]);
    expect((await questions(engine))[0]?.state).toBe('open');

    expect(await approve(engine, proposed)).toEqual({ kind: 'active' });
    await engine.run();
    expect(await questions(engine)).toEqual([
      {
        field: 'email',
        state: 'withdrawn',
        note: 'version 2 of the agreement asks nobody here: xero decides',
      },
    ]);
    expect(held(engine, 'email')).toEqual(['b@xero.example', 'b@xero.example', 'b@xero.example']);
    const sent = await engine.database.db.select().from(intents);
    expect(sent.map(({ agreementVersion }) => agreementVersion)).toEqual([2, 2]);
    expect(await openChanges(engine)).toEqual([]);
    await engine.run();
    expect(writes(engine)).toHaveLength(2);
  });

  it('brings together what nobody chose between, which the old terms had left apart', async () => {
    const engine = await askedAboutEmail(await open(), {
      flow: {},
    });
    await takeIn(engine, withField('email', { decideWithinHours: 1, ifNobodyChooses: 'keep' }));
    await engine.run();
    engine.clock.advance(2 * 3_600_000);
    await engine.run();
    expect((await questions(engine)).map(({ state }) => state)).toEqual(['expired']);
    expect(held(engine, 'email')).toEqual(['a@hubspot.example', 'b@xero.example', '0@example.com']);
    const { proposed, preview } = await takeIn(engine, rule('email', 'overwrite'));
    expect(preview?.fields.email).toMatchObject({ writes: 1, withdraws: 0 });
    await engine.run();
    expect(writes(engine)).toEqual([]);
    await approve(engine, proposed);
    await engine.run();
    expect(held(engine, 'email')).toEqual(['b@xero.example', 'b@xero.example', 'b@xero.example']);
  });

  it('lets flow what it asks nobody about any more, and keeps the question that it still asks', async () => {
    const engine = await agreedEngine(await open(), {
      rules: { email: 'approve', abn: 'approve' },
      customers: 2,
    });
    edit(engine, 'hubspot', { email: 'one@side.example' });
    edit(engine, 'hubspot', { email: 'a@hubspot.example' }, 1);
    edit(engine, 'xero', { email: 'b@xero.example' }, 1);
    await engine.run();
    const before = await engine.database.db.select().from(conflicts).orderBy(conflicts.id);
    expect(before).toHaveLength(2);
    const { proposed, preview } = await takeIn(engine, rule('email', 'review'));
    expect(preview?.fields.email).toMatchObject({ writes: 1, withdraws: 1, asks: 0 });
    expect(preview?.records).toBe(1);
    await approve(engine, proposed);
    await engine.run();
    expect(held(engine, 'email')).toEqual(Array(3).fill('one@side.example'));
    const after = await engine.database.db.select().from(conflicts).orderBy(conflicts.id);
    expect(after.map(({ id, state }) => [id, state])).toEqual(
      before.map(({ id, recordId }) => [
        id,
        recordId ===
        before.find((one) => one.options.some((option) => option.value === 'b@xero.example'))?.recordId
          ? 'open'
          : 'withdrawn',
      ]),
    );
  });

  it('counts at once where it asks as before, and gives open questions their new limits', async () => {
    const engine = await askedAboutEmail(await open());
    const opened = (await engine.database.db.select().from(conflicts))[0]?.openedAt as Date;
    const { active, proposed } = await takeIn(
      engine,
      withField('email', { rule: 'approve', decideWithinHours: 48, ifNobodyChooses: 'owner_wins' }),
    );
    expect([active, proposed]).toEqual([2, null]);
    await engine.run();
    const [question] = await engine.database.db.select().from(conflicts);
    expect([question?.state, question?.fallback]).toEqual(['open', 'owner_wins']);
    expect(question?.deadline).toEqual(new Date(opened.getTime() + 48 * 3_600_000));

    // Shortened to what is over already: nothing expires because of that alone.
    engine.clock.advance(10 * 3_600_000);
    await takeIn(engine, withField('email', { decideWithinHours: 2 }));
    await engine.run();
    const [shorter] = await engine.database.db.select().from(conflicts);
    expect([shorter?.state, shorter?.deadline]).toEqual([
      'open',
      new Date(engine.clock.now().getTime() + 2 * 3_600_000),
    ]);

    // Of a version that says nothing of limits, they keep theirs.
    await takeIn(engine, (flow) => ({ ...flow, lateAfterMinutes: 30 }));
    await engine.run();
    const [same] = await engine.database.db.select().from(conflicts);
    expect(same?.deadline).toEqual(shorter?.deadline);
    expect(writes(engine)).toEqual([]);
  });

  it('does not overrule what a person has decided, though it is not everywhere yet', async () => {
    const engine = await askedAboutEmail(await open());
    engine.systems['cin7-core'].isDown = true;
    const [question] = await engine.database.db.select().from(conflicts);
    await decideConflict(engine.database.db, {
      changeId: question?.changeId ?? '',
      field: 'email',
      from: 'hubspot',
      revision: 99,
      by: priya,
      now: engine.clock.now(),
      agreementVersion: 1,
    });
    const { active } = await takeIn(engine, rule('email', 'overwrite'));
    expect(active).toBe(2);
    engine.systems['cin7-core'].isDown = false;
    await engine.run();
    expect(held(engine, 'email')).toEqual(Array(3).fill('a@hubspot.example'));
  });

  it('decides again what an old rule had on its way', async () => {
    const engine = await agreedEngine(await open());
    engine.systems['cin7-core'].answers.push('refused');
    engine.systems.xero.answers.push('refused');
    edit(engine, 'hubspot', { email: 'new@hubspot.example' });
    await engine.run();
    expect(held(engine, 'email')).toEqual(['new@hubspot.example', '0@example.com', '0@example.com']);
    const { proposed, preview } = await takeIn(engine, rule('email', 'overwrite'));
    expect(preview?.fields.email).toMatchObject({ writes: 1 });
    await approve(engine, proposed);
    await engine.run();
    expect(held(engine, 'email')).toEqual(Array(3).fill('0@example.com'));
  });

  it('starts to keep a detail in step: what differs is counted, and goes by its rule once approved', async () => {
    const engine = await agreedEngine(await open(), {
      rules: { email: 'review', abn: 'approve' },
      customers: 3,
    });
    edit(engine, 'hubspot', { phone: '+61390001111' });
    edit(engine, 'xero', { phone: null }, 1);
    edit(engine, 'cin7-core', { phone: null }, 1);
    await engine.run();
    const { proposed, preview } = await takeIn(
      engine,
      withField('phone', { rule: 'review', systemOfRecord: 'hubspot' }),
    );
    expect(preview).toMatchObject({ records: 2, fields: { phone: { writes: 1, asks: 1, withdraws: 0 } } });
    expect(preview?.fields.phone?.examples).toMatchObject({ writes: ['Customer 1'], asks: ['Customer 0'] });
    await engine.run();
    expect(writes(engine)).toEqual([]);
    await approve(engine, proposed);
    await engine.run();
    expect(held(engine, 'phone', 1)).toEqual(Array(3).fill('+61390000001'));
    expect(await questions(engine)).toEqual([{ field: 'phone', state: 'open', note: null }]);
  });

  it('compares anew what was not kept in step for a while', async () => {
    const engine = await agreedEngine(await open());
    const without = ({ fields: { email: _, ...fields }, ...flow }: Flow): Flow => ({ ...flow, fields });
    expect((await takeIn(engine, without)).active).toBe(2);
    edit(engine, 'hubspot', { email: 'meanwhile@hubspot.example' });
    await engine.run();
    expect(writes(engine)).toEqual([]);
    const { proposed, preview } = await takeIn(engine, withField('email', {}));
    expect(preview?.fields.email).toMatchObject({ writes: 1 });
    await approve(engine, proposed);
    await engine.run();
    expect(held(engine, 'email')).toEqual(Array(3).fill('meanwhile@hubspot.example'));
  });

  it('counts the records that a system which joins will be compared with, and those that will be made', async () => {
    const engine = await openMemoryEngine(await open(), {
      createIn: {},
      flow: { connections: ['hubspot', 'xero'] },
    });
    for (const id of ['hubspot', 'xero'] as const)
      engine.systems[id].add({ abn: abnOf(0), legal_name: 'Customer 0', email: '0@example.com' });
    engine.systems['cin7-core'].add({ abn: abnOf(0), legal_name: 'Customer 0', email: 'other@cin7.example' });
    engine.systems.xero.add({ abn: abnOf(1), legal_name: 'Customer 1', email: '1@example.com' });
    await engine.run();
    const more = await takeIn(engine, (flow) => ({ ...flow, createIn: { hubspot: ['xero'] } }));
    expect(more.preview).toMatchObject({ records: 0, makes: { hubspot: 1 } });
    const { proposed, preview } = await takeIn(engine, (flow) => ({
      ...flow,
      connections: ids,
      fields: Object.fromEntries(
        Object.entries(flow.fields).map(([name, terms]) => [name, { ...terms, between: ids }]),
      ),
    }));
    expect(preview).toMatchObject({ unknown: { 'cin7-core': 2 }, makes: {} });
    await engine.run();
    expect(engine.systems['cin7-core'].asked.everything).toBe(0);
    await approve(engine, proposed);
    await engine.run();
    expect(await questions(engine)).toEqual([{ field: 'email', state: 'open', note: null }]);
    expect(held(engine, 'email')).toEqual(['0@example.com', '0@example.com', 'other@cin7.example']);
  });

  it('leaves out a flow whose first load was not approved: that asks anyway', async () => {
    const engine = await openMemoryEngine(await open(), { ...nowhere, approved: false });
    for (const id of ids) engine.systems[id].add({ abn: abnOf(0), email: `${id}@example.com` });
    await engine.run();
    const { active, proposed } = await takeIn(engine, rule('email', 'overwrite'));
    expect([active, proposed]).toEqual([2, null]);
    await engine.run();
    expect(writes(engine)).toEqual([]);
    expect(
      await engine.database.db.select().from(facts).where(eq(facts.name, 'agreement_to_follow:customers')),
    ).toEqual([]);
  });

  it('sends nothing of a run that was under way when it was approved, be it about to', async () => {
    const engine = await agreedEngine(await open(), { customers: 2 });
    edit(engine, 'hubspot', { email: 'a@hubspot.example' }, 1);
    edit(engine, 'xero', { email: 'b@xero.example' }, 1);
    await engine.run();
    const { proposed } = await takeIn(engine, rule('email', 'overwrite'));
    edit(engine, 'hubspot', { email: 'one@side.example' });
    let moment: string | null = 'decided';
    const during = (act: () => Promise<unknown>) =>
      engine.run({}, async (at) => {
        if (at !== moment) return;
        moment = null;
        await act();
      });
    await during(() => approve(engine, proposed));
    expect([moment, writes(engine)]).toEqual([null, []]);
    // Its writes are stored, and another version counts before they are sent.
    moment = 'intents';
    await during(() => takeIn(engine, rule('phone', 'latest')));
    expect([moment, writes(engine)]).toEqual([null, []]);

    await engine.run();
    expect(held(engine, 'email', 0)).toEqual(Array(3).fill('0@example.com'));
    expect(held(engine, 'email', 1)).toEqual(Array(3).fill('b@xero.example'));
    const sent = await engine.database.db.select().from(intents).orderBy(intents.committedAt);
    const ends = sent.map(({ agreementVersion, state }) => `${agreementVersion} ${state}`);
    expect([...new Set(ends)]).toEqual(['2 abandoned', '3 done']);
  });

  it('is followed once, though the run that does it dies in between', async () => {
    const engine = await askedAboutEmail(await open());
    const { proposed } = await takeIn(engine, rule('email', 'overwrite'));
    await approve(engine, proposed);
    const died = engine.run({}, async (at) => {
      if (at === 'decided') throw new Error('the test kills the run here');
    });
    await died;
    await engine.run();
    await engine.run();
    expect(held(engine, 'email')).toEqual(Array(3).fill('b@xero.example'));
    const ruled = await engine.database.db.select().from(story).where(eq(story.kind, 'ruled'));
    expect(ruled).toHaveLength(1);
    expect(await questions(engine)).toHaveLength(1);
  });

  it('is approved once: the safety stop does not ask about the counted amount again, but about more than that', async () => {
    const options = { customers: 3, flow: { safetyStop: { records: 1, percent: 1 } } };
    const engine = await agreedEngine(await open(), options);
    for (const i of [0, 1, 2]) {
      edit(engine, 'hubspot', { email: `a${i}@hubspot.example` }, i);
      edit(engine, 'xero', { email: `b${i}@xero.example` }, i);
    }
    await engine.run();
    const { proposed } = await takeIn(engine, rule('email', 'overwrite'));
    await approve(engine, proposed);
    await engine.run();
    for (const i of [0, 1, 2]) expect(held(engine, 'email', i)).toEqual(Array(3).fill(`b${i}@xero.example`));
    engine.clock.advance(3 * 3_600_000);
    for (const i of [0, 1, 2]) edit(engine, 'xero', { email: `c${i}@xero.example` }, i);
    await engine.run();
    expect(held(engine, 'email', 0)).toEqual(['b0@xero.example', 'c0@xero.example', 'b0@xero.example']);
    const stops = await engine.database.db.select().from(safetyStops).orderBy(safetyStops.id);
    expect(stops.filter(({ kind }) => kind === 'writes').map(({ state }) => state)).toEqual([
      'approved',
      'open',
    ]);
  });

  it('counts a thousand records as it counts ten, with five of them by name', async () => {
    const engine = await openMemoryEngine(await open(), { ...nowhere, rules: { abn: 'approve' } });
    await plant(engine, 1_001);
    const { preview } = await takeIn(engine, withField('email', {}));
    expect(preview?.records).toBe(1_001);
    expect(preview?.fields.email?.asks).toBe(1_001);
    expect(preview?.fields.email?.examples.asks).toHaveLength(5);
    const cards = await engine.database.db
      .select()
      .from(outbox)
      .where(eq(outbox.subject, 'agreement:2/customers'));
    expect(cards).toHaveLength(1);
  });
});

/** So many customers as the ledger has them once they were read, with another e-mail address in each system. */
async function plant({ database: { db }, clock }: MemoryEngine, count: number): Promise<void> {
  const at = sql`${clock.now().toISOString()}::timestamptz`;
  const each = sql`generate_series(1, ${count}::int) n cross join (values ('hubspot'), ('xero'), ('cin7-core')) s(id)`;
  await db.execute(sql`insert into records (id, entity, title, created_at)
    select 'r' || n, 'customer', 'Customer ' || n, ${at} from generate_series(1, ${count}::int) n`);
  await db.execute(sql`insert into links (record_id, connection, role, external_id, how, linked_at)
    select 'r' || n, s.id, 'customer', s.id || n, 'key:abn', ${at} from ${each}`);
  await db.execute(sql`insert into bases (record_id, connection, role, fields, at)
    select 'r' || n, s.id, 'customer', jsonb_build_object('email',
      jsonb_build_object('state', 'value', 'value', n || '@' || s.id || '.example')), ${at} from ${each}`);
}

import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Agreement, Flow } from '#src/agreement/agreement.ts';
import { activeAgreement, importAgreement, openProposal } from '#src/ledger/agreement/agreements.ts';
import { approveProposal, refuseProposal } from '#src/ledger/agreement/proposals.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import type { AgreementPreview, FlowPreview } from '#src/ledger/tables/agreement.ts';
import {
  agreementVersions,
  changes,
  conflicts,
  outbox,
  pending,
  records,
  story,
} from '#src/ledger/tables/index.ts';
import { customersAgreement } from '#test/support/customers-only.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const now = new Date('2026-11-24T01:00:00Z');
const later = new Date('2026-11-24T02:00:00Z');
const flow = 'customers';

async function file(change: (flow: Flow) => Flow = (same) => same): Promise<Agreement> {
  const agreement = await customersAgreement();
  return { ...agreement, flows: { customers: change(agreement.flows.customers as Flow) } };
}
const withRule = (rule: 'overwrite' | 'latest' | 'approve') =>
  file(({ fields, ...rest }) => ({
    ...rest,
    fields: { ...fields, email: { ...fields.email, rule } as never },
  }));

const effect: FlowPreview = {
  records: 3,
  fields: {},
  makes: {},
  unknown: {},
  leaves: [],
  archives: 0,
  ends: false,
};
const apart =
  (flows: readonly string[] = [flow], records = 3) =>
  async (): Promise<AgreementPreview> => ({
    against: 1,
    countedAt: now.toISOString(),
    flows: Object.fromEntries(flows.map((id) => [id, { ...effect, records }])),
  });
const take = ({ db }: TestDatabase, agreement: Agreement, count?: ReturnType<typeof apart>) =>
  importAgreement(db, agreement, { source: 'truce.yml', now, ...(count ? { count } : {}) });
const states = async ({ db }: TestDatabase) =>
  (await db.select().from(agreementVersions).orderBy(agreementVersions.version)).map(
    ({ version, state, active }) => `${version} ${state}${active ? ', active' : ''}`,
  );
const press = (version: number, more: object = {}) => ({
  version,
  flow,
  revision: 1,
  by: 'U0PRIYA001',
  now: later,
  ...more,
});

describeOnBothDatabases('a new version of the agreement', (open) => {
  it('counts at once where it sets nothing apart', async () => {
    const database = await open();
    await take(database, await file());
    expect((await take(database, await withRule('latest'))).version).toBe(2);
    expect(await states(database)).toEqual(['1 replaced', '2 active, active']);
  });

  it('keeps the order in which people wrote it: flows, fields, connections', async () => {
    const database = await open();
    const written = await file();
    const active = await take(database, written);
    expect(Object.keys(active.connections)).toEqual(Object.keys(written.connections));
    expect(Object.keys(active.flows.customers?.fields ?? {})).toEqual(
      Object.keys(written.flows.customers?.fields ?? {}),
    );
  });

  it('is proposed where it sets records apart: the active one goes on until it is approved', async () => {
    const database = await open();
    const first = await file();
    await take(database, first);
    const active = await take(database, await withRule('overwrite'), apart());
    expect(active.version).toBe(1);
    expect(active.flows.customers?.fields.email?.rule).toBe('review');
    expect(await states(database)).toEqual(['1 active, active', '2 proposed']);
    expect(await approveProposal(database.db, press(2))).toEqual({ kind: 'active' });
    expect(await states(database)).toEqual(['1 replaced', '2 active, active']);
    expect((await activeAgreement(database.db))?.flows.customers?.fields.email?.rule).toBe('overwrite');
    const [row] = await database.db.select().from(agreementVersions).where(eq(agreementVersions.version, 2));
    expect([row?.decidedBy, row?.decidedAt]).toEqual(['U0PRIYA001', later]);
  });

  it('asks again for nothing at the next start, and takes the proposal back with the file', async () => {
    const database = await open();
    const [first, second] = [await file(), await withRule('overwrite')];
    await take(database, first);
    await take(database, second, apart());
    await take(database, second, apart());
    expect(await states(database)).toEqual(['1 active, active', '2 proposed']);
    expect((await openProposal(database.db))?.revision).toBe(1);
    expect((await take(database, first)).version).toBe(1);
    expect(await states(database)).toEqual(['1 active, active', '2 replaced']);
    expect(await approveProposal(database.db, press(2))).toEqual({ kind: 'over', state: 'replaced' });
    expect(await states(database)).toEqual(['1 active, active', '2 replaced']);
  });

  it('shows new counts at the next start, and refuses a word that was given on the old ones', async () => {
    const database = await open();
    await take(database, await file());
    await take(database, await withRule('overwrite'), apart());
    await take(database, await withRule('overwrite'), apart([flow], 900));
    expect(await approveProposal(database.db, press(2))).toEqual({ kind: 'outdated' });
    expect(await approveProposal(database.db, press(2, { revision: 2 }))).toEqual({ kind: 'active' });
  });

  it('stays refused until the file says something else', async () => {
    const database = await open();
    const [first, second] = [await file(), await withRule('overwrite')];
    await take(database, first);
    await take(database, second, apart());
    expect(await refuseProposal(database.db, press(2))).toEqual({ kind: 'refused' });
    expect((await take(database, second, apart())).version).toBe(1);
    expect(await states(database)).toEqual(['1 active, active', '2 refused']);
    expect(await approveProposal(database.db, press(2))).toEqual({ kind: 'over', state: 'refused' });
    await take(database, first);
    await take(database, second, apart());
    expect(await states(database)).toEqual(['1 active, active', '2 refused', '3 proposed']);
  });

  it('is replaced by the next one', async () => {
    const database = await open();
    await take(database, await file());
    await take(database, await withRule('overwrite'), apart());
    await take(database, await withRule('approve'), apart());
    expect(await states(database)).toEqual(['1 active, active', '2 replaced', '3 proposed']);
    const said = await database.db
      .select()
      .from(outbox)
      .where(eq(outbox.subject, `agreement:2/${flow}`));
    expect(said.map(({ wanted }) => wanted)).toEqual([2]);
  });

  it('counts once the owner of every flow that it sets apart approved it', async () => {
    const database = await open();
    await take(database, await file());
    await take(database, await withRule('overwrite'), apart([flow, 'products']));
    expect(await approveProposal(database.db, press(2))).toEqual({ kind: 'waits', flows: ['products'] });
    expect(await approveProposal(database.db, press(2, { by: 'U0OTHER001' }))).toEqual({
      kind: 'already',
      by: 'U0PRIYA001',
      at: later,
    });
    expect(await states(database)).toEqual(['1 active, active', '2 proposed']);
    expect(await approveProposal(database.db, press(2, { flow: 'products', by: 'U0OTHER001' }))).toEqual({
      kind: 'active',
    });
  });

  it('takes one of many clicks, and one of many imports', async () => {
    const database = await open();
    await take(database, await file());
    const second = await withRule('overwrite');
    await Promise.all([1, 2, 3].map(() => take(database, second, apart())));
    expect(await states(database)).toEqual(['1 active, active', '2 proposed']);
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => approveProposal(database.db, press(2))),
      ...[1, 2, 3].map(() => refuseProposal(database.db, press(2))),
    ]);
    expect(answers.filter(({ kind }) => kind === 'active' || kind === 'refused')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'over')).toHaveLength(5);
  });

  it('of an import and a click in the same moment leaves one version that counts', async () => {
    const database = await open();
    await take(database, await file());
    await take(database, await withRule('overwrite'), apart());
    await Promise.all([
      take(database, await withRule('approve'), apart()),
      approveProposal(database.db, press(2)),
    ]);
    const left = await states(database);
    expect([
      ['1 active, active', '2 replaced', '3 proposed'],
      ['1 replaced', '2 active, active', '3 proposed'],
    ]).toContainEqual(left);
  });
});

describeOnBothDatabases('an agreement that an older Truce stored', (open) => {
  it('goes on to count, with the terms that it did not know, and asks nobody about them', async () => {
    const database = await open();
    const { customers } = (await file()).flows;
    const old = JSON.parse(JSON.stringify(await file())) as Record<string, never>;
    for (const key of ['whenGone', 'safetyStop', 'sweep', 'partialAfterHours', 'forgetValuesAfterDays'])
      delete (old.flows as never as Record<string, Record<string, unknown>>).customers?.[key];
    for (const terms of Object.values((old.flows as never as { customers: Flow }).customers.fields))
      delete (terms as { between?: unknown }).between;
    for (const person of Object.values(old.people as never as Record<string, { knownAs?: unknown }>))
      delete person.knownAs;
    // As the row stood before versions had a state.
    await database.db.execute(sql`
      insert into agreement_versions (version, hash, body, imported_at, source, active)
      values (1, 'an older one', ${JSON.stringify(old)}::text::jsonb, ${now.toISOString()}, 'truce.yml', true)`);
    expect((await activeAgreement(database.db))?.flows.customers).toEqual(customers);
    let asked = 0;
    const active = await importAgreement(database.db, await file(), {
      source: 'truce.yml',
      now,
      count: async () => {
        asked += 1;
        return null;
      },
    });
    expect([active.version, asked]).toEqual([2, 1]);
    expect(await states(database)).toEqual(['1 replaced', '2 active, active']);
    expect(await database.db.select().from(outbox)).toEqual([]);
  });
});

describeOnBothDatabases('a flow that the agreement has no more', (open) => {
  it('leaves nothing open, says why, and asks for its first load should it come again', async () => {
    const database = await open();
    const { db } = database;
    const first = await file();
    await take(database, first);
    await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now });
    await db
      .insert(records)
      .values({ id: 'r1', entity: 'customer', title: 'Example Timber', createdAt: now });
    await db.insert(changes).values({
      id: 'tr-7F3K92QDXB',
      flow,
      recordId: 'r1',
      subject: 'Example Timber',
      state: 'asking',
      revision: 1,
      openedAt: now,
      updatedAt: now,
      agreementVersion: 1,
    });
    await db.insert(conflicts).values({
      id: 'tr-7F3K92QDXB/email/1',
      changeId: 'tr-7F3K92QDXB',
      recordId: 'r1',
      flow,
      field: 'email',
      state: 'open',
      options: [],
      optionsRevision: 1,
      openedAt: now,
      fallback: 'hold',
    });
    await db.insert(pending).values({
      recordId: 'r1',
      field: 'phone',
      changeId: 'tr-7F3K92QDXB',
      value: '1',
      by: 'rule:review',
      since: now,
    });
    await take(database, {
      ...first,
      flows: { others: { ...(first.flows.customers as Flow), id: 'others' } },
    });
    expect(await db.select().from(pending)).toEqual([]);
    const [question] = await db.select().from(conflicts);
    expect([question?.state, question?.note]).toEqual([
      'withdrawn',
      'version 2 of the agreement ends this sync',
    ]);
    const [change] = await db.select().from(changes);
    expect([change?.state, change?.closedAt]).toEqual(['withdrawn', now]);
    expect((await db.select().from(story)).map(({ kind, field }) => [kind, field])).toEqual([
      ['withdrawn', 'email'],
    ]);
    expect(await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now })).toBe(true);
  });
});

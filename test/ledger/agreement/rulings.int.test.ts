import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Agreement, FieldTerms, Flow } from '#src/agreement/agreement.ts';
import { loadAgreement } from '#src/agreement/load.ts';
import { activeAgreement, importAgreement, openProposal } from '#src/ledger/agreement/agreements.ts';
import { approveProposal, type OwnerRole, refuseProposal } from '#src/ledger/agreement/proposals.ts';
import { activeRulings, proposeRuling, refusedRuling } from '#src/ledger/agreement/rulings.ts';
import type { AgreementPreview } from '#src/ledger/tables/agreement.ts';
import { agreementVersions, outbox } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const now = new Date('2026-11-24T01:00:00Z');
const later = new Date('2026-11-24T02:00:00Z');
const flow = 'customers';
const [priya, tom] = ['U0PRIYA001', 'U0TOMW0001'];

/** What truce.yml says, with other terms of one field. */
async function file(email: Partial<FieldTerms> = {}, more: Partial<Flow> = {}): Promise<Agreement> {
  const loaded = await loadAgreement('truce.yml');
  if (!loaded.ok) throw new Error('truce.yml cannot be read');
  const customers = loaded.agreement.flows.customers as Flow;
  const fields = { ...customers.fields, email: { ...customers.fields.email, ...email } as FieldTerms };
  return { ...loaded.agreement, flows: { customers: { ...customers, ...more, fields } } };
}

const take = ({ db }: TestDatabase, agreement: Agreement, apart = false) =>
  importAgreement(db, agreement, { source: 'truce.yml', now, count: async () => (apart ? counted() : null) });
const counted = (): AgreementPreview => ({
  against: 1,
  countedAt: now.toISOString(),
  flows: {
    [flow]: { records: 3, fields: {}, makes: {}, unknown: {}, leaves: [], archives: 0, ends: false },
  },
});
const propose = ({ db }: TestDatabase, more: object = {}) =>
  proposeRuling(db, {
    flow,
    field: 'email',
    systemOfRecord: 'xero',
    by: 'U0SAMLEE01',
    tested: { days: 90, same: 212, different: 3 },
    now,
    count: async () => null,
    ...more,
  });
const say = ({ db }: TestDatabase, version: number, by: string, as: readonly OwnerRole[]) =>
  approveProposal(db, { version, flow, revision: 1, by, as, now: later });
const states = async ({ db }: TestDatabase) =>
  (await db.select().from(agreementVersions).orderBy(agreementVersions.version)).map(
    ({ version, state, source }) => `${version} ${state} (${source})`,
  );
const rule = async ({ db }: TestDatabase) => {
  const terms = (await activeAgreement(db))?.flows.customers?.fields.email;
  return `${terms?.rule} ${terms?.systemOfRecord}`;
};
/** Agreed in Slack by both owners. */
async function agreed(database: TestDatabase): Promise<void> {
  await take(database, await file());
  await propose(database);
  await say(database, 2, tom, ['technical']);
  await say(database, 2, priya, ['business']);
}

describeOnBothDatabases('a rule that was proposed in Slack', (open) => {
  it('counts once both owners approved it, and not before, whoever is first', async () => {
    const database = await open();
    await take(database, await file());
    expect(await propose(database)).toEqual({ kind: 'proposed', version: 2 });
    expect(await states(database)).toEqual(['1 active (truce.yml)', '2 proposed (Slack)']);
    expect(await say(database, 2, tom, ['technical'])).toEqual({ kind: 'waits', flows: [flow] });
    expect(await say(database, 2, tom, ['technical'])).toEqual({ kind: 'already', by: tom, at: later });
    expect(await rule(database)).toBe('review xero');
    expect(await say(database, 2, priya, ['business'])).toEqual({ kind: 'active' });
    expect(await rule(database)).toBe('overwrite xero');
    expect(await states(database)).toEqual(['1 replaced (truce.yml)', '2 active (Slack)']);
    expect(await activeRulings(database.db)).toMatchObject([{ field: 'email', version: 2 }]);
  });

  it('needs one word of whoever is both owners', async () => {
    const database = await open();
    await take(database, await file());
    await propose(database);
    expect(await say(database, 2, priya, ['business', 'technical'])).toEqual({ kind: 'active' });
  });

  it('is proposed once, however often and by however many it is pressed, and one at a time', async () => {
    const database = await open();
    await take(database, await file());
    const answers = await Promise.all([1, 2, 3].map(() => propose(database)));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['already', 'already', 'proposed']);
    expect(await propose(database, { field: 'delivery_address' })).toEqual({ kind: 'another', version: 2 });
    const said = await database.db
      .select()
      .from(outbox)
      .where(eq(outbox.subject, `agreement:2/${flow}`));
    expect(said.map(({ kind }) => kind).sort()).toEqual(['card', 'line', 'line']);
    expect(await propose(database, { field: 'no_such' })).toEqual({ kind: 'moot' });
  });

  it('is refused by one word, and then known as refused', async () => {
    const database = await open();
    await take(database, await file());
    const about = { flow, field: 'email', systemOfRecord: 'xero' };
    expect(await refusedRuling(database.db, about)).toBeNull();
    await propose(database);
    await say(database, 2, tom, ['technical']);
    await refuseProposal(database.db, { version: 2, flow, revision: 1, by: priya, now: later });
    expect(await rule(database)).toBe('review xero');
    expect(await refusedRuling(database.db, about)).toEqual(later);
    expect(await refusedRuling(database.db, { ...about, systemOfRecord: 'hubspot' })).toBeNull();
    expect(await say(database, 2, priya, ['business'])).toEqual({ kind: 'over', state: 'refused' });
  });

  it('waits on when Truce starts with the same file, and gives way to a file that says something new', async () => {
    const database = await open();
    await take(database, await file());
    await propose(database);
    await take(database, await file());
    expect(await states(database)).toEqual(['1 active (truce.yml)', '2 proposed (Slack)']);
    await take(database, await file({}, { lateAfterMinutes: 44 }));
    expect(await states(database)).toEqual([
      '1 replaced (truce.yml)',
      '2 replaced (Slack)',
      '3 active (truce.yml)',
    ]);
    expect((await propose(database)).kind).toBe('proposed');
  });

  it('does not make a refused file asked about again', async () => {
    const database = await open();
    await take(database, await file());
    await take(database, await file({ rule: 'latest' }), true);
    await refuseProposal(database.db, { version: 2, flow, revision: 1, by: priya, now: later });
    expect(await propose(database, { field: 'delivery_address' })).toEqual({ kind: 'proposed', version: 3 });
    await say(database, 3, priya, ['business', 'technical']);
    await take(database, await file({ rule: 'latest' }), true);
    expect(await states(database)).toEqual([
      '1 replaced (truce.yml)',
      '2 refused (truce.yml)',
      '3 active (Slack)',
    ]);
    expect(await openProposal(database.db)).toBeNull();
  });
});

describeOnBothDatabases('a rule that was agreed in Slack', (open) => {
  it('stands when Truce starts again with a file that does not say it', async () => {
    const database = await open();
    await agreed(database);
    await take(database, await file(), true);
    expect(await rule(database)).toBe('overwrite xero');
    expect(await states(database)).toEqual(['1 replaced (truce.yml)', '2 active (Slack)']);
  });

  it('stays laid over a file that says something else of other things', async () => {
    const database = await open();
    await agreed(database);
    await take(database, await file({}, { lateAfterMinutes: 44 }));
    expect(await rule(database)).toBe('overwrite xero');
    const active = await activeAgreement(database.db);
    expect([active?.version, active?.flows.customers?.lateAfterMinutes]).toEqual([3, 44]);
    expect(await activeRulings(database.db)).toHaveLength(1);
  });

  it('ends with a file that says otherwise of that detail, once its owner approved that', async () => {
    const database = await open();
    await agreed(database);
    await take(database, await file({ rule: 'approve' }), true);
    expect(await rule(database)).toBe('overwrite xero');
    expect(await say(database, 3, priya, ['business'])).toEqual({ kind: 'active' });
    expect(await rule(database)).toBe('approve xero');
    expect(await activeRulings(database.db)).toEqual([]);
  });

  it('belongs to the file once that says it too, and goes with it', async () => {
    const database = await open();
    await agreed(database);
    const saysIt = await file({
      rule: 'overwrite',
      systemOfRecord: 'xero',
      decideWithinHours: null,
      ifNobodyChooses: 'hold',
    });
    await take(database, saysIt, true);
    expect([await rule(database), await activeRulings(database.db)]).toEqual(['overwrite xero', []]);
    expect((await activeAgreement(database.db))?.version).toBe(2);
    await take(database, await file());
    expect(await rule(database)).toBe('review xero');
  });
});

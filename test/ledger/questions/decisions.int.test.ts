import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { openChange } from '#src/ledger/changes/changes.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { changes, conflicts, decisions, outbox, pending, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const now = new Date('2026-11-21T00:00:00Z');

describeOnBothDatabases('a decision', (open) => {
  let database: TestDatabase;
  let changeId: string;

  beforeAll(async () => {
    database = await open();
  });

  beforeEach(async () => {
    await database.empty();
    const { db } = database;
    await db.insert(records).values({
      id: 'r1',
      entity: 'customer',
      title: 'Example Timber',
      keyValue: '51824753556',
      createdAt: now,
    });
    const change = await openChange(db, {
      recordId: 'r1',
      flow: 'customers',
      subject: 'Example Timber',
      runId: 1,
      agreementVersion: 1,
      now,
    });
    changeId = change.id;
    const option = (connection: string, value: string) => ({
      connection,
      value,
      asAgreed: false,
      changedAt: null,
      changedBy: null,
    });
    await db.insert(conflicts).values({
      id: `${changeId}/email/1`,
      changeId,
      recordId: 'r1',
      flow: 'customers',
      field: 'email',
      state: 'open',
      options: [option('hubspot', 'a@example.com'), option('xero', 'b@example.com')],
      optionsRevision: 1,
      agreedBefore: 'old@example.com',
      openedAt: now,
      fallback: 'keep',
    });
  });

  const choose = (from: string, by = 'U1', more = {}) =>
    decideConflict(database.db, {
      changeId,
      field: 'email',
      from,
      by,
      revision: 1,
      now,
      agreementVersion: 1,
      ...more,
    });

  it('is kept with who, what and when, and makes the value pending', async () => {
    expect(await choose('xero')).toEqual({ kind: 'decided' });
    expect(await database.db.select().from(pending)).toMatchObject([
      { recordId: 'r1', field: 'email', value: 'b@example.com', by: 'U1' },
    ]);
    expect(await database.db.select().from(changes)).toMatchObject([{ state: 'writing', revision: 2 }]);
    expect(await database.db.select().from(outbox)).toMatchObject([{ subject: `change:${changeId}` }]);
  });

  it('counts once when ten people click at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => choose(i % 2 ? 'xero' : 'hubspot', `U${i}`)),
    );
    expect(results.filter((result) => result.kind === 'decided')).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'already')).toHaveLength(9);
    expect(await database.db.select().from(decisions)).toHaveLength(1);
  });

  it('says who was first on a second click', async () => {
    await choose('hubspot');
    expect(await choose('xero', 'U2')).toEqual({ kind: 'already', by: 'U1', from: 'hubspot', at: now });
  });

  it('is refused when the values moved after the message was drawn', async () => {
    await database.db.update(conflicts).set({ optionsRevision: 3 }).where(eq(conflicts.changeId, changeId));
    expect(await choose('xero')).toMatchObject({ kind: 'outdated', field: 'email' });
    expect(await choose('xero', 'U1', { revision: 3 })).toEqual({ kind: 'decided' });
  });

  it('may keep what was agreed, take another value, or clear it', async () => {
    expect(await choose('agreed')).toEqual({ kind: 'decided' });
    expect(await database.db.select().from(pending)).toMatchObject([{ value: 'old@example.com' }]);
  });

  it('is refused for a reference that is not there, or closed meanwhile', async () => {
    expect(await choose('xero', 'U1', { changeId: 'tr-0000000000' })).toEqual({
      kind: 'closed',
      state: 'unknown',
    });
    await database.db.update(conflicts).set({ state: 'withdrawn', closedAt: now });
    expect(await choose('xero')).toMatchObject({ kind: 'closed' });
  });
});

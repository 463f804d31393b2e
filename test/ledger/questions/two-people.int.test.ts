import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { FieldValue } from '#src/entities/field.ts';
import { openChange } from '#src/ledger/changes/changes.ts';
import { type DecideInput, decideConflict, takeBackApproval } from '#src/ledger/questions/decisions.ts';
import {
  approvals,
  changes,
  conflicts,
  decisions,
  outbox,
  pending,
  records,
  story,
} from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const now = new Date('2026-11-21T00:00:00Z');
const [PRIYA, TOM, MEI] = ['U0PRIYA001', 'U0TOMW0001', 'U0MEIT0001'];
const approvers = [
  { slack: PRIYA, names: ['Priya Nair', 'p.nair@example.com'] },
  { slack: TOM, names: ['Tom Walsh'] },
  { slack: MEI, names: ['Mei Tran'] },
];
const same = (a: FieldValue | null, b: FieldValue | null) => a === b;

describeOnBothDatabases(
  'two people for a new value (rules: two different people, neither made the change)',
  (open) => {
    let database: TestDatabase;
    let changeId: string;

    beforeAll(async () => {
      database = await open();
    });

    beforeEach(async () => {
      await database.empty();
      const { db } = database;
      await db
        .insert(records)
        .values({ id: 'r1', entity: 'customer', title: 'Example Timber', createdAt: now });
      const opening = {
        recordId: 'r1',
        flow: 'customers',
        subject: 'Example Timber',
        runId: 1,
        agreementVersion: 1,
      };
      const change = await openChange(db, { ...opening, now });
      changeId = change.id;
      await db.update(changes).set({ state: 'asking' });
      await askAgain({ hubspot: [' P.Nair@example.com', '30 days'], xero: [null, '7 days'] });
    });

    /** What each system has, and who changed it there; Cin7 Core has what was agreed. */
    async function askAgain(by: Readonly<Record<string, readonly [string | null, string]>>): Promise<void> {
      const { db } = database;
      await db.delete(decisions);
      await db.delete(approvals);
      await db.delete(conflicts);
      const changed = Object.entries(by).map(([connection, [changedBy, value]]) => ({
        connection,
        value,
        asAgreed: false,
        changedAt: now.toISOString(),
        changedBy,
      }));
      const kept = {
        connection: 'cin7-core',
        value: '14 days',
        asAgreed: true,
        changedAt: null,
        changedBy: null,
      };
      await db.insert(conflicts).values({
        id: `${changeId}/payment_terms/1`,
        changeId,
        recordId: 'r1',
        flow: 'customers',
        field: 'payment_terms',
        state: 'open',
        options: [...changed, kept],
        optionsRevision: 1,
        agreedBefore: '14 days',
        openedAt: now,
        fallback: 'keep',
      });
    }

    const choose = (by: string, from: string, more: Partial<DecideInput> = {}) =>
      decideConflict(database.db, {
        changeId,
        field: 'payment_terms',
        from,
        by,
        revision: 1,
        now,
        agreementVersion: 1,
        twoPeople: { approvers, same },
        ...more,
      });
    const approve = (by: string, revision: number) => choose(by, 'approve', { approves: true, revision });
    const takeBack = (by: string) =>
      takeBackApproval(database.db, { changeId, field: 'payment_terms', by, now });
    const rows = async () => {
      const { db } = database;
      const [question] = await db.select().from(conflicts);
      const [change] = await db.select().from(changes);
      return {
        approvals: await db.select().from(approvals).orderBy(approvals.id),
        decisions: await db.select().from(decisions),
        pending: await db.select().from(pending),
        told: (await db.select().from(story).orderBy(story.id)).map(({ kind, actor, data }) => [
          kind,
          actor,
          data.because,
        ]),
        lines: (await db.select().from(outbox).where(eq(outbox.kind, 'line'))).map(
          ({ params }) => params.seconds,
        ),
        question,
        change,
      };
    };

    it('puts the first choice down, leaves the question open, and calls whoever can be second', async () => {
      expect(await choose(TOM, 'xero')).toEqual({ kind: 'first', instead: null, seconds: [MEI] });
      const after = await rows();
      expect(after.approvals).toMatchObject([{ by: TOM, from: 'xero', value: '7 days', withdrawnAt: null }]);
      expect(after).toMatchObject({
        decisions: [],
        pending: [],
        question: { state: 'open', chosen: null },
        change: { state: 'asking', revision: 2 },
        lines: [[MEI]],
      });
    });

    it('decides with the second person, whichever way they choose the same value, and keeps both', async () => {
      await choose(TOM, 'xero');
      expect(await choose(MEI, 'other', { value: '7 days' })).toEqual({ kind: 'decided' });
      const after = await rows();
      expect(after.decisions).toMatchObject([{ by: MEI, from: 'xero', value: '7 days' }]);
      expect(after.question?.chosen).toMatchObject({ by: MEI, first: { by: TOM, at: now.toISOString() } });
      expect(after.pending).toMatchObject([{ value: '7 days', by: MEI }]);
      expect(after.told).toEqual([
        ['approved', TOM, undefined],
        ['decided', MEI, undefined],
      ]);
    });

    it('is approved by a press on what the first person typed', async () => {
      await choose(TOM, 'other', { value: '21 days' });
      expect(await approve(MEI, 2)).toEqual({ kind: 'decided' });
      expect((await rows()).pending).toMatchObject([{ value: '21 days', by: MEI }]);
    });

    it('never counts one person twice', async () => {
      await choose(TOM, 'xero');
      expect(await choose(TOM, 'xero')).toMatchObject({ kind: 'again', seconds: [MEI] });
      expect(await approve(TOM, 2)).toMatchObject({ kind: 'again' });
      expect((await rows()).decisions).toEqual([]);
    });

    it('refuses whoever made one of the changes, as first and as second, for any new value, and says who can', async () => {
      const refusal = { kind: 'editor', connections: ['hubspot'], can: [TOM, MEI] };
      expect(await choose(PRIYA, 'hubspot')).toEqual(refusal);
      expect(await choose(PRIYA, 'xero')).toEqual(refusal);
      await choose(TOM, 'hubspot');
      expect(await approve(PRIYA, 2)).toEqual(refusal);
      expect(await choose(PRIYA, 'other', { value: '60 days' })).toEqual(refusal);
      expect((await rows()).decisions).toEqual([]);
    });

    it('lets one person keep what was agreed before, even who made the change; a first approval ends with it', async () => {
      await choose(TOM, 'hubspot');
      expect(await choose(PRIYA, 'agreed')).toEqual({ kind: 'decided' });
      const after = await rows();
      expect(after.pending).toMatchObject([{ value: '14 days', by: PRIYA }]);
      expect(after.question?.chosen).not.toHaveProperty('first');
      expect(after.told).toEqual([
        ['approved', TOM, undefined],
        ['unapproved', TOM, 'kept'],
        ['decided', PRIYA, undefined],
      ]);
    });

    it('needs two people for "empty" where nothing was ever agreed', async () => {
      await askAgain({ hubspot: [null, '30 days'], xero: [null, '7 days'] });
      const { db } = database;
      const [question] = await db.select().from(conflicts);
      const options = (question?.options ?? []).map((one) => ({ ...one, asAgreed: false }));
      await db.update(conflicts).set({ agreedBefore: null, options });
      expect(await choose(TOM, 'other', { value: null })).toMatchObject({ kind: 'first' });
      expect(await choose(TOM, 'agreed')).toMatchObject({ kind: 'again' });
    });

    it('lets another choice of a second person be a new first approval, and of the same person too', async () => {
      await choose(TOM, 'xero');
      expect(await choose(MEI, 'hubspot')).toEqual({ kind: 'first', instead: TOM, seconds: [TOM] });
      expect(await choose(MEI, 'xero')).toEqual({ kind: 'first', instead: null, seconds: [TOM] });
      const after = await rows();
      expect(after.approvals.map(({ by, withdrawnBecause }) => [by, withdrawnBecause])).toEqual([
        [TOM, 'replaced'],
        [MEI, 'replaced'],
        [MEI, null],
      ]);
      expect(after.decisions).toEqual([]);
      expect(await approve(TOM, after.change?.revision ?? 0)).toEqual({ kind: 'decided' });
    });

    it('refuses an approval that was pressed on another first choice, and one whose first choice is gone', async () => {
      await choose(TOM, 'xero');
      const shown = (await rows()).change?.revision ?? 0;
      await choose(TOM, 'hubspot');
      expect(await approve(MEI, shown)).toMatchObject({ kind: 'outdated' });
      await takeBack(TOM);
      expect(await approve(MEI, 99)).toMatchObject({ kind: 'outdated' });
      expect((await rows()).decisions).toEqual([]);
    });

    it('lets only the first person take their approval back', async () => {
      await choose(TOM, 'xero');
      expect(await takeBack(MEI)).toEqual({ kind: 'others', by: TOM });
      expect(await takeBack(TOM)).toEqual({ kind: 'taken_back' });
      expect(await takeBack(TOM)).toEqual({ kind: 'none' });
      expect(await choose(MEI, 'xero')).toEqual({ kind: 'first', instead: null, seconds: [TOM] });
      expect((await rows()).told).toEqual([
        ['approved', TOM, undefined],
        ['unapproved', TOM, 'taken_back'],
        ['approved', MEI, undefined],
      ]);
    });

    it('does not count a first approval of somebody who may not decide any more', async () => {
      await choose(TOM, 'xero');
      const without = approvers.filter(({ slack }) => slack !== TOM);
      const four = [...without, { slack: 'U0SAML0001', names: ['Sam Lee'] }];
      expect(await choose(MEI, 'xero', { twoPeople: { approvers: four, same } })).toEqual({
        kind: 'first',
        instead: TOM,
        seconds: ['U0SAML0001'],
      });
      expect((await rows()).approvals.map(({ withdrawnBecause }) => withdrawnBecause)).toEqual([
        'not_allowed',
        null,
      ]);
    });

    it('says so where nobody is left to be second', async () => {
      await askAgain({ hubspot: ['Priya Nair', '30 days'], xero: ['TOM  walsh', '7 days'] });
      expect(await choose(MEI, 'xero')).toEqual({ kind: 'first', instead: null, seconds: [] });
      expect((await rows()).lines).toEqual([]);
      expect(await choose(TOM, 'xero')).toEqual({ kind: 'editor', connections: ['xero'], can: [MEI] });
    });

    it('of ten clicks of two people at once decides exactly once, and with both', async () => {
      const clicks = Array.from({ length: 10 }, (_, i) => choose(i % 2 ? TOM : MEI, 'xero'));
      const results = (await Promise.all(clicks)).map(({ kind }) => kind);
      expect(results.filter((kind) => kind === 'first')).toHaveLength(1);
      expect(results.filter((kind) => kind === 'decided')).toHaveLength(1);
      expect(results.every((kind) => ['first', 'again', 'decided', 'already'].includes(kind))).toBe(true);
      const { question } = await rows();
      expect(new Set([question?.chosen?.by, question?.chosen?.first?.by])).toEqual(new Set([TOM, MEI]));
    });

    it('of two people at once with two values decides nothing', async () => {
      const results = await Promise.all([choose(TOM, 'xero'), choose(MEI, 'hubspot')]);
      expect(results.map(({ kind }) => kind)).toEqual(['first', 'first']);
      const after = await rows();
      expect(after.decisions).toEqual([]);
      expect(after.approvals.filter(({ withdrawnAt }) => withdrawnAt === null)).toHaveLength(1);
    });

    it('of an approval and a taking back at once is one or the other', async () => {
      for (let i = 0; i < 5; i++) {
        await askAgain({ xero: [null, '7 days'] });
        await database.db.update(conflicts).set({ chosen: null, state: 'open' });
        await choose(TOM, 'xero');
        const revision = (await rows()).change?.revision ?? 0;
        const [approved, taken] = await Promise.all([approve(MEI, revision), takeBack(TOM)]);
        expect([approved.kind, taken.kind]).toSatisfy(
          (kinds: string[]) => String(kinds) === 'decided,none' || String(kinds) === 'outdated,taken_back',
        );
        expect((await rows()).decisions).toHaveLength(approved.kind === 'decided' ? 1 : 0);
      }
    });
  },
);

import { isNull } from 'drizzle-orm';
import * as fc from 'fast-check';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { FieldValue } from '#src/entities/field.ts';
import { type DecideInput, decideConflict, takeBackApproval } from '#src/ledger/questions/decisions.ts';
import { agreed, approvals, changes, conflicts, decisions, pending } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';

const days = (n: number) => ({ days: n, from: 'invoice_date' });
const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', payment_terms: days(14) };
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const [PRIYA, TOM, MEI] = ['U0PRIYA001', 'U0TOMW0001', 'U0MEIT0001'];
const approvers = [
  { slack: PRIYA, names: ['Priya Nair'] },
  { slack: TOM, names: ['Tom Walsh'] },
  { slack: MEI, names: ['Mei Tran'] },
];
const same = (a: FieldValue | null, b: FieldValue | null) => termsDays(a) === termsDays(b);
const termsDays = (value: FieldValue | null): unknown =>
  typeof value === 'object' && value !== null ? value.days : value;

const rules = { legal_name: 'overwrite', abn: 'approve', payment_terms: 'approve' } as const;
const terms = { payment_terms: { twoPeople: true } };

const held = (engine: MemoryEngine) =>
  ids.map((id) => termsDays(engine.systems[id].records.get(`${id}-1`)?.values.payment_terms ?? null));
const question = async ({ database: { db } }: MemoryEngine) =>
  (await db.select().from(conflicts).where(isNull(conflicts.closedAt))).find(
    ({ field }) => field === 'payment_terms',
  );

async function press(
  engine: MemoryEngine,
  by: string,
  from: string,
  more: Partial<DecideInput> = {},
): Promise<string> {
  const open = await question(engine);
  const [change] = await engine.database.db.select().from(changes).where(isNull(changes.closedAt));
  const result = await decideConflict(engine.database.db, {
    changeId: open?.changeId ?? '',
    field: 'payment_terms',
    from,
    by,
    revision: change?.revision ?? 0,
    now: engine.clock.now(),
    agreementVersion: engine.agreement.version,
    twoPeople: { approvers, same },
    ...more,
  });
  return result.kind;
}

describeOnBothDatabases(
  'two people for a new value, from the change to the systems (rules)',
  (open, kind) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await open();
    });
    beforeEach(() => database.empty());

    const begin = async (more: Parameters<typeof openMemoryEngine>[1] = {}) => {
      const engine = await openMemoryEngine(database, { rules, terms, ...more });
      for (const id of ids) engine.systems[id].add(wren);
      await engine.run();
      return engine;
    };

    it('asks about a change of one side; nothing goes out with the first person, everything with the second', async () => {
      const engine = await begin();
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(30) }, 'priya nair');
      await engine.run();
      expect(await press(engine, PRIYA, 'hubspot')).toBe('editor');
      expect(await press(engine, TOM, 'hubspot')).toBe('first');
      await engine.run();
      expect(held(engine)).toEqual([30, 14, 14]);
      expect(await database.db.select().from(pending)).toEqual([]);
      expect(await press(engine, MEI, 'hubspot')).toBe('decided');
      await engine.run();
      expect(held(engine)).toEqual([30, 30, 30]);
      const told = (await engine.ledger()).story.filter(({ kind: what }) =>
        /approved|decided|settled/.test(what),
      );
      expect(told.map(({ kind: what, actor }) => [what, actor])).toEqual([
        ['approved', TOM],
        ['decided', MEI],
        ['settled', null],
      ]);
    });

    it('voids the first approval when a value moves, and says why', async () => {
      const engine = await begin();
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(30) });
      await engine.run();
      await press(engine, TOM, 'hubspot');
      const shown =
        (await database.db.select().from(changes).where(isNull(changes.closedAt)))[0]?.revision ?? 0;
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(60) });
      await engine.run();
      expect(await database.db.select().from(approvals)).toMatchObject([
        { by: TOM, withdrawnBecause: 'moved' },
      ]);
      expect(await press(engine, MEI, 'approve', { approves: true, revision: shown })).toBe('outdated');
      expect(await press(engine, MEI, 'hubspot')).toBe('first');
      await engine.run();
      expect(held(engine)).toEqual([60, 14, 14]);
      const lines = (await engine.ledger()).story.map(({ kind: what }) => what);
      expect(lines.filter((what) => /^(approved|moved|unapproved|decided)$/.test(what))).toEqual([
        'approved',
        'moved',
        'unapproved',
        'approved',
      ]);
    });

    it('forgets the first approval with its question, when the systems agree by themselves', async () => {
      const engine = await begin();
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(30) });
      await engine.run();
      await press(engine, TOM, 'hubspot');
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(14) });
      await engine.run();
      expect(await question(engine)).toBeUndefined();
      expect(await database.db.select().from(approvals)).toMatchObject([{ withdrawnBecause: 'over' }]);
      expect(held(engine)).toEqual([14, 14, 14]);
    });

    it('is never put in by a time-out, not even where the question was asked before two people were agreed', async () => {
      const limits = { decideWithinHours: 1, ifNobodyChooses: 'owner_wins' as const };
      const engine = await begin({ terms: { payment_terms: limits } });
      engine.systems.xero.edit('xero-1', { payment_terms: days(30) });
      await engine.run();
      await engine.amend({ payment_terms: { ...limits, ifNobodyChooses: 'keep', twoPeople: true } });
      await press(engine, TOM, 'xero', { agreementVersion: 2 });
      await engine.run();
      engine.clock.advance(2 * 3_600_000);
      await engine.run();
      await engine.run();
      expect(held(engine)).toEqual([14, 30, 14]);
      expect(await question(engine)).toBeUndefined();
      expect(await database.db.select().from(pending)).toEqual([]);
      expect(await database.db.select().from(approvals)).toMatchObject([{ withdrawnBecause: 'over' }]);
    });

    it('refuses a press that was authorised by an agreement that is not the active one any more', async () => {
      const engine = await begin({ terms: {} });
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(30) });
      await engine.run();
      await engine.amend(terms);
      expect(await press(engine, TOM, 'hubspot', { twoPeople: null, agreementVersion: 1 })).toBe(
        'other_agreement',
      );
      expect(await database.db.select().from(decisions)).toEqual([]);
    });

    it('asks again, both of them, where somebody edits what two have decided before it is everywhere', async () => {
      const engine = await begin();
      engine.systems.hubspot.edit('hubspot-1', { payment_terms: days(30) });
      await engine.run();
      await press(engine, TOM, 'hubspot');
      await press(engine, MEI, 'hubspot');
      engine.systems.xero.edit('xero-1', { payment_terms: days(7) });
      await engine.run();
      expect(await question(engine)).toMatchObject({ agreedBefore: days(30) });
      expect(await press(engine, TOM, 'xero')).toBe('first');
      await engine.run();
      expect(held(engine)[1]).toBe(7);
    });

    it('whatever people press and whatever moves meanwhile: nothing new arrives anywhere that two did not choose', {
      timeout: 240_000,
    }, async () => {
      const id = fc.constantFrom(...ids);
      const by = fc.constantFrom(PRIYA, TOM, MEI);
      const deed = fc.oneof(
        fc.record({ kind: fc.constant('edit' as const), id, by, n: fc.constantFrom(7, 30, 60) }),
        fc.record({ kind: fc.constant('choose' as const), id: fc.constantFrom(...ids, 'agreed'), by }),
        fc.record({ kind: fc.constant('approve' as const), by }),
        fc.record({ kind: fc.constant('take back' as const), by }),
        fc.record({ kind: fc.constant('run' as const), by }),
      );
      const nameOf = (slack: string) => approvers.find((one) => one.slack === slack)?.names[0] ?? '';
      const property = fc.asyncProperty(
        fc.array(deed, { minLength: 4, maxLength: 10 }),
        fc.boolean(),
        async (deeds, atOnce) => {
          await database.empty();
          const engine = await begin();
          const typed = new Map<SystemId, Set<unknown>>(ids.map((one) => [one, new Set<unknown>([14])]));
          const carryOut = async (one: (typeof deeds)[number]): Promise<unknown> => {
            switch (one.kind) {
              case 'edit':
                typed.get(one.id)?.add(one.n);
                return engine.systems[one.id].edit(
                  `${one.id}-1`,
                  { payment_terms: days(one.n) },
                  nameOf(one.by),
                );
              case 'choose':
                return press(engine, one.by, one.id);
              case 'approve':
                return press(engine, one.by, 'approve', { approves: true });
              case 'take back': {
                const changeId = (await question(engine))?.changeId ?? '';
                const now = engine.clock.now();
                return takeBackApproval(database.db, { changeId, field: 'payment_terms', by: one.by, now });
              }
              case 'run':
                return engine.run();
            }
          };
          for (let i = 0; i < deeds.length; i += 2) {
            const pair = deeds.slice(i, i + 2);
            // One run at a time has the flow; people press whenever they like.
            if (atOnce && pair.some((one) => one.kind !== 'run')) await Promise.all(pair.map(carryOut));
            else for (const one of pair) await carryOut(one);
          }
          await engine.run();
          await engine.run();
          const chosen = (await database.db.select().from(conflicts)).flatMap(
            ({ chosen: one, agreedBefore }) =>
              one ? [{ ...one, isKept: same(one.value, agreedBefore) }] : [],
          );
          for (const one of chosen) {
            if (one.isKept) continue;
            expect(one.first).toBeDefined();
            expect(one.first?.by).not.toBe(one.by);
          }
          const decided = new Set(chosen.map(({ value }) => termsDays(value)));
          for (const one of ids) {
            const now = termsDays(engine.systems[one].records.get(`${one}-1`)?.values.payment_terms ?? null);
            // What the systems came to agree on by themselves was written by nobody of ours.
            expect(typed.get(one)?.has(now) || decided.has(now)).toBe(true);
          }
          const waiting = await database.db.select().from(approvals).where(isNull(approvals.withdrawnAt));
          expect(new Set(waiting.map(({ conflictId }) => conflictId)).size).toBe(waiting.length);
        },
      );
      await fc.assert(property, { numRuns: kind === 'PGlite' ? 8 : 16 });
      expect(await database.db.select().from(agreed)).not.toEqual([]);
    });
  },
);

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerStop } from '#src/ledger/runs/safety-stops.ts';
import { describeOn } from '#test/support/database.ts';
import { abnOf, stage } from '../absence/absence-stage.ts';

const minute = 60_000;
const customers = 14;
/** Five records, or a tenth of them: five is more. Of values that are cleared, one. */
const terms = { records: 5, percent: 10 };
const limit = { writes: 5, blanks: 1 };

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        from: fc.nat(customers - 1),
        count: fc.integer({ min: 1, max: 9 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('clear' as const),
        from: fc.nat(customers - 1),
        count: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 5, max: 90 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('approve' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const) }) },
  ),
  { minLength: 12, maxLength: 30 },
);

interface Written {
  readonly id: string;
  readonly at: number;
  readonly isBlank: boolean;
}

describeOn('PostgreSQL', 'the safety stop', (open) => {
  it('never lets more be written within an hour than its limit, unless a person approved it', async () => {
    const database = await open();
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        await database.empty();
        const { engine, db, stops } = await stage(database, customers, { flow: { safetyStop: terms } });
        const { xero, hubspot } = engine.systems;
        const unapproved: Written[] = [];
        let [edits, seen] = [0, hubspot.writes.length];
        const answer = async (what: 'approve' | 'refuse') => {
          for (const stop of (await stops()).filter(({ state }) => state === 'open')) {
            const { id, revision } = stop;
            await db.transaction((tx) =>
              answerStop(tx, { id, revision, answer: what, by: 'U0PRIYA001', now: engine.clock.now() }),
            );
          }
        };
        const look = async () => {
          const approved = (await stops()).filter(({ state }) => state === 'approved');
          const { links } = await engine.ledger();
          for (const { id } of hubspot.writes.slice(seen)) {
            const recordId = links.find((link) => link.externalId === id)?.recordId ?? '';
            const isBlank = hubspot.records.get(id)?.values.phone === null;
            if (!approved.some(({ covers }) => covers.includes(recordId)))
              unapproved.push({ id, at: engine.clock.now().getTime(), isBlank });
          }
          seen = hubspot.writes.length;
          for (const { at } of unapproved) {
            const near = unapproved.filter((one) => one.at <= at && one.at > at - 59 * minute);
            expect(new Set(near.map(({ id }) => id)).size).toBeLessThanOrEqual(limit.writes);
            expect(
              new Set(near.filter(({ isBlank }) => isBlank).map(({ id }) => id)).size,
            ).toBeLessThanOrEqual(limit.blanks);
          }
        };
        for (const step of script) {
          if (step.kind === 'edit' || step.kind === 'clear') {
            for (let i = 0; i < step.count; i++) {
              edits += 1;
              const phone = step.kind === 'clear' ? null : `+6128000${String(edits).padStart(4, '0')}`;
              xero.edit(`xero-${((step.from + i) % customers) + 1}`, { phone });
            }
          }
          if (step.kind === 'wait') engine.clock.advance(step.minutes * minute);
          if (step.kind === 'approve' || step.kind === 'refuse') await answer(step.kind);
          if (step.kind === 'run') await engine.run();
          await look();
        }
        // Whatever was stopped goes out once it is approved, and nothing is left over.
        for (let i = 0; i < 6; i++) {
          engine.clock.advance(61 * minute);
          await engine.run();
          await answer('approve');
          await approveRefused(db, engine.clock.now(), await stops());
          await engine.run();
        }
        for (let n = 1; n <= customers; n++) {
          const abn = abnOf(n);
          const phones = [xero, hubspot].map(
            ({ records }) => [...records.values()].find(({ values }) => values.abn === abn)?.values.phone,
          );
          expect(phones[1]).toBe(phones[0]);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 240_000);
});

type Stage = Awaited<ReturnType<typeof stage>>;

async function approveRefused(
  db: Stage['db'],
  now: Date,
  stops: Awaited<ReturnType<Stage['stops']>>,
): Promise<void> {
  for (const { id, revision } of stops.filter(({ state }) => state === 'refused')) {
    await db.transaction((tx) => answerStop(tx, { id, revision, answer: 'approve', by: 'U0PRIYA001', now }));
  }
}

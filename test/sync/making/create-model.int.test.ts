import { isNull } from 'drizzle-orm';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { intents } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';
import type { Answer, MemorySystem } from '#test/support/memory-system.ts';

const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const abns = ['48910000065', '50910000074', '52910000083', '77912345674'];
const names = ['Fairy Wren', 'Boobook Books', 'Channel Hire', 'Bellbird Timber'];

const subset = fc.subarray([...ids]);
/** A customer: where it is at the start, where a person adds it between two runs, where it is archived. */
const customer = fc.record({ at: subset, added: subset, archived: fc.subarray([...ids], { maxLength: 1 }) });
const answer = fc.constantFrom<Answer>('heard', 'unheard', 'lost', 'refused', 'taken');
const world = fc.record({
  customers: fc.array(customer, { minLength: 1, maxLength: abns.length }),
  createIn: fc.record({ hubspot: subset, xero: subset, 'cin7-core': subset }),
  answers: fc.record({
    hubspot: fc.array(answer, { maxLength: 4 }),
    xero: fc.array(answer, { maxLength: 4 }),
    'cin7-core': fc.array(answer, { maxLength: 4 }),
  }),
  /** Where the second run dies, if it does. */
  death: fc.option(fc.constantFrom('creates', 'made', 'linked', 'decided', 'matched')),
});

const timesOf = (system: MemorySystem, abn: string) =>
  [...system.records.values()].filter(({ values }) => values.abn === abn).length;

/** Where a customer may be in the end: made in one system, it may be made from there in the next. */
function closure(start: readonly SystemId[], wanted: Readonly<Record<string, readonly SystemId[]>>) {
  const reached = new Set(start);
  for (const _ of ids)
    for (const id of ids) if (wanted[id]?.some((from) => reached.has(from))) reached.add(id);
  return reached;
}

describeOnBothDatabases('promise 6, whatever is missing and however systems answer', (open, kind) => {
  it('no record is twice in a system, and none comes where the agreement does not want it', {
    timeout: 180_000,
  }, async () => {
    const database = await open();
    const property = fc.asyncProperty(world, async ({ customers, createIn, answers, death }) => {
      await database.empty();
      const wanted = Object.fromEntries(
        ids.flatMap((id) => {
          const from = createIn[id].filter((other) => other !== id);
          return from.length > 0 ? [[id, from]] : [];
        }),
      );
      const engine = await openMemoryEngine(database, { createIn: wanted });
      const add = (i: number, id: SystemId, archived: boolean) =>
        engine.systems[id].add({ legal_name: names[i] ?? '', abn: abns[i] ?? '' }, { archived });
      customers.forEach(({ at, archived }, i) => {
        for (const id of at) add(i, id, archived.includes(id));
      });
      await engine.run();
      for (const id of ids) engine.systems[id].answers.push(...answers[id]);
      customers.forEach(({ at, added }, i) => {
        for (const id of added.filter((one) => !at.includes(one))) add(i, id, false);
      });
      await engine.run({}, async (point) => {
        if (point === death) throw new Error('killed');
      });
      for (let i = 0; i < 3; i++) await engine.run();
      for (const id of ids) engine.systems[id].answers.length = 0;
      await engine.run();
      customers.forEach(({ at, added }, i) => {
        const reached = closure([...at, ...added], wanted);
        for (const id of ids) {
          const times = timesOf(engine.systems[id], abns[i] ?? '');
          expect(times, `${names[i]} in ${id}`).toBeLessThanOrEqual(reached.has(id) ? 1 : 0);
        }
      });
      const { links } = await engine.ledger();
      const once = new Set(links.map(({ connection, externalId }) => `${connection} ${externalId}`));
      expect(once.size).toBe(links.length);
      const { db } = engine.database;
      expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);
    });
    await fc.assert(property, { numRuns: kind === 'PGlite' ? 8 : 60 });
  });
});

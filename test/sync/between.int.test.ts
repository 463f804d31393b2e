import { isNull } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { agreed, changes, conflicts, pending } from '#src/ledger/tables/index.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine, type SystemId } from '#test/support/memory-engine.ts';

const wren = {
  legal_name: 'Fairy Wren Interiors Pty Ltd',
  abn: '48910000065',
  email: 'hello@wren.example',
  phone: '0255501111',
};
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const two = ['hubspot', 'xero'];
type Terms = NonNullable<NonNullable<Parameters<typeof openMemoryEngine>[1]>['terms']>;

const held = (engine: MemoryEngine, id: SystemId, field: string) =>
  engine.systems[id].records.get(`${id}-1`)?.values[field] ?? null;
const written = (engine: MemoryEngine, id: SystemId) =>
  engine.systems[id].writes.flatMap(({ fields }) => fields);
const open_ = ({ database: { db } }: MemoryEngine) =>
  db.select().from(changes).where(isNull(changes.closedAt));
const questions = ({ database: { db } }: MemoryEngine) =>
  db.select().from(conflicts).where(isNull(conflicts.closedAt));

describeOn('PGlite', 'a field that is kept in step between some systems only (N-way, per field)', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  const begin = async (terms: Terms = { email: { between: two } }, rules = {}) => {
    const usual = { legal_name: 'overwrite', abn: 'approve', email: 'review', phone: 'overwrite' } as const;
    const engine = await openMemoryEngine(database, { rules: { ...usual, ...rules }, terms });
    for (const id of ids) engine.systems[id].add(wren);
    await engine.run();
    return engine;
  };

  it('flows between these, is settled when they have it, and leaves the third alone', async () => {
    const engine = await begin();
    engine.systems.hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    expect(ids.map((id) => held(engine, id, 'email'))).toEqual([
      'new@wren.example',
      'new@wren.example',
      'hello@wren.example',
    ]);
    expect(await open_(engine)).toEqual([]);
    expect(await engine.database.db.select().from(pending)).toEqual([]);
    expect(written(engine, 'cin7-core')).toEqual([]);
  });

  it('is not heard from the third: no change, no question, no write', async () => {
    const engine = await begin();
    engine.systems['cin7-core'].edit('cin7-core-1', { email: 'own@wren.example' });
    await engine.run();
    expect((await engine.ledger()).changes).toEqual([]);
    engine.systems.hubspot.edit('hubspot-1', { email: 'a@wren.example' });
    engine.systems.xero.edit('xero-1', { email: 'b@wren.example' });
    await engine.run();
    const [question] = await questions(engine);
    expect(question?.options.map(({ connection }) => connection)).toEqual(two);
  });

  it('is withdrawn as a question when these agree, whatever the third holds', async () => {
    const engine = await begin();
    engine.systems['cin7-core'].edit('cin7-core-1', { email: 'own@wren.example' });
    engine.systems.hubspot.edit('hubspot-1', { email: 'a@wren.example' });
    engine.systems.xero.edit('xero-1', { email: 'b@wren.example' });
    await engine.run();
    engine.systems.xero.edit('xero-1', { email: 'a@wren.example' });
    await engine.run();
    expect(await open_(engine)).toEqual([]);
    expect(held(engine, 'cin7-core', 'email')).toBe('own@wren.example');
  });

  it('goes on while the third cannot be written: its record is gone there', async () => {
    const engine = await begin();
    engine.systems['cin7-core'].remove('cin7-core-1');
    engine.systems.hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    expect(held(engine, 'xero', 'email')).toBe('new@wren.example');
  });

  it('is not given to a record that is made in the third', async () => {
    const engine = await openMemoryEngine(database, { terms: { email: { between: two } } });
    for (const id of ['hubspot', 'xero'] as const) engine.systems[id].add(wren);
    await engine.run();
    await engine.run();
    expect(engine.systems['cin7-core'].records.size).toBe(1);
    expect(held(engine, 'cin7-core', 'legal_name')).toBe(wren.legal_name);
    expect(held(engine, 'cin7-core', 'phone')).toBe(wren.phone);
    expect(held(engine, 'cin7-core', 'email')).toBeNull();
    expect(await open_(engine)).toEqual([]);
  });

  it('asks for no approval of a first load for what only the third holds otherwise', async () => {
    const engine = await openMemoryEngine(database, {
      approved: false,
      terms: { email: { between: two } },
    });
    for (const id of ids)
      engine.systems[id].add({ ...wren, email: id === 'cin7-core' ? 'x@wren.example' : wren.email });
    await engine.run();
    expect(await open_(engine)).toEqual([]);
  });

  it('may be the status: archived where it takes no part, a record is asked about by nobody', async () => {
    const engine = await begin({ status: { between: two } }, { status: 'approve' });
    engine.systems['cin7-core'].archive('cin7-core-1');
    await engine.run();
    expect(await questions(engine)).toEqual([]);
    engine.systems.xero.archive('xero-1');
    await engine.run();
    const [question] = await questions(engine);
    expect(question?.options.map(({ connection, value }) => [connection, value])).toEqual([
      ['hubspot', 'active'],
      ['xero', 'archived'],
    ]);
  });

  it('lets a system go that a new agreement leaves out: nothing more goes there, and what was on its way settles', async () => {
    const engine = await begin({});
    engine.systems.hubspot.edit('hubspot-1', { email: 'a@wren.example' });
    engine.systems['cin7-core'].edit('cin7-core-1', { email: 'b@wren.example' });
    await engine.run();
    expect((await questions(engine)).length).toBe(1);
    await engine.amend({ email: { between: two } });
    await engine.run();
    expect(await questions(engine)).toEqual([]);
    expect(held(engine, 'xero', 'email')).toBe('a@wren.example');
    expect(held(engine, 'cin7-core', 'email')).toBe('b@wren.example');
    expect(await open_(engine)).toEqual([]);
  });

  it('takes a system in that a new agreement adds: what it holds otherwise is asked about, never passed over', async () => {
    const engine = await begin();
    engine.systems['cin7-core'].edit('cin7-core-1', { email: 'own@wren.example' });
    await engine.run();
    await engine.amend({ email: { between: ids } });
    await engine.run();
    const [question] = await questions(engine);
    expect(question?.options.map(({ connection, value }) => [connection, value])).toEqual([
      ['hubspot', 'hello@wren.example'],
      ['xero', 'hello@wren.example'],
      ['cin7-core', 'own@wren.example'],
    ]);
    const [email] = (await engine.database.db.select().from(agreed)).filter(({ field }) => field === 'email');
    expect(email?.value).toBe('hello@wren.example');
  });
});

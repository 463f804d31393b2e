import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { releaseFieldHolds } from '#src/ledger/changes/field-holds.ts';
import { agreed, changes, conflicts, intents, story } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { cin7, type Engine, hubspot, openEngine, xero } from '#test/support/engine.ts';
import {
  approve,
  holdsOf,
  itemsOf,
  lastChange,
  lastRun,
  openChanges,
  previewOf,
  priya,
  rollbackRun,
  stateOf,
  tom,
  undo,
} from './undoing.ts';

const emailIn = (engine: Engine, customer = 0) => ({
  hubspot: engine.held(hubspot, customer, 'billing_email'),
  xero: engine.held(xero, customer, 'EmailAddress'),
  cin7: engine.held(cin7, customer, 'Email'),
});
const writes = (engine: Engine) => [hubspot, xero, cin7].map((system) => engine.writes(system as 'xero'));

/** Xero's new e-mail address is everywhere. */
async function withNewEmail(engine: Engine, value = 'new@example.com', customer = 0): Promise<string> {
  engine.edit(xero, customer, { EmailAddress: value });
  await engine.run();
  await engine.run();
  expect(emailIn(engine, customer)).toEqual({ hubspot: value, xero: value, cin7: value });
  return lastChange(engine);
}

/** Nothing more happens by itself. */
async function expectQuiet(engine: Engine): Promise<void> {
  const before = [emailIn(engine), writes(engine)];
  for (let i = 0; i < 3; i++) await engine.run();
  expect([emailIn(engine), writes(engine)]).toEqual(before);
  const { db } = engine.database;
  expect(await openChanges(engine)).toEqual([]);
  expect((await db.select().from(conflicts)).filter(({ state }) => state === 'open')).toEqual([]);
}

describeOnBothDatabases('rollback', (open) => {
  it('of a change gives every system back what it had, and is not done again by the next runs', async () => {
    const engine = await openEngine(await open());
    const old = emailIn(engine);
    const change = await withNewEmail(engine);
    const id = await undo(engine, change);
    expect(await itemsOf(engine, id)).toEqual([
      'cin7-core email: goes_back → put_back',
      'hubspot email: goes_back → put_back',
    ]);
    expect(await stateOf(engine, id)).toBe('done');
    const after = { hubspot: old.hubspot, xero: 'new@example.com', cin7: old.cin7 };
    expect(emailIn(engine)).toEqual(after);
    expect(await holdsOf(engine)).toMatchObject([
      { field: 'email', reason: 'rolled_back', by: priya, rollbackId: id },
    ]);
    await expectQuiet(engine);
    expect(emailIn(engine)).toEqual(after);
    const told = await engine.database.db.select().from(story).where(eq(story.actor, priya));
    expect(told.map(({ kind, connection, field }) => [kind, connection, field]).sort()).toEqual([
      ['rolled_back', 'cin7-core', 'email'],
      ['rolled_back', 'hubspot', 'email'],
      ['undone', null, null],
    ]);
    const [before] = await engine.database.db.select().from(agreed).where(eq(agreed.settledBy, priya));
    expect(before).toMatchObject({ field: 'email', value: old.xero });
  });

  it('of one write gives that system alone back what it had', async () => {
    const engine = await openEngine(await open());
    const old = emailIn(engine);
    const change = await withNewEmail(engine);
    const id = await undo(engine, change, { connection: cin7 });
    expect(await itemsOf(engine, id)).toEqual(['cin7-core email: goes_back → put_back']);
    expect(emailIn(engine)).toEqual({ hubspot: 'new@example.com', xero: 'new@example.com', cin7: old.cin7 });
    await expectQuiet(engine);
  });

  it('ends once the owner has another value, which then flows as ever', async () => {
    const engine = await openEngine(await open());
    await undo(engine, await withNewEmail(engine));
    engine.edit(xero, 0, { EmailAddress: 'third@example.com' });
    await engine.run();
    await engine.run();
    expect(emailIn(engine)).toEqual({
      hubspot: 'third@example.com',
      xero: 'third@example.com',
      cin7: 'third@example.com',
    });
    expect(await holdsOf(engine)).toEqual([]);
    await expectQuiet(engine);
  });

  it('is not ended by anybody but the owner, and asks nobody meanwhile', async () => {
    const engine = await openEngine(await open());
    await undo(engine, await withNewEmail(engine));
    engine.edit(hubspot, 0, { billing_email: 'sales@example.com' });
    await expectQuiet(engine);
    expect(emailIn(engine)).toMatchObject({ hubspot: 'sales@example.com', xero: 'new@example.com' });
    expect(await holdsOf(engine)).toHaveLength(1);
  });

  it('ends when a person lets the sync go on: then the rule decides afresh', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    const id = await undo(engine, await withNewEmail(engine));
    const release = () =>
      db.transaction((tx) =>
        releaseFieldHolds(tx, { rollbackId: id, flow: 'customers', by: tom, now: engine.clock.now() }),
      );
    expect(await release()).toBe(1);
    expect(await release()).toBe(0);
    await engine.run({ trigger: 'decision' });
    await engine.run();
    expect(emailIn(engine)).toEqual({
      hubspot: 'new@example.com',
      xero: 'new@example.com',
      cin7: 'new@example.com',
    });
    expect(await holdsOf(engine)).toEqual([]);
    await expectQuiet(engine);
    const [line] = await db.select().from(story).where(eq(story.kind, 'released'));
    expect(line).toMatchObject({ actor: tom, field: 'email' });
  });

  it('of a rollback restores exactly what was there, and nothing is put aside any more', async () => {
    const engine = await openEngine(await open());
    const change = await withNewEmail(engine);
    const everywhere = emailIn(engine);
    const first = await undo(engine, change);
    const second = await undo(engine, first);
    expect(await itemsOf(engine, second)).toEqual([
      'cin7-core email: goes_back → put_back',
      'hubspot email: goes_back → put_back',
    ]);
    expect(emailIn(engine)).toEqual(everywhere);
    expect(await holdsOf(engine)).toEqual([]);
    await expectQuiet(engine);
    expect(emailIn(engine)).toEqual(everywhere);
    // And once more, from the beginning.
    const third = await undo(engine, change);
    expect(await stateOf(engine, third)).toBe('done');
    expect(emailIn(engine).hubspot).not.toBe(everywhere.hubspot);
    expect(await holdsOf(engine)).toMatchObject([{ rollbackId: third }]);
    await expectQuiet(engine);
  });

  it('of a run of thirty records leaves alone what somebody changed since, before the preview and after it', async () => {
    const engine = await openEngine(await open(), { customers: ordinaryCustomers(30) });
    const olds = engine.customers.map((_, i) => emailIn(engine, i));
    for (const i of engine.customers.keys()) engine.edit(xero, i, { EmailAddress: `new${i}@example.com` });
    await engine.run();
    const reference = await lastRun(engine);
    await engine.run();
    expect(emailIn(engine, 29).cin7).toBe('new29@example.com');
    engine.edit(hubspot, 3, { billing_email: 'early@example.com' });
    const id = await previewOf(engine, reference);
    expect((await itemsOf(engine, id)).filter((item) => item.includes('changed_since'))).toEqual([
      'hubspot email: changed_since',
    ]);
    engine.edit(cin7, 5, { Email: 'late@example.com' });
    expect((await approve(engine, id)).kind).toBe('approved');
    await engine.run(rollbackRun);
    const items = await itemsOf(engine, id);
    expect(items).toHaveLength(60);
    expect(items.filter((item) => item.endsWith('put_back'))).toHaveLength(58);
    expect(items.filter((item) => item.endsWith('moved'))).toEqual(['cin7-core email: goes_back → moved']);
    engine.customers.forEach((_, i) => {
      expect(emailIn(engine, i)).toEqual({
        hubspot: i === 3 ? 'early@example.com' : olds[i]?.hubspot,
        xero: `new${i}@example.com`,
        cin7: i === 5 ? 'late@example.com' : olds[i]?.cin7,
      });
    });
    expect(await holdsOf(engine)).toHaveLength(30);
    await expectQuiet(engine);
  });

  it('of one that a system refuses puts back the others, and says which was refused and why', async () => {
    const engine = await openEngine(await open());
    const old = emailIn(engine);
    const change = await withNewEmail(engine);
    const id = await previewOf(engine, change);
    await approve(engine, id);
    engine.vendors[cin7].setFault({ kind: 'writes_refused', message: 'The customer is inactive' });
    await engine.run(rollbackRun);
    engine.vendors[cin7].setFault(null);
    expect(await itemsOf(engine, id)).toEqual([
      expect.stringMatching(/^cin7-core email: goes_back \(.*The customer is inactive.*\) → refused$/),
      'hubspot email: goes_back → put_back',
    ]);
    expect(await stateOf(engine, id)).toBe('done');
    expect(emailIn(engine)).toEqual({
      hubspot: old.hubspot,
      xero: 'new@example.com',
      cin7: 'new@example.com',
    });
    await expectQuiet(engine);
  });

  it('of what is not saved everywhere yet drops what was still to go out', async () => {
    const engine = await openEngine(await open());
    const old = emailIn(engine);
    engine.vendors[cin7].setFault({ kind: 'writes_refused', message: 'The customer is inactive' });
    engine.edit(xero, 0, { EmailAddress: 'new@example.com' });
    await engine.run();
    await engine.run();
    const [failed] = await openChanges(engine);
    expect(failed?.state).toBe('failed');
    const id = await undo(engine, failed?.id as string);
    engine.vendors[cin7].setFault(null);
    expect(await itemsOf(engine, id)).toEqual(['hubspot email: goes_back → put_back']);
    expect(emailIn(engine)).toEqual({ hubspot: old.hubspot, xero: 'new@example.com', cin7: old.cin7 });
    await expectQuiet(engine);
  });

  it('waits for a system that cannot be reached, and goes on with the next run; nothing else touches it meanwhile', async () => {
    const engine = await openEngine(await open());
    const old = emailIn(engine);
    const change = await withNewEmail(engine);
    const id = await previewOf(engine, change);
    await approve(engine, id);
    engine.vendors[cin7].setFault({ kind: 'revoked' });
    await engine.run(rollbackRun);
    await engine.run();
    expect(await stateOf(engine, id)).toBe('under_way');
    expect(emailIn(engine)).toEqual({
      hubspot: old.hubspot,
      xero: 'new@example.com',
      cin7: 'new@example.com',
    });
    engine.vendors[cin7].setFault(null);
    await engine.run();
    expect(await stateOf(engine, id)).toBe('done');
    expect(emailIn(engine).cin7).toBe(old.cin7);
    await expectQuiet(engine);
  });

  it('is taken once by two people at once, and not from a preview that somebody has overtaken', async () => {
    const engine = await openEngine(await open());
    const change = await withNewEmail(engine);
    const hers = await previewOf(engine, change);
    const his = await previewOf(engine, change, { by: tom });
    const results = await Promise.all([
      approve(engine, hers),
      approve(engine, his, tom),
      approve(engine, hers),
    ]);
    expect(results.map(({ kind }) => kind).filter((kind) => kind === 'approved')).toHaveLength(1);
    await engine.run(rollbackRun);
    const done = writes(engine);
    expect((await approve(engine, hers)).kind).not.toBe('approved');
    expect((await approve(engine, his, tom)).kind).not.toBe('approved');
    await engine.run(rollbackRun);
    expect(writes(engine)).toEqual(done);
  });

  it('is not taken from a preview older than a quarter of an hour', async () => {
    const engine = await openEngine(await open());
    const id = await previewOf(engine, await withNewEmail(engine));
    engine.clock.advance(16 * 60_000);
    expect((await approve(engine, id)).kind).toBe('outdated');
  });

  it('follows an agreement that changed between approval and writing', async () => {
    const engine = await openEngine(await open());
    const id = await previewOf(engine, await withNewEmail(engine));
    await approve(engine, id);
    await engine.agree((flow) => {
      const { email: _, ...fields } = flow.fields;
      return { ...flow, fields };
    });
    await engine.run(rollbackRun);
    expect(await itemsOf(engine, id)).toEqual([
      'cin7-core email: goes_back (left) → moved',
      'hubspot email: goes_back (left) → moved',
    ]);
    expect(await stateOf(engine, id)).toBe('done');
    expect(emailIn(engine).hubspot).toBe('new@example.com');
  });

  it('does not touch what a person is being asked about', async () => {
    const engine = await openEngine(await open());
    const change = await withNewEmail(engine);
    engine.edit(hubspot, 0, { billing_email: 'sales@example.com' });
    engine.edit(xero, 0, { EmailAddress: 'accounts@example.com' });
    await engine.run();
    const id = await previewOf(engine, change);
    expect(await itemsOf(engine, id)).toEqual([
      'cin7-core email: cannot (asking)',
      'hubspot email: changed_since',
    ]);
    expect((await approve(engine, id)).kind).toBe('nothing');
  });

  it('of what the rule put back lets the change elsewhere stand', async () => {
    const engine = await openEngine(await open());
    const before = engine.held(hubspot, 1, 'phone');
    engine.edit(cin7, 1, { Phone: '(08) 5550 8888' });
    await engine.run();
    await engine.run();
    const change = await lastChange(engine);
    expect(engine.held(cin7, 1, 'Phone')).not.toMatch(/8888/);
    await undo(engine, change);
    expect(engine.held(cin7, 1, 'Phone')).toMatch(/8888/);
    expect(engine.held(hubspot, 1, 'phone')).toBe(before);
    await expectQuiet(engine);
    expect(engine.held(cin7, 1, 'Phone')).toMatch(/8888/);
  });

  it('keeps a complete story, and leaves no write without its outcome', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    const id = await undo(engine, await withNewEmail(engine));
    await undo(engine, id);
    const all = await db.select().from(intents);
    expect(all.every(({ state, finishedAt }) => state === 'done' && finishedAt !== null)).toBe(true);
    const kinds = new Map<string, string[]>();
    for (const { changeId, kind } of await db.select().from(story).orderBy(story.id))
      kinds.set(changeId, [...(kinds.get(changeId) ?? []), kind]);
    const own = (await db.select().from(changes)).filter(({ id: one }) =>
      kinds.get(one)?.includes('rolled_back'),
    );
    expect(own).toHaveLength(2);
    const each = ['read_back', 'rolled_back', 'saved', 'sent'];
    for (const { id: one, state } of own) {
      expect(state).toBe('settled');
      const told = kinds.get(one) ?? [];
      const again = one === own[0]?.id ? ['undone'] : [];
      expect(told.slice(0, 2)).toEqual(['sent', 'sent']);
      expect(told.indexOf('settled')).toBe(each.length * 2);
      expect(told.toSorted()).toEqual([...each, ...each, ...again, 'settled'].toSorted());
    }
  });
});

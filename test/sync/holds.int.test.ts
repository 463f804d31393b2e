import { and, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { changes, conflicts } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';

const openChanges = ({ database: { db } }: Engine) =>
  db.select().from(changes).where(isNull(changes.closedAt));
const openQuestions = ({ database: { db } }: Engine) =>
  db
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));

describeOn('PGlite', 'a hold', (open) => {
  it('of the first load keeps what is edited before the approval, and brings it afterwards', async () => {
    const engine = await openEngine(await open(), { loaded: false });
    await engine.run();
    engine.edit('hubspot', 0, { billing_email: 'early@hubspot.example' });
    await engine.run();
    await engine.run();
    expect(engine.writes('xero') + engine.writes('cin7-core')).toBe(0);
    expect((await openChanges(engine)).map((change) => change.hold)).toEqual(['first_load']);
    await engine.approve();
    await engine.run({ trigger: 'decision' });
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('early@hubspot.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('of the first load ends by itself when the systems come to agree', async () => {
    const engine = await openEngine(await open(), { loaded: false });
    await engine.run();
    engine.edit('hubspot', 0, { billing_email: 'early@hubspot.example' });
    await engine.run();
    engine.edit('hubspot', 0, { billing_email: engine.held('xero', 0, 'EmailAddress') ?? '' });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
  });

  it('of a tug-of-war never says settled, and lets a person put the value back once more', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    const agreed = engine.held('hubspot', 0, 'phone');
    for (let i = 0; i < 4; i++) {
      engine.edit('xero', 0, { PhoneNumber: '02 5550 9999' });
      await engine.run();
    }
    const [held] = await openChanges(engine);
    expect(held).toMatchObject({ state: 'held', hold: 'tug_of_war' });
    expect(engine.held('xero', 0, 'PhoneNumber')).toBe('02 5550 9999');
    // Another field of the same record is not frozen with it.
    engine.edit('hubspot', 0, { billing_email: 'flows@hubspot.example' });
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('flows@hubspot.example');
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'tug_of_war' }]);
    await reopen(db, { changeId: held?.id ?? '', by: 'U0TOMW0001', now: engine.clock.now() });
    await engine.run({ trigger: 'reprocess', targets: [held?.recordId ?? ''] });
    expect(digits(engine.held('xero', 0, 'PhoneNumber'))).toBe(digits(agreed));
    expect(await openChanges(engine)).toEqual([]);
  });

  it('of a tug-of-war ends by itself when the other side gives in', async () => {
    const engine = await openEngine(await open());
    const before = engine.held('xero', 0, 'PhoneNumber') ?? '';
    for (let i = 0; i < 4; i++) {
      engine.edit('xero', 0, { PhoneNumber: '02 5550 9999' });
      await engine.run();
    }
    expect(await openChanges(engine)).toHaveLength(1);
    engine.edit('xero', 0, { PhoneNumber: before });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
  });

  it('for a record that cannot be read leaves its open question to be answered', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    engine.edit('hubspot', 0, { billing_email: 'a@hubspot.example' });
    engine.edit('xero', 0, { EmailAddress: 'b@xero.example' });
    await engine.run();
    const [question] = await openQuestions(engine);
    const card = engine.vendors.hubspot.cards().find((one) => one.abn === engine.customers[0]?.abn);
    engine.vendors.hubspot.setFault({ kind: 'malformed_record', externalId: card?.externalId ?? '' });
    engine.edit('hubspot', 0, { phone: '02 5550 1111' });
    await engine.run();
    engine.vendors.hubspot.setFault(null);
    await engine.run();
    const [change] = await openChanges(engine);
    expect(change).toMatchObject({ id: question?.changeId, state: 'asking', hold: null });
    const verdict = await decideConflict(db, {
      changeId: question?.changeId ?? '',
      field: 'email',
      from: 'xero',
      revision: change?.revision ?? 0,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      agreementVersion: 1,
    });
    expect(verdict.kind).toBe('decided');
    await engine.run();
    expect(engine.held('hubspot', 0, 'billing_email')).toBe('b@xero.example');
    expect(await openChanges(engine)).toEqual([]);
  });
});

const digits = (text: string | undefined) => (text ?? '').replace(/\D/g, '').replace(/^61/, '0');

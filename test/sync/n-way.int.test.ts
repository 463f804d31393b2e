import { and, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { changes, conflicts } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';

const openQuestions = ({ database: { db } }: Engine) =>
  db
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
const openChanges = ({ database: { db } }: Engine) =>
  db.select().from(changes).where(isNull(changes.closedAt));

describeOn('PGlite', 'n-way: only a real change since the base counts', (open) => {
  it('asks, when a target moved by itself between the decision and the write', async () => {
    const engine = await openEngine(await open());
    engine.edit('hubspot', 0, { billing_email: 'new@hubspot.example' });
    engine.at = (point) => {
      if (point !== 'decided') return;
      engine.at = () => undefined;
      engine.edit('xero', 0, { EmailAddress: 'other@xero.example' });
    };
    await engine.run();
    const [question] = await openQuestions(engine);
    expect(question?.field).toBe('email');
    expect(engine.held('hubspot', 0, 'billing_email')).toBe('new@hubspot.example');
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('other@xero.example');
  });

  it('lets a newer edit of the same person flow without a question', async () => {
    const engine = await openEngine(await open());
    engine.edit('hubspot', 0, { billing_email: 'first@hubspot.example' });
    engine.at = (point) => {
      if (point !== 'decided') return;
      engine.at = () => undefined;
      engine.edit('hubspot', 0, { billing_email: 'second@hubspot.example' });
    };
    await engine.run();
    expect(await openQuestions(engine)).toEqual([]);
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('second@hubspot.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('finds what somebody else changed in a record while we wrote another field of it', async () => {
    const engine = await openEngine(await open());
    engine.edit('hubspot', 0, { billing_email: 'new@hubspot.example' });
    engine.at = (point) => {
      if (point !== 'sent') return;
      engine.at = () => undefined;
      engine.edit('xero', 0, { Name: 'Renamed Meanwhile Pty Ltd' });
    };
    await engine.run();
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('new@hubspot.example');
    expect(engine.held('hubspot', 0, 'legal_name')).toBe('Renamed Meanwhile Pty Ltd');
    expect(engine.held('cin7-core', 0, 'Name')).toBe('Renamed Meanwhile Pty Ltd');
  });

  it('brings a change also to a system whose field could not be read for a while', async () => {
    const engine = await openEngine(await open(), { agreement: without('cin7-core') });
    engine.vendors.xero.setFault({ kind: 'renamed' });
    engine.edit('xero', 0, { PhoneNumber: '02 5550 1111' });
    engine.edit('hubspot', 0, { billing_email: 'new@hubspot.example' });
    await engine.run();
    engine.vendors.xero.setFault(null);
    await engine.run();
    await engine.run({ trigger: 'command' });
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('new@hubspot.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('does not take a field that cannot be read for one that came to agree', async () => {
    const engine = await openEngine(await open(), { agreement: without('cin7-core') });
    engine.edit('hubspot', 0, { billing_email: 'a@hubspot.example' });
    engine.edit('xero', 0, { EmailAddress: 'b@xero.example' });
    await engine.run();
    expect(await openQuestions(engine)).toHaveLength(1);
    engine.vendors.xero.setFault({ kind: 'renamed' });
    engine.edit('xero', 0, { PhoneNumber: '02 5550 1111' });
    await engine.run();
    engine.vendors.xero.setFault(null);
    await engine.run();
    expect((await openQuestions(engine)).map((question) => question.field)).toEqual(['email']);
  });

  it('asks again, instead of writing over a value that moved while somebody chose', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    engine.edit('hubspot', 0, { billing_email: 'a@hubspot.example' });
    engine.edit('xero', 0, { EmailAddress: 'b@xero.example' });
    await engine.run();
    const [question] = await openQuestions(engine);
    engine.edit('xero', 0, { EmailAddress: 'c@xero.example' });
    const verdict = await decideConflict(db, {
      changeId: question?.changeId ?? '',
      field: 'email',
      from: 'hubspot',
      revision: 99,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      agreementVersion: 1,
    });
    expect(verdict.kind).toBe('decided');
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('c@xero.example');
    expect(await openQuestions(engine)).toHaveLength(1);
  });
});

/** The agreement between two systems only. */
const without =
  (connection: string) =>
  (agreement: Agreement): Agreement => {
    const { customers } = agreement.flows;
    if (!customers) throw new Error('no flow');
    const connections = customers.connections.filter((one) => one !== connection);
    return { ...agreement, flows: { customers: { ...customers, connections } } };
  };

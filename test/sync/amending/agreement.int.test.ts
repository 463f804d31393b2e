import { isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { changes, conflicts } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';

const openChanges = ({ database: { db } }: Engine) =>
  db.select().from(changes).where(isNull(changes.closedAt));
const openQuestions = ({ database: { db } }: Engine) =>
  db.select().from(conflicts).where(isNull(conflicts.closedAt));

describeOn('PGlite', 'rules that change in flight', (open) => {
  it('withdraw the question about a detail that is no longer kept in step', async () => {
    const engine = await openEngine(await open());
    engine.edit('hubspot', 0, { billing_email: 'a@hubspot.example' });
    engine.edit('xero', 0, { EmailAddress: 'b@xero.example' });
    await engine.run();
    expect(await openQuestions(engine)).toHaveLength(1);
    await engine.agree(({ fields: { email: _, ...fields }, ...flow }) => ({ ...flow, fields }));
    await engine.run();
    expect(await openQuestions(engine)).toEqual([]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('stop a value that has not gone out yet and has to be approved now', async () => {
    const engine = await openEngine(await open());
    engine.vendors.xero.setFault({ kind: 'writes_refused', message: 'not today' });
    engine.edit('hubspot', 0, { billing_email: 'a@hubspot.example' });
    await engine.run();
    const was = engine.held('xero', 0, 'EmailAddress');
    engine.vendors.xero.setFault(null);
    await engine.agree((flow) => ({
      ...flow,
      fields: { ...flow.fields, email: { ...flow.fields.email, rule: 'approve' } as never },
    }));
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe(was);
    expect((await openQuestions(engine)).map((question) => [question.field, question.state])).toEqual([
      ['email', 'open'],
    ]);
  });
});

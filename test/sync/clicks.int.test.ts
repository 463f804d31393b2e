import { eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Db } from '#src/ledger/db.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { conflicts } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { openEngine } from '#test/support/engine.ts';

const hour = 3_600_000;

describeOn('PostgreSQL', 'a click and a run at the same moment', (open) => {
  it('do not both decide: the time that ran out does not overrule the person', async () => {
    const engine = await openEngine(await open(), {
      agreement: (agreement) => ({
        ...agreement,
        flows: { customers: ownerWinsAfterAnHour(agreement.flows.customers as never) },
      }),
    });
    const { db } = engine.database;
    engine.edit('hubspot', 0, { billing_email: 'chosen@hubspot.example' });
    engine.edit('xero', 0, { EmailAddress: 'owner@xero.example' });
    await engine.run();
    const [question] = await db.select().from(conflicts).where(isNull(conflicts.closedAt));
    engine.clock.advance(2 * hour);
    const gate = Promise.withResolvers<void>();
    const clicked = Promise.withResolvers<void>();
    const click = db.transaction(async (tx) => {
      const verdict = await decideConflict(tx as unknown as Db, {
        changeId: question?.changeId ?? '',
        field: 'email',
        from: 'hubspot',
        revision: 99,
        by: 'U0PRIYA001',
        now: engine.clock.now(),
        agreementVersion: 1,
      });
      clicked.resolve();
      await gate.promise;
      return verdict;
    });
    await clicked.promise;
    const run = engine.run();
    setTimeout(gate.resolve, 700);
    expect(await click).toEqual({ kind: 'decided' });
    await run;
    await engine.run();
    const [after] = await db
      .select()
      .from(conflicts)
      .where(eq(conflicts.id, question?.id ?? ''));
    expect(after?.state).toBe('confirmed');
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('chosen@hubspot.example');
  });
});

const ownerWinsAfterAnHour = <F extends { fields: Record<string, object> }>(flow: F): F => ({
  ...flow,
  fields: {
    ...flow.fields,
    email: { ...flow.fields.email, decideWithinHours: 1, ifNobodyChooses: 'owner_wins' },
  },
});

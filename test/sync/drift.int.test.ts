import { expect, it } from 'vitest';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';

async function lost(engine: Engine) {
  const outcome = await engine.run();
  if (outcome.kind !== 'ran') throw new Error(`the run was ${outcome.kind}`);
  return outcome.result.failures.map(({ cause, field, message }) => [cause, field, message]);
}

describeOn('PGlite', 'a field that a system no longer sends', (open) => {
  it('is named where the flow keeps it in step, and nobody’s loss where it does not', async () => {
    const engine = await openEngine(await open());
    engine.vendors.xero.setFault({ kind: 'renamed' });
    engine.edit('xero', 0, { PhoneNumber: '(02) 5550 4321' });
    expect(await lost(engine)).toEqual([
      ['drift', 'email', 'Xero does not send “EmailAddress”; it now sends “PrimaryEmailAddress”.'],
    ]);
    await engine.agree(({ fields: { email: _, ...fields }, ...flow }) => ({ ...flow, fields }));
    engine.edit('xero', 1, { PhoneNumber: '(02) 5550 4322' });
    expect(await lost(engine)).toEqual([]);
  });
});

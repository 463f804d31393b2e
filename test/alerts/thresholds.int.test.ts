import { expect, it, onTestFinished } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { incidents } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { addRun, agreement as practice } from './practice-flow.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const quiet = () => undefined;
const signIn = { cause: 'auth', connection: 'xero', message: 'Xero refuses our sign-in.' } as const;

describeOnBothDatabases('a threshold in minutes', (open) => {
  it('lets one blip be, counts from the first failure in a row, and tells what lasts', async () => {
    const { db } = await open();
    const customers = {
      ...(practice.flows.customers as Flow),
      alertAfterFailures: null,
      alertAfterMinutes: 10,
    };
    const clock = manualClock(at('10:20:00'));
    const log = { info: quiet, warn: quiet, error: quiet };
    const agreement = () => ({ ...practice, flows: { customers } });
    const alerts = createAlerts({ db, clock, log, agreement });
    onTestFinished(alerts.stop);
    const openAfter = async (time: string, fails: boolean) => {
      await addRun(db, at(time), fails ? { failures: [signIn] } : {});
      await alerts.tick();
      return (await db.select().from(incidents)).length;
    };
    expect(await openAfter('10:00:00', true)).toBe(0);
    expect(await openAfter('10:09:00', false)).toBe(0);
    expect(await openAfter('10:10:00', true)).toBe(0);
    expect(await openAfter('10:15:00', true)).toBe(0);
    expect(await openAfter('10:20:00', true)).toBe(1);
  });
});

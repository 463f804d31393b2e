import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { startQueue } from '#src/jobs/queue.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { until } from '#test/support/until.ts';

describeOnBothDatabases('the queue of wake-ups', (open) => {
  it('lets a flow whose run does not end keep no other waiting', async () => {
    const { url } = await open();
    const queue = await startQueue({ url, log: pino({ level: 'silent' }) });
    const stuck = Promise.withResolvers<void>();
    const handled: string[] = [];
    onTestFinished(async () => {
      stuck.resolve();
      await queue.stop();
    });
    await queue.work(async ({ flow }) => {
      handled.push(flow);
      if (flow === 'customers') await stuck.promise;
    });
    await queue.wake({ flow: 'customers', trigger: 'schedule' });
    await until(() => handled.includes('customers'));
    await queue.wake({ flow: 'invoices', trigger: 'schedule' });
    await until(() => handled.includes('invoices'));
    await queue.wake({ flow: 'stock', trigger: 'hint' });
    await until(() => handled.includes('stock'));
    expect(handled).toEqual(['customers', 'invoices', 'stock']);
  });
});

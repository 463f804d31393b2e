import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { startQueue } from '#src/jobs/queue.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { until } from '#test/support/until.ts';

/** All that the example company has with Xero: it does not answer. */
const stuckFlows = ['customers', 'products', 'invoices', 'payments'];

describeOnBothDatabases('the queue of wake-ups', (open) => {
  it('lets flows whose runs do not end keep no other waiting', async () => {
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
      if (stuckFlows.includes(flow)) await stuck.promise;
    });
    for (const flow of stuckFlows) await queue.wake({ flow, trigger: 'schedule' });
    await until(() => handled.length === stuckFlows.length);
    for (const trigger of ['schedule', 'hint'] as const) {
      await queue.wake({ flow: 'stock', trigger });
      await until(() => handled.at(-1) === 'stock');
      handled.push('looked');
    }
    expect(handled.slice(stuckFlows.length)).toEqual(['stock', 'looked', 'stock', 'looked']);
  });
});

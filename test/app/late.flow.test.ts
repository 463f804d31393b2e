import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '#test/support/reading.ts';
import { expectReferences, flowId, openTruce } from '#test/support/truce.ts';

const minute = 60_000;

describe('a run that does not happen', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  it('raises a delay alert from the watch, and closes it when the run happens', async () => {
    // The next slot is half an hour away, and the queue that would carry its wake-up is out of order.
    await truce.database.db.execute('alter schema pgboss rename to pgboss_away');
    for (let passed = 0; passed < 31; passed++) {
      truce.clock.advance(minute);
      await truce.app.alerts.tick();
    }
    await truce.app.slack.flush();
    expect(truce.channelMessages().map(textOf)).toEqual([]);

    for (let passed = 0; passed < 3; passed++) {
      truce.clock.advance(minute);
      await truce.app.alerts.tick();
      await truce.app.alerts.tick();
    }
    await truce.app.slack.flush();
    const alert = await truce.message('Customers: the run is late');
    expect(truce.channelMessages()).toHaveLength(1);
    expectReferences([alert]);
    expect(textOf(await truce.sam.command('/sync status'))).toContain('Customers: late');

    await truce.database.db.execute('alter schema pgboss_away rename to pgboss');
    await truce.app.runNow({ flow: flowId, trigger: 'schedule' });
    await truce.app.alerts.tick();
    await truce.app.slack.flush();
    const closed = await truce.message('Recovered: Customers runs again');
    expect(closed.ts).toBe(alert.ts);
    expect(truce.thread(alert).map(({ text }) => text)).toEqual([expect.stringMatching(/^Recovered at/)]);
    expect(truce.channelMessages()).toHaveLength(1);
    expect(textOf(await truce.sam.command('/sync status'))).toContain('Customers: fine');
    expect(truce.lines).toContainEqual(
      expect.stringMatching(/^Customers: alert 1\. The run due at .* has not started\./),
    );
  });
});

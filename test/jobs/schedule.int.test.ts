import { pino } from 'pino';
import { expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { wakesDue } from '#src/jobs/due.ts';
import { startSchedule } from '#src/jobs/schedule.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { takeLease } from '#src/ledger/leases.ts';
import { askRollback, dropRollback } from '#src/ledger/rollback/rollbacks.ts';
import { claimRun, finishRun } from '#src/ledger/runs/runs.ts';
import { agreement as agreementOf } from '#test/slack/stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { until } from '#test/support/until.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const flow = 'customers';
const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
const counts = { read: 0, changed: 0, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0 };

describeOnBothDatabases('the schedule', (open) => {
  const begin = async (time: string, cron = hourly.cron) => {
    const { db } = await open();
    const clock = manualClock(at(time));
    const agreement = () => agreementOf({ schedule: { ...hourly, cron } });
    const parts = { db, clock, agreement, log: pino({ level: 'silent' }) };
    const claim = async (slot: string, owner: string) => {
      const lease = { name: `flow:${flow}`, owner, now: clock.now(), ms: 30_000 };
      const epoch = (await takeLease(db, lease)) ?? 0;
      const more = { targets: null, askedBy: null, agreementVersion: 1, now: clock.now() };
      const run = await claimRun(db, { flow, slot: at(slot), trigger: 'schedule', owner, epoch, ...more });
      return run?.id ?? 0;
    };
    const finish = (id: number) =>
      finishRun(db, id, { state: 'done', counts, failures: [], now: clock.now() });
    return { db, clock, parts, claim, finish };
  };

  it('wakes a flow whose slot nobody ran, until somebody claims it', async () => {
    const { clock, parts, claim, finish } = await begin('09:59:30');
    await finish(await claim('09:00:00', 'a'));
    expect(await wakesDue(parts)).toEqual([]);
    clock.set(at('10:00:30'));
    expect(await wakesDue(parts)).toEqual([{ flow, trigger: 'schedule' }]);
    await claim('10:00:00', 'a');
    expect(await wakesDue(parts)).toEqual([]);
  });

  it('wakes a flow whose run lost its process, once the lease has lapsed', async () => {
    const { clock, parts, claim, finish } = await begin('10:00:00');
    const run = await claim('10:00:00', 'a');
    clock.set(at('10:00:29'));
    expect(await wakesDue(parts)).toEqual([]);
    clock.set(at('10:00:31'));
    expect(await wakesDue(parts)).toEqual([{ flow, trigger: 'schedule' }]);
    await finish(run);
    expect(await wakesDue(parts)).toEqual([]);
  });

  it('wakes a flow that has something to undo and whose wake-up was lost', async () => {
    const { db, clock, parts, claim, finish } = await begin('10:00:10');
    await finish(await claim('10:00:00', 'a'));
    const asked = { scope: 'change', target: 'tr-1', flow, by: 'U0PRIYA001' } as const;
    const id = await askRollback(db, { ...asked, now: clock.now() });
    expect(await wakesDue(parts)).toEqual([]);
    clock.set(at('10:01:30'));
    expect(await wakesDue(parts)).toEqual([{ flow, trigger: 'rollback', targets: [] }]);
    await dropRollback(db, { id, note: 'it was cancelled', now: clock.now() });
    expect(await wakesDue(parts)).toEqual([]);
  });

  it('wakes at the cron times, and goes on after a wake-up that failed', async () => {
    const { parts } = await begin('10:00:00', '* * * * * *');
    const wakes: Wake[] = [];
    const wake = async (one: Wake) => {
      wakes.push(one);
      if (wakes.length === 1) throw new Error('the queue is away for a moment');
    };
    const stop = startSchedule({ ...parts, wake });
    await until(() => wakes.length >= 2);
    await stop();
    expect(wakes.slice(0, 2)).toEqual([
      { flow, trigger: 'schedule' },
      { flow, trigger: 'schedule' },
    ]);
  });
});

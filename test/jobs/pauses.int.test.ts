import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { wakesDue } from '#src/jobs/due.ts';
import { pauseFlow, pauseOf, resumeFlow } from '#src/ledger/runs/pauses.ts';
import { incidents, outbox, pauses } from '#src/ledger/tables/index.ts';
import { readHealth } from '#src/web/health.ts';
import { addRun, agreement } from '#test/alerts/practice-flow.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const flow = 'customers';
const tom = 'U0TOMW0001';
const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describeOnBothDatabases('a flow that somebody paused', (open) => {
  /** It runs every quarter of an hour, last at nine. */
  const begin = async () => {
    const { db } = await open();
    const clock = manualClock(at('08:50:00'));
    const alerts = createAlerts({ db, clock, log: quiet, agreement: () => agreement });
    await alerts.tick();
    await addRun(db, at('08:45:00'));
    await addRun(db, at('09:00:00'));
    clock.set(at('09:05:00'));
    await alerts.tick();
    const due = () => wakesDue({ db, clock, agreement: () => agreement });
    /** As it is while the watch looks now and then, and Truce is not away. */
    const pass = async (time: string) => {
      while (clock.now() < at(time)) {
        clock.set(new Date(Math.min(clock.now().getTime() + 60_000, at(time).getTime())));
        await alerts.tick();
      }
    };
    const pause = (until: Date | null) =>
      db.transaction((tx) => pauseFlow(tx, { flow, by: tom, until, now: clock.now() }));
    const health = () => readHealth(db, { agreement, now: clock.now(), since: at('08:50:00') });
    return { db, clock, due, pass, pause, health };
  };

  it('is due for nothing, is not late, and goes on with a sweep', async () => {
    const { db, clock, due, pass, pause, health } = await begin();
    await pause(null);
    await pass('09:40:00');
    expect(await due()).toEqual([]);
    expect(await db.select().from(incidents)).toEqual([]);
    expect(await health()).toMatchObject({ ok: true, flows: { customers: { paused: true, late: false } } });

    await db.transaction((tx) => resumeFlow(tx, { flow, by: tom, now: clock.now() }));
    expect(await due()).toEqual([
      { flow, trigger: 'schedule' },
      { flow, trigger: 'sweep' },
    ]);
    // It has its grace from there, and no longer.
    await pass('09:42:30');
    expect(await db.select().from(incidents)).toEqual([]);
    expect(await health()).toMatchObject({ ok: true, flows: { customers: { paused: false } } });
    await pass('09:43:00');
    expect(await db.select().from(incidents)).toMatchObject([{ cause: 'late' }]);

    await addRun(db, at('09:43:30'), { trigger: 'sweep' });
    clock.set(at('09:44:00'));
    expect(await due()).not.toContainEqual({ flow, trigger: 'sweep' });
  });

  it('goes on by itself at its time, once, and the channel is told', async () => {
    const { db, clock, due, pause } = await begin();
    const { pause: made } = await pause(at('11:00:00'));
    clock.set(at('10:59:59'));
    expect(await due()).toEqual([]);
    expect(await pauseOf(db, flow, clock.now())).toMatchObject({ by: tom, at: at('09:05:00') });
    clock.set(at('11:00:00'));
    // Also before anybody wrote it down.
    expect(await pauseOf(db, flow, clock.now())).toBeNull();
    expect(await due()).toContainEqual({ flow, trigger: 'sweep' });
    await due();
    expect(await db.select().from(pauses)).toMatchObject([{ endedAt: at('11:00:00'), endedBy: null }]);
    const lines = await db
      .select({ kind: outbox.kind, template: outbox.template })
      .from(outbox)
      .where(eq(outbox.subject, `pause:${made.id}`));
    expect(lines).toEqual(
      expect.arrayContaining([
        { kind: 'card', template: null },
        { kind: 'line', template: 'pause_over' },
      ]),
    );
    expect(lines).toHaveLength(2);
  });

  it('gets another end instead of a second pause', async () => {
    const { db, clock, pause } = await begin();
    await pause(null);
    clock.set(at('09:30:00'));
    expect(await pause(at('12:00:00'))).toMatchObject({ isNew: false, changed: true });
    expect(await pause(at('12:00:00'))).toMatchObject({ isNew: false, changed: false });
    expect(await db.select().from(pauses)).toMatchObject([
      { at: at('09:05:00'), until: at('12:00:00'), endedAt: null },
    ]);
    // A new one after its time: the old one is ended first.
    clock.set(at('13:00:00'));
    expect(await pause(null)).toMatchObject({ isNew: true });
    expect(await db.select().from(pauses)).toHaveLength(2);
  });
});

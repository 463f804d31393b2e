import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { wakesDue } from '#src/jobs/due.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { exchanges, hints, runs } from '#src/ledger/tables/index.ts';
import type { RunNote, RunState, RunTrigger } from '#src/ledger/tables/runs.ts';
import { agreement as agreementOf } from '#test/slack/stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { stage } from '#test/sync/absence/absence-stage.ts';

const flow = 'customers';
const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const sweepWake = { flow, trigger: 'sweep' };

describeOnBothDatabases('what is due', (open) => {
  /** A flow that runs once a day at midnight, and sweeps at half past two. */
  const begin = async (time: string, sweep: string | null = '30 2 * * *') => {
    const { db } = await open();
    const clock = manualClock(at(time));
    const schedule = { cron: '0 0 * * *', timeZone: 'UTC' };
    const agreement = () => agreementOf({ schedule, sweep });
    let n = 0;
    const ran = async (
      when: Date,
      more: { trigger?: RunTrigger; state?: RunState; notes?: RunNote[]; resumeAt?: Date } = {},
    ) => {
      n += 1;
      const { trigger = 'schedule', state = 'done', notes = null, resumeAt = null } = more;
      await db.insert(runs).values({
        flow,
        slot: new Date(when.getTime() + n),
        trigger,
        state,
        epoch: 1,
        owner: 'a',
        correlationId: `tr-${n}`,
        agreementVersion: 1,
        startedAt: when,
        finishedAt: when,
        notes,
        resumeAt,
      });
    };
    await ran(new Date('2026-11-19T00:00:01Z'));
    await ran(at('00:00:01'));
    const due = () => wakesDue({ db, clock, agreement });
    return { db, clock, due, ran };
  };

  it('what was named and not read yet, unless the flow has other troubles', async () => {
    const { db, clock, due, ran } = await begin('00:05:00', null);
    expect(await due()).toEqual([]);
    const named = { connection: 'xero', now: clock.now() };
    await addHints(db, { ...named, entity: 'invoice', externalIds: ['i'] });
    expect(await due()).toEqual([]);
    await addHints(db, { ...named, entity: 'customer', externalIds: ['c'] });
    expect(await due()).toEqual([{ flow, trigger: 'hint' }]);
    await ran(at('00:05:01'), { trigger: 'hint', state: 'parked' });
    expect(await due()).toEqual([]);
    await ran(at('00:05:02'), { trigger: 'hint' });
    expect(await due()).toEqual([{ flow, trigger: 'hint' }]);
    await db.delete(hints);
    expect(await due()).toEqual([]);
  });

  it('a sweep at its time, in the schedule’s zone, until it was done', async () => {
    const { clock, due, ran } = await begin('02:29:59');
    // Last night’s was missed: it is caught up once, by whichever comes first.
    expect(await due()).toEqual([sweepWake]);
    await ran(at('02:29:59'), { trigger: 'sweep' });
    expect(await due()).toEqual([]);
    clock.set(at('02:30:00'));
    expect(await due()).toEqual([sweepWake]);
    await ran(at('02:31:00'), { trigger: 'sweep' });
    clock.set(at('23:59:00'));
    expect(await due()).toEqual([]);
  });

  it('no sweep where the agreement wants none', async () => {
    const { due } = await begin('12:00:00', null);
    expect(await due()).toEqual([]);
  });

  it('a sweep that failed, or was shown nothing, after waits that grow; one that was parked when its calls are back', async () => {
    const { clock, due, ran } = await begin('02:30:00');
    await ran(at('02:30:00'), { trigger: 'sweep', state: 'abandoned' });
    clock.set(at('02:44:00'));
    expect(await due()).toEqual([]);
    clock.set(at('02:45:00'));
    expect(await due()).toEqual([sweepWake]);
    const nothing: RunNote = { kind: 'zero_rows', connection: 'xero', usual: 9, message: '' };
    await ran(at('02:45:00'), { trigger: 'sweep', notes: [nothing] });
    clock.set(at('03:44:00'));
    expect(await due()).toEqual([]);
    clock.set(at('03:45:00'));
    expect(await due()).toEqual([sweepWake]);
    await ran(at('03:45:00'), { trigger: 'sweep', state: 'parked', resumeAt: at('20:00:00') });
    clock.set(at('19:59:00'));
    expect(await due()).toEqual([]);
    clock.set(at('20:00:00'));
    expect(await due()).toEqual([sweepWake]);
  });

  it('a run that did not work, minutes later and not a day, after waits that grow', async () => {
    const { clock, due, ran } = await begin('09:00:00', null);
    const recovery = [{ flow, trigger: 'recovery' }];
    await ran(at('09:00:00'), { trigger: 'decision', state: 'failed' });
    expect(await due()).toEqual([]);
    clock.set(at('09:02:00'));
    expect(await due()).toEqual(recovery);
    await ran(at('09:02:00'), { trigger: 'recovery', state: 'failed' });
    clock.set(at('09:06:00'));
    expect(await due()).toEqual([]);
    clock.set(at('09:07:00'));
    expect(await due()).toEqual(recovery);
    await ran(at('09:07:00'), { trigger: 'recovery' });
    clock.set(at('12:00:00'));
    expect(await due()).toEqual([]);
  });
});

describeOnBothDatabases('partial work', (open) => {
  it('is tried again by itself, also where no run is due for long', async () => {
    const {
      engine,
      db,
      open: changes,
    } = await stage(await open(), 2, {
      flow: { schedule: { cron: '0 0 * * *', timeZone: 'UTC' }, sweep: null },
    });
    const { xero, hubspot } = engine.systems;
    const due = () => wakesDue({ db, clock: engine.clock, agreement: () => engine.agreement });
    await engine.run({ trigger: 'schedule' });
    hubspot.answers.push('refused');
    xero.edit('xero-1', { phone: '+61280001111' });
    await engine.run();
    expect(await changes()).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect(await due()).toEqual([]);
    engine.clock.advance(3_600_000);
    const [wake] = await due();
    expect(wake).toMatchObject({ trigger: 'recovery', targets: [expect.any(String)] });
    if (wake) await engine.run(wake);
    expect(hubspot.records.get('hubspot-1')?.values.phone).toBe('+61280001111');
    expect(await changes()).toEqual([]);
    expect((await engine.ledger()).story.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
  });

  it('that is refused again waits longer each time, and a person who tries it begins the waits anew', async () => {
    const { engine, db, open: changes } = await stage(await open(), 2);
    const { xero, hubspot } = engine.systems;
    hubspot.answers.push('refused', 'refused', 'refused');
    xero.edit('xero-1', { phone: '+61280002222' });
    await engine.run();
    const waits: number[] = [];
    for (let i = 0; i < 2; i++) {
      const [change] = await changes();
      waits.push(((change?.nextTryAt?.getTime() ?? 0) - engine.clock.now().getTime()) / 3_600_000);
      engine.clock.set(change?.nextTryAt ?? engine.clock.now());
      await engine.run();
    }
    expect(waits.map(Math.round)).toEqual([1, 4]);
    const [change] = await changes();
    await reopen(db, { changeId: change?.id ?? '', by: 'U0TOMW0001', now: engine.clock.now() });
    expect(await changes()).toMatchObject([{ attempts: 0, nextTryAt: null }]);
    await engine.run();
    expect(hubspot.records.get('hubspot-1')?.values.phone).toBe('+61280002222');
  });
});

describeOnBothDatabases('budgets: a sweep that the day’s calls will not do', (open) => {
  it('is put off before it begins, with the number, and nothing is believed of it', async () => {
    const { engine, db, absences, sweep, runs: all } = await stage(await open(), 3);
    await sweep();
    const last = (await all()).at(-1);
    const call = {
      connection: 'xero',
      purpose: 'list',
      method: 'GET',
      url: 'https://x',
      attempt: 1,
      status: 200,
      durationMs: 1,
    };
    await db
      .insert(exchanges)
      .values(
        Array.from({ length: 5_001 }, () => ({ ...call, at: engine.clock.now(), runId: last?.id ?? 0 })),
      );
    engine.systems.hubspot.remove('hubspot-1');
    const everything = engine.systems.xero.asked.everything;
    const outcome = await sweep();
    expect(outcome.kind === 'ran' && outcome.result).toMatchObject({
      state: 'parked',
      failures: [
        {
          cause: 'budget',
          connection: 'xero',
          message: expect.stringContaining('needs about 5,001 calls to xero'),
        },
      ],
    });
    expect(engine.systems.xero.asked.everything).toBe(everything);
    expect(await absences()).toEqual([]);
    const parked = (await db.select().from(runs).where(eq(runs.state, 'parked')))[0];
    expect(parked?.resumeAt?.getTime()).toBeGreaterThan(engine.clock.now().getTime());
  });
});

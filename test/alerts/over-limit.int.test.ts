import { expect, onTestFinished, test } from 'vitest';
import { createAlerts } from '#src/alerts/watch.ts';
import { conflicts, interruptions } from '#src/ledger/tables/index.ts';
import { TOM } from '#test/playground/slack/workspace.ts';
import { agreement, ask, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const quiet = () => undefined;
const at = (time: string) => new Date(`2026-11-24T${time}:00+11:00`);

describeOnBothDatabases('a decision past its limit that goes on waiting', (open) => {
  const overOn = async (deadline: Date) => {
    // It runs far apart: nothing else is to be told.
    const flow = { schedule: { cron: '0 0 1 1 *', timeZone: 'Australia/Sydney' } };
    const on = await stage(open, { started: false, flow });
    const { db, clock, side } = on;
    const log = { info: quiet, warn: quiet, error: quiet };
    const alerts = createAlerts({ db, clock, log, agreement: () => agreement(flow) });
    onTestFinished(alerts.stop);
    for (const n of [1, 2]) {
      const id = `tr-00000000${n}`;
      await ask(db, clock.now(), { id, title: `Example ${n} Pty Ltd` });
    }
    await db.update(conflicts).set({ fallback: 'hold', deadline });
    const look = async (time: Date) => {
      clock.set(time);
      await alerts.tick();
      await side.flush();
    };
    const card = () => wordsOf(on.messages()[0]?.blocks);
    const direct = () =>
      on.slack.messagesFor(TOM).filter((one) => one.channel.startsWith('D') && /over time/.test(one.text));
    return { ...on, look, card, direct };
  };

  test('says so at its limit, and calls the technical owner once for all of them', async () => {
    const { look, card, direct } = await overOn(at('15:00'));
    await look(at('14:59'));
    expect(card()).toContain('After that it keeps waiting, and Tom Walsh is told.');
    expect(direct()).toEqual([]);
    await look(at('15:01'));
    expect(card()).toMatch(/The time for it was over .*: it keeps waiting, and Tom Walsh is told\./);
    expect(direct().map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Customers: 2 decisions are over time, nobody has chosen, and they wait on/),
    ]);
    for (const time of ['15:02', '16:30', '17:50']) await look(at(time));
    expect(direct()).toHaveLength(1);
  });

  test('waits for working hours with the call, not with the words', async () => {
    const { look, card, direct, db } = await overOn(at('20:00'));
    await look(at('20:01'));
    expect(card()).toContain('The time for it was over');
    expect(direct()).toEqual([]);
    await look(new Date(at('08:05').getTime() + 24 * 3_600_000));
    expect(direct()).toHaveLength(1);
    const calls = await db.select().from(interruptions);
    expect(calls.filter(({ person, kind }) => person === TOM && kind === 'limit')).toHaveLength(2);
  });
});

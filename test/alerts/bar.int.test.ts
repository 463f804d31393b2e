import { expect, onTestFinished, test } from 'vitest';
import { createAlerts } from '#src/alerts/watch.ts';
import { interruptions } from '#src/ledger/tables/index.ts';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import { PRIYA, TOM } from '#test/playground/slack/workspace.ts';
import { agreement, ask, ran, stage } from '#test/slack/stage.ts';
import { describeOn } from '#test/support/database.ts';

const quiet = () => undefined;
const at = (time: string) => new Date(`2026-11-24T${time}:00+11:00`);
const minute = 60_000;

describeOn('PGlite', 'a day of 40 decisions and 6 short failures', (open) => {
  test('interrupts nobody more than three times, posts twelve messages at most, and leaves nothing untold', async () => {
    const flow = { schedule: { cron: '*/10 * * * *', timeZone: 'Australia/Sydney' } };
    const on = await stage(open, { started: false, flow });
    const { db, clock } = on;
    clock.set(at('07:00'));
    const log = { info: quiet, warn: quiet, error: quiet };
    const alerts = createAlerts({ db, clock, log, agreement: () => agreement(flow) });
    onTestFinished(alerts.stop);
    const failing = (time: number) =>
      [8.5, 10, 11.5, 13, 15, 16.5].some((hour) => Math.abs(time - hour) < 0.01);
    const xero = { cause: 'unreachable', connection: 'xero', message: 'Xero cannot be reached.' } as const;
    let asked = 0;
    while (clock.now() < at('18:00')) {
      clock.advance(10 * minute - (clock.now().getTime() % (10 * minute)));
      const slot = new Date(clock.now().getTime());
      const time = (slot.getTime() - at('00:00').getTime()) / (60 * minute);
      await ran(db, slot, failing(time) ? { state: 'failed', failures: [xero] } : {});
      if (time >= 8 && asked < 40)
        await ask(db, slot, { id: `tr-00000000${String(++asked).padStart(2, '0')}` });
      // The watch looks more often than that, or it would take itself to have been away.
      for (let looks = 0; looks < 6; looks++) {
        await alerts.tick();
        if (looks % 3 === 0) await on.side.flush();
        if (looks < 5) clock.advance(95_000);
      }
    }
    expect(asked).toBe(40);

    const calls = await db.select().from(interruptions);
    for (const person of [PRIYA, TOM])
      expect(calls.filter((call) => call.person === person).length).toBeLessThanOrEqual(3);
    const posted = on.messages().filter(({ threadTs, broadcast }) => threadTs === null || broadcast);
    expect(posted.length).toBeLessThanOrEqual(12);

    // What Slack itself made ring says the same: mentions, and direct messages.
    const all = (person: string) => on.slack.messagesFor(person);
    const rings = (person: string) =>
      all(person).filter((one) => isFor(one, person) || one.channel.startsWith('D'));
    expect(rings(PRIYA).length).toBeLessThanOrEqual(3);
    expect(rings(TOM).length).toBeLessThanOrEqual(3);

    // Every failure has its message, now over; every decision is shown or counted, and its decider was told.
    expect(posted.filter(({ text }) => /^Recovered: Customers/.test(text))).toHaveLength(6);
    expect(posted.find(({ text }) => /40 decisions wait/.test(text))).toBeDefined();
    const direct = all(PRIYA).filter((one) => one.channel.startsWith('D'));
    expect(direct.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^\d+ decisions wait for you/),
      expect.stringMatching(/^\d+ decisions wait for you/),
    ]);
  }, 300_000);
});

/** Mentioned in a message that was not merely edited to say so. */
const isFor = ({ text }: PageMessage, person: string): boolean => text.includes(`<@${person}>`);

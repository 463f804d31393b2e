import { expect, test } from 'vitest';
import { announceCard, announceLine, announceNote, rank } from '#src/ledger/posts/outbox.ts';
import { outbox } from '#src/ledger/tables/index.ts';
import { PRIYA } from '#test/playground/slack/workspace.ts';
import { describeOn } from '#test/support/database.ts';
import { ask, noon, raise, type Stage, stage } from './stage.ts';

const minute = 60_000;
const keysOf = ({ slack }: Stage) =>
  slack.messagesFor(PRIYA).map(({ text, threadTs }) => `${threadTs === null ? '' : '  '}${text}`);
const about = { flow: 'customers', rank: rank.alert };

describeOn('PGlite', 'posting under load', (open) => {
  test('2,000 alerts in a minute become a handful of messages, and the newest numbers are shown', async () => {
    const on = await stage(open, { started: false });
    const numbers: number[] = [];
    for (let n = 0; n < 4; n++) numbers.push(await raise(on.db, new Date(noon.getTime() + n)));
    for (let n = 0; n < 2000; n += 100) {
      const now = new Date(noon.getTime() + n * 30);
      const all = Array.from({ length: 100 }, (_, i) => `incident:${numbers[(n + i) % 4]}`);
      await Promise.all(all.map((subject) => announceCard(on.db, { ...about, subject, now })));
      await on.side.flush();
    }
    on.clock.advance(minute);
    await on.side.flush();
    expect(on.messages()).toHaveLength(4);
    const posts = on.slack.calls.filter(({ method }) => method === 'chat.postMessage');
    const edits = on.slack.calls.filter(({ method }) => method === 'chat.update');
    expect(posts).toHaveLength(4);
    // At most one edit of each for each time that the sender looked.
    expect(edits.length).toBeLessThanOrEqual(4 * 21);
    expect((await on.db.select().from(outbox)).every(({ wanted, sent }) => wanted === sent)).toBe(true);
  }, 120_000);

  test('Slack down for an hour: everything is delivered afterwards, once, alerts first', async () => {
    const on = await stage(open, { started: false });
    on.slack.down(true);
    const end = noon.getTime() + 60 * minute;
    for (let n = 0; on.clock.now().getTime() < end; n++) {
      const now = on.clock.now();
      if (n < 4) await ask(on.db, now, { id: `tr-000000000${n}` });
      if (n === 2) await raise(on.db, now);
      if (n % 10 === 5) {
        const said = { ...about, subject: 'flow:customers', key: `away:${n}`, template: 'time_away', now };
        await announceNote(on.db, { ...said, rank: rank.other, params: { slots: n } });
      }
      await on.side.flush();
      on.clock.advance(minute);
    }
    expect(on.messages()).toEqual([]);
    on.slack.down(false);
    for (let n = 0; n < 8; n++) {
      await on.side.flush();
      on.clock.advance(minute);
    }
    const heard = keysOf(on);
    expect(heard[0]).toMatch(/^Customers: Xero refuses our sign-in/);
    expect(heard.filter((text) => text.startsWith('Decision needed'))).toHaveLength(4);
    expect(heard.filter((text) => text.startsWith('Truce was away'))).toHaveLength(6);
    expect(heard).toHaveLength(11);
  }, 120_000);

  test('an alert is not delayed by a burst of lower rank', async () => {
    const on = await stage(open, { started: false });
    for (let n = 0; n < 60; n++) {
      const said = { flow: 'customers', subject: 'flow:customers', key: `away:${n}`, template: 'time_away' };
      await announceNote(on.db, { ...said, rank: rank.other, params: { slots: n }, now: noon });
    }
    const began = on.clock.now().getTime();
    let raisedAt = 0;
    // In the midst of the burst, while the channel is at its pace.
    const sleep = on.clock.sleep;
    on.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (raisedAt === 0 && on.clock.now().getTime() - began >= 10_000) {
        raisedAt = on.clock.now().getTime();
        const number = await raise(on.db, on.clock.now());
        const line = { ...about, subject: `incident:${number}`, key: 'x', template: 'incident_doubled' };
        await announceLine(on.db, {
          ...line,
          params: { waiting: 9, waitingAtOpening: 4 },
          now: on.clock.now(),
        });
      }
    };
    await on.side.flush();
    const all = on.messages();
    const alert = all.find(({ text }) => text.startsWith('Customers: Xero refuses'));
    expect(all).toHaveLength(62);
    expect(Number(alert?.ts) * 1000 - raisedAt).toBeLessThanOrEqual(2_000);
    expect(all.findIndex(({ text }) => text === alert?.text)).toBeLessThan(15);
  }, 120_000);
});

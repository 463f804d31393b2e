import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openOutside } from '#src/alerts/outside.ts';
import { createAlerts } from '#src/alerts/watch.ts';
import { manualClock } from '#src/clock.ts';
import { takeLease } from '#src/ledger/leases.ts';
import { noteSlackAway, noteSlackReached } from '#src/ledger/posts/slack-away.ts';
import { incidents } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { addRun, agreement as practice } from './practice-flow.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const minute = 60_000;

/** Somebody who watches from outside: what was asked of it, and how it answers. */
async function listen() {
  const heard: string[] = [];
  let status = 200;
  const server = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      heard.push(`${request.url}${body ? ` ${(JSON.parse(body) as { text: string }).text}` : ''}`);
      answer.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    heard,
    address: (variable: string) => `${base}/${variable.toLowerCase()}/secret-token`,
    answerWith: (next: number) => {
      status = next;
    },
  };
}

async function start(open: Open) {
  const { db } = await open();
  const outer = await listen();
  const clock = manualClock(at('00:00:00'));
  const lines: string[] = [];
  const say = (event: object, line: string) => void lines.push(`${line} ${JSON.stringify(event)}`);
  const log = { info: say, warn: say, error: say };
  const agreement = {
    ...practice,
    outside: { heartbeat: 'BEAT', fallback: { variable: 'HOOK', afterMinutes: 5 } },
  };
  const outside = openOutside({ db, clock, log, address: outer.address });
  const alerts = createAlerts({ db, clock, log, agreement: () => agreement, outside, everyMs: 10 });
  onTestFinished(alerts.stop);
  const step = async (minutes = 1) => {
    for (let n = 0; n < minutes; n++) {
      clock.advance(minute);
      await alerts.tick();
    }
  };
  return { db, clock, lines, log, alerts, step, ...outer };
}

describeOnBothDatabases('silence is proved', (open) => {
  it('a heartbeat is told once a minute that all is well, and where something is stopped', async () => {
    const { db, alerts, step, heard } = await start(open);
    await alerts.tick();
    await alerts.tick();
    expect(heard).toEqual(['/beat/secret-token']);
    await addRun(db, at('00:00:01'), {
      failures: [{ cause: 'auth', connection: 'xero', message: 'Xero refuses our sign-in.' }],
    });
    await step(2);
    expect(heard.slice(1)).toEqual(['/beat/secret-token/fail', '/beat/secret-token/fail']);
    await db.update(incidents).set({ state: 'recovered' });
    await step();
    expect(heard.at(-1)).toBe('/beat/secret-token');
  }, 60_000);

  it('the fallback is told once when Slack is away, and once when it is back, also where the webhook was away too', async () => {
    const { db, clock, step, heard, answerWith, lines } = await start(open);
    const told = () => heard.filter((one) => one.startsWith('/hook'));
    await noteSlackAway(db, clock.now());
    await step(4);
    expect(told()).toEqual([]);
    answerWith(500);
    await step();
    answerWith(200);
    await noteSlackAway(db, clock.now());
    await step(3);
    const away = expect.stringMatching(
      /Example Trading Co: Truce has not reached Slack since 11:00 am\. The syncs go on; \d messages? waits? for Slack\.$/,
    );
    expect(told()).toEqual([away, away]);
    await noteSlackReached(db, clock.now());
    await step(2);
    expect(told().slice(2)).toEqual([
      '/hook/secret-token Example Trading Co: Truce reaches Slack again. It could not since 11:00 am; what waited is posted now.',
    ]);
    expect(lines.join()).toContain('The address in HOOK was not reached: it answered HTTP 500.');
    expect(lines.join()).not.toContain('secret-token');
  }, 60_000);

  it('a token that Slack refuses is told as such, and the heartbeat fails until it is good again', async () => {
    const { db, clock, step, heard } = await start(open);
    await addRun(db, at('00:00:00'));
    await noteSlackAway(db, clock.now(), 'SLACK_BOT_TOKEN: token_revoked');
    await step(6);
    expect(heard.slice(0, 2)).toEqual(['/beat/secret-token/fail', '/beat/secret-token/fail']);
    expect(heard.filter((one) => one.startsWith('/hook'))).toEqual([
      '/hook/secret-token Example Trading Co: Slack has refused Truce since 11:00 am (SLACK_BOT_TOKEN: token_revoked), until somebody installs the app again or renews that token. The syncs go on; nobody is asked or told in Slack, and 0 messages wait.',
    ]);
    await noteSlackReached(db, clock.now());
    await step();
    expect(heard.at(-2)).toBe('/beat/secret-token');
  }, 60_000);

  it('a run that hangs for ever is told of by a watch that shares neither timer nor job with it', async () => {
    const { db, clock, alerts, heard } = await start(open);
    const run = await addRun(db, at('00:00:00'), { state: 'running', finishedAt: null });
    // Its process lives and holds on to its lease, and nothing else of it moves any more.
    await takeLease(db, { name: 'flow:customers', owner: run.owner, now: clock.now(), ms: 10 * 3_600_000 });
    alerts.start();
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await db.select().from(incidents)).toEqual([]);
    clock.advance(61 * minute);
    await expect
      .poll(() => db.select().from(incidents), { timeout: 20_000 })
      .toMatchObject([
        { cause: 'stuck', message: expect.stringContaining('has been going for more than an hour') },
      ]);
    clock.advance(minute);
    await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toBe('/beat/secret-token/fail');
  }, 60_000);
});

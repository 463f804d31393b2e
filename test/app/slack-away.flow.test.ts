import { describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder } from '#test/support/process.ts';
import { openStandIns } from '#test/support/stand-ins.ts';
import { until } from '#test/support/until.ts';

describe('Slack is away, or refuses a token', { timeout: 500_000 }, () => {
  it('a restart meanwhile stops no sync and no watch; what waited is posted when it is back', async () => {
    const standIns = await openStandIns();
    const env = { ...standIns.env, TRUCE_DATA_DIR: temporaryFolder() };
    const { slack } = standIns.practice;
    slack.down(true);
    const first = await startProcess({ env });
    await first.says('Slack is not reached yet. It is tried again; the syncs run meanwhile.');
    type Health = { slack: { refused: string | null } | null; flows: { customers?: { lastRun: unknown } } };
    const health = async () => (await (await first.get('/health')).json()) as Health;
    await until(async () => (await health()).flows.customers?.lastRun, 150_000);
    expect((await health()).slack).toMatchObject({ refused: null });
    expect((await first.get('/health')).status).toBe(200);
    slack.down(false);
    await standIns.message(/first/i);
    await until(async () => (await health()).slack === null, 150_000);
    expect(await first.end('SIGINT')).toBe(0);

    // It has spoken: a token that is refused now was good once, and the syncs need none.
    const second = await startProcess({ env: { ...env, SLACK_BOT_TOKEN: 'xoxb-revoked' } });
    await second.says('Slack refuses SLACK_BOT_TOKEN: invalid_auth. The syncs run');
    const answer = await second.get('/health');
    expect([answer.status, ((await answer.json()) as Health).slack?.refused]).toEqual([
      503,
      'SLACK_BOT_TOKEN: invalid_auth',
    ]);
    expect(await second.end('SIGINT')).toBe(0);
  });

  it('says at the very first start that a token is wrong, and ends', async () => {
    const standIns = await openStandIns();
    const env = { ...standIns.env, TRUCE_DATA_DIR: temporaryFolder(), SLACK_BOT_TOKEN: 'xoxb-typo' };
    const truce = await startProcess({ env });
    expect(await truce.ended).toBe(1);
    expect(truce.err()).toMatch(/^Slack refuses SLACK_BOT_TOKEN \(invalid_auth\)\. Check that it is copied/m);
  });
});

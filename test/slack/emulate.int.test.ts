import { type ConversationsHistoryResponse, WebClient } from '@slack/web-api';
import { eq } from 'drizzle-orm';
import { createEmulator } from 'emulate';
import { expect, onTestFinished, test } from 'vitest';
import { announceCard, announceLine, rank } from '#src/ledger/posts/outbox.ts';
import { outbox } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { raise, stage } from './stage.ts';

const name = 'sync-customers';
/** The emulator's clock is the machine's: what we look for is younger than this on every machine. */
const longAgo = new Date('2026-01-01T00:00:00Z');

/** Somebody else's Slack Web API (emulate), so that our calls are right not only by our own stand-in. */
async function emulated() {
  const slack = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      tokens: { 'xoxb-practice': { login: 'admin' } },
      slack: { team: { name: 'Example Trading', domain: 'example' }, channels: [{ name }] },
    },
  });
  onTestFinished(() => slack.close());
  const apiUrl = `${slack.url}/api/`;
  const client = new WebClient('xoxb-practice', { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
  const channel = (await client.conversations.list()).channels?.find((one) => one.name === name)?.id ?? '';
  const messages = async () =>
    (await client.conversations.history({ channel, include_all_metadata: true })).messages ?? [];
  return { apiUrl, client, channel, messages };
}

const keyOf = ([message]: NonNullable<ConversationsHistoryResponse['messages']>) =>
  message?.metadata?.event_payload;

describeOn('PGlite', 'an independent Slack Web API', (open) => {
  test('takes a card as we post it, its edits, and its lines in the thread', async () => {
    const { apiUrl, client, channel, messages } = await emulated();
    const on = await stage(open, { started: false, apiUrl });
    const subject = `incident:${await raise(on.db, longAgo)}`;
    await on.side.flush();
    const [card] = await messages();
    expect(card?.text).toMatch(/^Customers: Xero refuses our sign-in/);
    expect(card?.blocks?.length).toBeGreaterThan(3);
    expect(keyOf([card ?? {}])).toMatchObject({ key: `card:${subject}` });
    const about = { subject, flow: 'customers', rank: rank.alert, now: longAgo };
    await announceCard(on.db, about);
    const params = { at: longAgo.toISOString(), caughtUp: 14 };
    await announceLine(on.db, { ...about, key: 'over', template: 'incident_recovered', params });
    on.clock.advance(60_000);
    await on.side.flush();
    expect(await messages()).toHaveLength(1);
    const { messages: thread } = await client.conversations.replies({ channel, ts: card?.ts ?? '' });
    expect(thread?.map(({ text }) => text?.slice(0, 9))).toEqual(['Customers', 'Recovered']);
  });

  test('finds a post again by its metadata, where its answer was lost: it is not posted twice', async () => {
    const { apiUrl, channel, messages } = await emulated();
    const on = await stage(open, { started: false, apiUrl });
    await raise(on.db, longAgo);
    await on.side.flush();
    const [sent] = await on.db.select().from(outbox);
    await on.db
      .update(outbox)
      .set({ state: 'unknown', channel: null, ts: null })
      .where(eq(outbox.key, sent?.key ?? ''));
    on.clock.advance(60_000);
    await on.side.flush();
    const [found] = await on.db.select().from(outbox);
    expect(found).toMatchObject({ state: 'sent', channel, ts: sent?.ts });
    expect(await messages()).toHaveLength(1);
  });
});

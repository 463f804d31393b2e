import type { WebClient } from '@slack/web-api';
import type { Db } from '../ledger/db.ts';
import { type OutboxRow, outboxRow } from '../ledger/posts/outbox-sending.ts';

const pages = 5;
/** Slack's clock and ours need not agree. */
const clockSlack = 5 * 60;

interface Posted {
  readonly ts?: string | undefined;
  readonly metadata?: { readonly event_payload?: object | undefined } | undefined;
}

/**
 * Looks for a post whose outcome is not known, by the key in its metadata: a lost answer must not become a second message.
 * Null = it is not there. Throws when Slack does not answer: then nothing is known still.
 */
export async function findPost(
  { client, db }: { client: WebClient; db: Db },
  row: OutboxRow,
  channel: string,
): Promise<{ channel: string; ts: string } | null> {
  // A direct message goes to a person's id; which conversation that is, only a post tells.
  const conversation = /^[UW]/.test(channel) ? await directWith(client, channel) : channel;
  const oldest = String(Math.floor(row.createdAt.getTime() / 1000) - clockSlack);
  const thread = row.kind === 'line' ? (await outboxRow(db, `card:${row.subject}`))?.ts : null;
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const more = {
      channel: conversation,
      oldest,
      limit: 200,
      include_all_metadata: true,
      ...(cursor ? { cursor } : {}),
    };
    const answer = thread
      ? await client.conversations.replies({ ...more, ts: thread })
      : await client.conversations.history(more);
    const found = ((answer.messages ?? []) as readonly Posted[]).find(
      (message) => keyOf(message) === row.key,
    );
    if (found?.ts) return { channel: conversation, ts: found.ts };
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return null;
  }
  return null;
}

const keyOf = (message: Posted): unknown =>
  (message.metadata?.event_payload as { key?: unknown } | undefined)?.key;

async function directWith(client: WebClient, user: string): Promise<string> {
  const { channel } = await client.conversations.open({ users: user });
  if (!channel?.id) throw new Error('Slack opened no direct conversation');
  return channel.id;
}

import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { roomWords } from '../alerts/room-words.ts';
import { announceLine } from '../ledger/posts/outbox.ts';
import { dueRows, type OutboxRow, rowPutBack, rowSent, takeRow } from '../ledger/posts/outbox-sending.ts';
import { type FactSources, flowOf } from './deps.ts';
import { directlyTo } from './direct-alert.ts';
import { drawRow } from './draw-row.ts';
import { findPost } from './find-post.ts';
import { keepLines, mayBeShown } from './lines-of-decisions.ts';
import type { Drawn } from './messages/blocks.ts';
import { section } from './messages/blocks.ts';
import { isUserId } from './messages/text.ts';
import { outcomeOf } from './outcome.ts';
import type { Gate, Pace } from './pace.ts';
import type { Placed } from './placed.ts';
import type { Rooms } from './rooms.ts';

export interface SenderParts extends FactSources {
  readonly client: WebClient;
  readonly rooms: Rooms;
  readonly pace: Pace;
  readonly log: Logger;
}

const lookAgainAfter = 3_000;
const roomRetry = 10 * 60_000;
const longestWait = 5 * 60_000;

/**
 * Sends what is due, one call at a time, the highest rank first, each channel at its own pace. Resolves when nothing that may go
 * out now is left; `wait` says whether to wait for a channel's pace (by the clock) or to leave it for the next time.
 */
export async function sendDue(
  parts: SenderParts,
  { wait, signal }: { wait: boolean; signal?: AbortSignal },
): Promise<number> {
  let sent = 0;
  for (;;) {
    if (signal?.aborted) return sent;
    await keepLines(parts);
    const step = await sendNext(parts);
    if (step.kind === 'idle') return sent;
    if (step.kind === 'sent') sent += 1;
    if (step.kind === 'paced') {
      if (!wait) return sent;
      await parts.clock.sleep(step.ms, signal);
    }
  }
}

type Step = { kind: 'idle' } | { kind: 'sent' } | { kind: 'paced'; ms: number };

async function sendNext(parts: SenderParts): Promise<Step> {
  const now = parts.clock.now();
  let soonest = Number.POSITIVE_INFINITY;
  for (const row of await dueRows(parts.db, now)) {
    const room = await roomOf(parts, row);
    const wait = room.kind === 'room' ? parts.pace.waitMs(gateOf(row, room.id)) : 0;
    if (wait > 0) {
      soonest = Math.min(soonest, wait);
      continue;
    }
    if (!(await mayBeShown(parts, row))) continue;
    const taken = await takeRow(parts.db, row, now);
    if (!taken) continue;
    await sendRow(parts, { row: taken, before: row.state, room });
    return { kind: 'sent' };
  }
  return soonest === Number.POSITIVE_INFINITY ? { kind: 'idle' } : { kind: 'paced', ms: soonest };
}

const gateOf = (row: OutboxRow, channel: string): Gate =>
  row.ts ? { kind: 'edit' } : { kind: 'post', channel };

type Room = { kind: 'room'; id: string } | { kind: 'none'; reason: string } | { kind: 'busy'; until: Date };

/** Whom a note is for alone: a Slack user id, or null for one that goes to the channel. */
const addressee = ({ kind, params: { to } }: OutboxRow): string | null =>
  kind === 'note' && typeof to === 'string' && isUserId(to) ? to : null;

/** Where a row belongs: the channel it is in already, the person it is for, or the flow's channel. */
async function roomOf(parts: SenderParts, row: OutboxRow): Promise<Room> {
  if (row.channel) return { kind: 'room', id: row.channel };
  const person = addressee(row) ?? (await directlyTo(parts, row));
  if (person) return { kind: 'room', id: person };
  const flow = flowOf(parts.agreement(), row.flow);
  if (!flow) return { kind: 'none', reason: 'the agreement no longer has this sync' };
  try {
    const id = await parts.rooms.idOf(flow.channel);
    return id ? { kind: 'room', id } : { kind: 'none', reason: 'channel_not_found' };
  } catch (error) {
    const outcome = outcomeOf(error);
    const seconds = outcome.kind === 'busy' ? outcome.seconds : 10;
    return { kind: 'busy', until: new Date(parts.clock.now().getTime() + seconds * 1000) };
  }
}

interface Sending {
  readonly row: OutboxRow;
  readonly before: OutboxRow['state'];
  readonly room: Room;
}

async function sendRow(parts: SenderParts, { row, before, room }: Sending): Promise<void> {
  const { db, log } = parts;
  const now = parts.clock.now();
  if (room.kind === 'busy') {
    const state = before === 'unknown' || before === 'sending' ? 'unknown' : 'waiting';
    return rowPutBack(db, row.key, {
      state,
      notBefore: room.until,
      error: 'Slack did not list its channels',
    });
  }
  if (room.kind === 'none') return placeNowhere(parts, row, room.reason);
  try {
    const post = await alreadyThere(parts, { row, before, room });
    const placed = await drawRow(parts, row);
    if (placed.kind === 'wait')
      return rowPutBack(db, row.key, {
        state: 'waiting',
        notBefore: placed.until ?? new Date(now.getTime() + 1_000),
        error: placed.reason,
      });
    if (placed.kind === 'nothing' || (post && row.kind !== 'card')) {
      return rowSent(db, row.key, {
        wanted: row.wanted,
        channel: post?.channel ?? row.channel,
        ts: post?.ts ?? row.ts,
        now,
      });
    }
    parts.pace.used(post ? { kind: 'edit' } : { kind: 'post', channel: room.id });
    const at = await send(parts, { row, placed, channel: post?.channel ?? room.id, ts: post?.ts ?? null });
    await rowSent(db, row.key, { wanted: row.wanted, ...at, now: parts.clock.now() });
    if (placed.notice) await announceLine(db, { ...row, ...placed.notice, now: parts.clock.now() });
    log.debug({ event: 'sent', key: row.key }, 'sent to Slack');
  } catch (error) {
    await settleFailure(parts, row, room.id, error);
  }
}

/** The post that a row has already: known, or, after an unknown outcome, found again by its key. */
async function alreadyThere(
  parts: SenderParts,
  { row, before, room }: Sending,
): Promise<{ channel: string; ts: string } | null> {
  if (row.channel && row.ts) return { channel: row.channel, ts: row.ts };
  const outcomeUnknown = before === 'unknown' || before === 'sending';
  if (!outcomeUnknown || room.kind !== 'room') return null;
  return findPost(parts, row, room.id);
}

interface Call {
  readonly row: OutboxRow;
  readonly placed: Extract<Placed, { kind: 'draw' }>;
  readonly channel: string;
  readonly ts: string | null;
}

async function send(parts: SenderParts, call: Call): Promise<{ channel: string; ts: string }> {
  try {
    return await sendDrawn(parts.client, call, call.placed.drawn);
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome.kind !== 'badly_drawn') throw error;
    // A fault of ours must not keep back what has to be said: the words alone always fit.
    parts.log.error(
      { event: 'badly_drawn', key: call.row.key, reason: outcome.reason },
      'Slack did not take a message as drawn; its words went out alone.',
    );
    return sendDrawn(parts.client, call, wordsAlone(call.placed.drawn));
  }
}

const wordsAlone = ({ text }: Drawn): Drawn => ({ text, blocks: [section('words', text)] });

/** Posts or edits; always with text, blocks and metadata, which an edit would otherwise lose. */
async function sendDrawn(
  client: WebClient,
  { row, placed, channel, ts }: Call,
  drawn: Drawn,
): Promise<{ channel: string; ts: string }> {
  const message = {
    channel,
    text: drawn.text,
    blocks: drawn.blocks,
    metadata: { event_type: 'truce_post', event_payload: { key: row.key, rev: row.wanted } },
  };
  if (ts) {
    await client.chat.update({ ...message, ts });
    return { channel, ts };
  }
  const broadcast = row.params.broadcast === true ? { reply_broadcast: true } : {};
  const thread = placed.threadTs ? { thread_ts: placed.threadTs, ...broadcast } : {};
  const posted = await client.chat.postMessage({
    ...message,
    ...thread,
    unfurl_links: false,
    unfurl_media: false,
  });
  if (!posted.ts) throw new Error('Slack took a message but did not say where it is');
  return { channel: posted.channel ?? channel, ts: posted.ts };
}

async function settleFailure(
  parts: SenderParts,
  row: OutboxRow,
  channel: string,
  error: unknown,
): Promise<void> {
  const { db, log } = parts;
  const now = parts.clock.now().getTime();
  const outcome = outcomeOf(error);
  const later = new Date(now + Math.min(longestWait, 1000 * 2 ** Math.min(row.attempts, 9)));
  log.warn(
    { event: 'not_sent', key: row.key, outcome },
    `A message did not go out to Slack (${outcome.kind}); it will.`,
  );
  switch (outcome.kind) {
    case 'busy': {
      parts.pace.closedFor(gateOf(row, channel), outcome.seconds * 1000);
      return rowPutBack(db, row.key, {
        state: 'waiting',
        notBefore: new Date(now + outcome.seconds * 1000),
        error: 'Slack asked to wait',
      });
    }
    case 'unknown':
      return rowPutBack(db, row.key, {
        state: 'unknown',
        notBefore: new Date(Math.max(later.getTime(), now + lookAgainAfter)),
        error: outcome.reason,
      });
    case 'gone':
      // Somebody deleted it. What is still open is posted anew; what is over stays away (drawRow says which).
      return rowPutBack(db, row.key, {
        state: 'waiting',
        notBefore: later,
        error: 'the message was deleted',
        post: null,
      });
    case 'unplaceable':
      return placeNowhere(parts, row, outcome.reason);
    default:
      return rowPutBack(db, row.key, { state: 'waiting', notBefore: later, error: outcome.reason });
  }
}

/** The channel does not take it: it waits, and the watch opens an alert, which goes to the technical owner directly. */
async function placeNowhere(parts: SenderParts, row: OutboxRow, reason: string): Promise<void> {
  const now = parts.clock.now();
  await rowPutBack(parts.db, row.key, {
    state: 'unplaceable',
    notBefore: new Date(now.getTime() + roomRetry),
    error: reason,
  });
  parts.rooms.forget();
  const flow = flowOf(parts.agreement(), row.flow);
  parts.log.error(
    { event: 'unplaceable', key: row.key, flow: row.flow, reason },
    `Slack: nothing can be posted in #${flow?.channel ?? '?'}: ${roomWords(reason)}`,
  );
}

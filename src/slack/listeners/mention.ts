import type { AppMentionEvent } from '@slack/types';
import { claimEvent } from '../../ledger/posts/slack-events.ts';
import { mentionAnswer } from '../answers/mention.ts';
import { type Desk, refusalFor } from '../desk.ts';
import { outcomeOf } from '../outcome.ts';
import { membership } from '../people.ts';

/** Somebody mentioned the app: answered once in that message's thread, to members of the workspace only. */
export async function onMention(desk: Desk, event: AppMentionEvent, eventId: string): Promise<void> {
  const { user, channel, ts, thread_ts: thread = ts, text } = event;
  if (!user) return;
  try {
    if (!(await claimEvent(desk.db, eventId, desk.clock.now()))) return;
    const refusal = refusalFor(membership(await desk.people.who(user), desk.home()), 'operate');
    const said = refusal ?? (await mentionAnswer(desk, { text, by: user }));
    const message = { channel, thread_ts: thread, text: said.text, blocks: said.blocks };
    if (refusal) await desk.client.chat.postEphemeral({ ...message, user });
    else await desk.client.chat.postMessage({ ...message, unfurl_links: false, unfurl_media: false });
  } catch (error) {
    desk.log.warn(
      { event: 'mention_not_answered', outcome: outcomeOf(error), err: error },
      'A mention in Slack could not be answered; nothing else depends on it.',
    );
  }
}

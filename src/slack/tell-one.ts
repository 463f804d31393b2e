import type { Desk } from './desk.ts';
import type { Drawn } from './messages/blocks.ts';
import { outcomeOf } from './outcome.ts';

/** Tells one person, and nobody else, in a channel ('' = in none). */
export type TellOne = (channel: string, drawn: Drawn) => Promise<void>;

/**
 * Tells a person who has no response URL to be answered through, as after a form: unseen by the others where they were, or in their
 * direct messages where Truce cannot post there: it is not in that channel, or they came from their board. As with any answer, one
 * that cannot be delivered is logged, never thrown: what was asked for goes on without it.
 */
export function tellOne({ client, log }: Pick<Desk, 'client' | 'log'>, user: string): TellOne {
  const directly = async (message: Drawn) => {
    await client.chat.postMessage({ channel: user, ...message, unfurl_links: false, unfurl_media: false });
  };
  return async (channel, { text, blocks }) => {
    const message = { text, blocks };
    try {
      if (channel === '') return await directly(message);
      await client.chat.postEphemeral({ channel, user, ...message }).catch(() => directly(message));
    } catch (error) {
      log.warn(
        { event: 'answer_lost', outcome: outcomeOf(error) },
        'The answer to a form could not be delivered in Slack.',
      );
    }
  };
}

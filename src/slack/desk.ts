import type { RespondArguments, RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Wake } from '../jobs/wake.ts';
import type { SlackSideDeps } from './deps.ts';
import type { Drawn } from './messages/blocks.ts';
import { cannotCheck, membersOnly, notDecider, notOperator } from './messages/refusals.ts';
import type { Verdict } from './people.ts';
import type { PeopleBook } from './people-book.ts';

/** What listeners and commands work with. */
export interface Desk extends Omit<SlackSideDeps, 'slack' | 'onFatal'> {
  readonly client: WebClient;
  readonly people: PeopleBook;
  /** The workspace's id, known once Slack was asked. */
  readonly home: () => string;
  /** How far our clock is ahead of Slack's, in ms; null before Slack has answered. */
  readonly slackAhead: () => number | null;
  /** Aborted when Truce stops: whoever watches something for a person gives up. */
  readonly signal: AbortSignal;
}

/** Answers one person. `replace` edits the ephemeral message that the click came from. */
export type Reply = (drawn: Drawn, how?: { readonly replace?: boolean }) => Promise<void>;

/**
 * Answers through the response URL: only the asker sees it. It works five times within half an hour; an answer that cannot be
 * delivered any more is logged, never thrown: what was asked for has happened or not by then.
 */
export function replyBy(desk: Pick<Desk, 'log'>, respond: RespondFn): Reply {
  return async ({ text, blocks }, { replace = false } = {}) => {
    const message: RespondArguments = { response_type: 'ephemeral', replace_original: replace, text, blocks };
    try {
      await respond(message);
    } catch (error) {
      desk.log.warn(
        { event: 'answer_lost', reason: (error as Error).message },
        'An answer could not be delivered in Slack.',
      );
    }
  };
}

/** Why not, in words for the one who asked; null when it is allowed. */
export function refusalFor(verdict: Verdict, what: 'decide' | 'operate'): Drawn | null {
  switch (verdict.kind) {
    case 'yes':
      return null;
    case 'unknown':
      return cannotCheck();
    case 'not_member':
      return membersOnly();
    case 'others':
      return what === 'decide' ? notDecider(verdict.who) : notOperator(verdict.who);
  }
}

/** Wakes the engine for what is stored already. A wake-up that is lost loses no work: the next slot finds it. */
export async function wakeFor(desk: Pick<Desk, 'wake' | 'log'>, wake: Wake): Promise<void> {
  try {
    await desk.wake(wake);
  } catch (error) {
    desk.log.warn(
      { event: 'wake_lost', flow: wake.flow, reason: (error as Error).message },
      'A wake-up was lost; the next run does the work.',
    );
  }
}

import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Db } from '../ledger/db.ts';
import { noteSlackAway, noteSlackReached } from '../ledger/posts/slack-away.ts';
import type { Trouble } from './connecting.ts';
import { outcomeOf } from './outcome.ts';
import { refusalOf } from './refusal.ts';

interface ReachParts {
  readonly client: WebClient;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is known to be in the way of people's presses. */
  readonly trouble: () => Trouble | null;
}

/**
 * Looks whether Truce and people reach each other in Slack, and keeps since when they do not: whoever watches from outside is told
 * from there. An answer that refuses a token is no answer for us: nothing can be said or heard in Slack then either. Never rejects.
 */
export function openReach({ client, db, clock, log, trouble }: ReachParts): () => Promise<void> {
  let before: string | null = null;
  return async () => {
    try {
      const found = (await asked(client)) ?? trouble();
      const now = found && (found.refused ?? 'unreached');
      if (now !== before) sayHow(log, found);
      before = now;
      if (found) await noteSlackAway(db, clock.now(), found.refused);
      else await noteSlackReached(db, clock.now());
    } catch {
      // A database that is away says nothing of Slack.
    }
  };
}

async function asked(client: WebClient): Promise<Trouble | null> {
  try {
    await client.auth.test();
    return null;
  } catch (error) {
    // Asked to wait: it is there.
    if (outcomeOf(error).kind === 'busy') return null;
    const code = refusalOf(error);
    return { refused: code && `SLACK_BOT_TOKEN: ${code}` };
  }
}

function sayHow(log: Logger, trouble: Trouble | null): void {
  if (!trouble) log.info({ event: 'slack_back' }, 'Slack is reached again.');
  else if (trouble.refused)
    log.fatal(
      { event: 'slack_refuses', refused: trouble.refused },
      `Slack refuses ${trouble.refused}. The syncs go on, and nobody can be asked: install the app again, set its tokens and start Truce anew.`,
    );
  else
    log.warn(
      { event: 'slack_not_reached' },
      'Slack is not reached. It is tried again; the syncs go on, and messages wait.',
    );
}

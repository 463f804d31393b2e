import type { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';
import type { Db } from '../ledger/db.ts';
import { noteSlackAway, noteSlackReached } from '../ledger/posts/slack-away.ts';
import { outcomeOf } from './outcome.ts';

/**
 * Asks Slack whether it is there, and keeps since when it is not: whoever watches from outside is told from there. An answer that
 * refuses is no answer for us where it refuses the token: nothing can be said in Slack then either.
 */
export async function tryReach({
  client,
  db,
  clock,
}: {
  readonly client: WebClient;
  readonly db: Db;
  readonly clock: Clock;
}): Promise<void> {
  try {
    await client.auth.test();
    await noteSlackReached(db, clock.now());
  } catch (error) {
    // Asked to wait: it is there.
    if (outcomeOf(error).kind === 'busy') await noteSlackReached(db, clock.now());
    else await noteSlackAway(db, clock.now());
  }
}

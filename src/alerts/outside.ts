import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../ledger/db.ts';
import { countWaiting } from '../ledger/posts/outbox-sending.ts';
import { keepFallback, readFallback, type SlackAway, slackAway } from '../ledger/posts/slack-away.ts';
import { openProblems } from '../ledger/questions/waiting-for.ts';
import { decideFallback, type FallbackNews } from './decide-fallback.ts';
import { stops } from './stops.ts';
import { timeOfDay } from './words.ts';

export interface OutsideParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: { warn(event: object, line: string): void };
  /** What stands behind a variable's name: an address that may hold a secret, and is never logged. */
  readonly address: (variable: string) => string | undefined;
}

export interface Outside {
  /** Tells whoever watches from outside how a round of the watch ended. Never rejects, and takes 5 seconds at most for each address. */
  told(agreement: ActiveAgreement): Promise<void>;
}

/** Nobody outside is told more often than that, in ms. */
const everyMs = 60_000;
const patienceMs = 5_000;

/**
 * Those who watch from outside of Slack, so that silence is proved: a heartbeat address, told after each good round (with /fail where
 * something is stopped), and a webhook that is told when Slack cannot be reached, and when it can again.
 */
export function openOutside(parts: OutsideParts): Outside {
  let lastAt = Number.NEGATIVE_INFINITY;
  const failing = new Set<string>();
  const send = async (variable: string, path: string, body: object | null) => {
    const address = parts.address(variable);
    if (!address) return false;
    const why = await post(`${address.replace(/\/+$/, '')}${path}`, body);
    if (why && !failing.has(variable))
      parts.log.warn(
        { event: 'outside_not_told', variable },
        `The address in ${variable} was not reached: ${why}.`,
      );
    if (why) failing.add(variable);
    else failing.delete(variable);
    return why === null;
  };
  return {
    told: async (agreement) => {
      const now = parts.clock.now();
      if (now.getTime() - lastAt < everyMs) return;
      lastAt = now.getTime();
      const { heartbeat, fallback } = agreement.outside;
      const away = await slackAway(parts.db);
      // A token that is refused stays so until somebody does something, and nobody can be told in Slack.
      const isStopped = away?.refused || (await isAnyStopped(parts.db, agreement));
      if (heartbeat) await send(heartbeat, isStopped ? '/fail' : '', null);
      if (!fallback) return;
      const before = await readFallback(parts.db);
      const { afterMinutes } = fallback;
      const news = decideFallback({ away: away?.since ?? null, before, afterMinutes, now });
      if (!news) return;
      const words = await wordsOf(parts.db, agreement, news, away);
      if (!(await send(fallback.variable, '', words))) return;
      await keepFallback(parts.db, news.kind === 'away' ? news.since : null, now);
    },
  };
}

async function isAnyStopped(db: Db, { flows }: ActiveAgreement): Promise<boolean> {
  for (const flow of Object.keys(flows))
    if ((await openProblems(db, flow)).some(({ cause }) => stops(cause))) return true;
  return false;
}

/** `text` is what most chat products show of a webhook. */
async function wordsOf(
  db: Db,
  { timeZone, company }: ActiveAgreement,
  news: FallbackNews,
  away: SlackAway | null,
): Promise<object> {
  const since = timeOfDay(news.since, timeZone);
  if (news.kind === 'back')
    return {
      text: `${company}: Truce reaches Slack again. It could not since ${since}; what waited is posted now.`,
    };
  const waiting = await countWaiting(db, news.at);
  const posts = waiting === 1 ? '1 message waits' : `${waiting} messages wait`;
  if (away?.refused)
    return {
      text: `${company}: Slack has refused Truce since ${since} (${away.refused}), until somebody installs the app again or renews that token. The syncs go on; nobody is asked or told in Slack, and ${posts}.`,
    };
  return {
    text: `${company}: Truce has not reached Slack since ${since}. The syncs go on; ${posts} for Slack.`,
  };
}

/** Null = it was taken; else why not, in words that name no address. */
async function post(address: string, body: object | null): Promise<string | null> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      signal: AbortSignal.timeout(patienceMs),
      redirect: 'error',
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered HTTP ${answer.status}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'it does not answer' : 'no connection';
  }
}

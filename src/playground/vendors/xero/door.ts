import type { Clock } from '../../../clock.ts';
import type { Answer, Call } from '../exchange.ts';
import { rollingLimit } from '../limits.ts';
import { limited, unauthorised } from './errors.ts';
import type { Tokens } from './token.ts';

const concurrentMost = 5;

/**
 * Who may come in, and how often: 60 calls in any minute, 5,000 in any day, 5 at once per organisation; 10,000 a minute per app.
 * Every answer tells what is left. Source: Xero's page on rate limits.
 */
export function createDoor(tokens: Tokens, tenantId: string, clock: Clock) {
  const minute = rollingLimit(60, 60_000);
  const day = rollingLimit(5000, 86_400_000);
  const app = rollingLimit(10_000, 60_000);

  return (call: Call, atOnce: number, enter: () => Answer): Answer => {
    const refused = tokens.refusal(call);
    if (refused) return refused;
    // A Custom Connection knows its one organisation; naming another is an error.
    const tenant = call.headers['xero-tenant-id'];
    if (tenant !== undefined && tenant !== tenantId) return unauthorised(403, 'AuthenticationUnsuccessful');
    const now = clock.now();
    const answer = over(atOnce, now) ?? counted(now, enter);
    const left = {
      'x-daylimit-remaining': String(day.left(now)),
      'x-minlimit-remaining': String(minute.left(now)),
      'x-appminlimit-remaining': String(app.left(now)),
    };
    return { ...answer, headers: { ...answer.headers, ...left } };
  };

  function over(atOnce: number, now: Date): Answer | null {
    const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));
    if (atOnce > concurrentMost) return limited('concurrent', null);
    if (minute.left(now) < 1) return limited('minute', seconds(minute.opensIn(now)));
    if (day.left(now) < 1) return limited('day', seconds(day.opensIn(now)));
    return null;
  }

  function counted(now: Date, enter: () => Answer): Answer {
    for (const limit of [minute, day, app]) limit.count(now);
    return enter();
  }
}

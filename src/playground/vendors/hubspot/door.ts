import type { Clock } from '../../../clock.ts';
import type { Answer, Call } from '../exchange.ts';
import { dailyLimit, type Limit, rollingLimit } from '../limits.ts';
import { failure, missingScopes, tooMany } from './errors.ts';
import { scopesNeeded } from './scopes.ts';
import type { SignIn } from './sign-in.ts';

const tenSecondsMs = 10_000;
/** Of the practice account. */
export const accountZone = 'Australia/Sydney';

/** A service key, or the token of a private app: as good as its scopes, until it is taken away. */
export interface Key {
  readonly token: string;
  readonly scopes: readonly string[];
}

interface Allowance {
  readonly most: number;
  readonly burst: Limit;
  /** Null where nobody counts days. */
  readonly day: Limit | null;
}

/**
 * Who may come in, and how often. A key on the Starter plan: 100 calls in 10 s, 250,000 a day; an OAuth app 110 in 10 s and no
 * number for the day; searches 5 a second for all together, and those answer without the rate headers. Source: HubSpot's usage
 * guidelines.
 */
export function createDoor(
  key: Key,
  signIn: SignIn,
  clock: Clock,
): (call: Call, enter: () => Answer) => Answer {
  const ofKey = { most: 100, burst: rollingLimit(100, tenSecondsMs), day: dailyLimit(250_000, accountZone) };
  const ofApp = { most: 110, burst: rollingLimit(110, tenSecondsMs), day: null };
  const searches = rollingLimit(5, 1000);

  return (call, enter) => {
    const known = whoIs(call, key, signIn, clock);
    if ('status' in known) return known;
    const allowance: Allowance = known.by === 'key' ? ofKey : ofApp;
    const missing = scopesNeeded(call).filter((scope) => !known.scopes.includes(scope));
    if (missing.length > 0) return missingScopes(missing);
    const now = clock.now();
    const isSearch = call.path.endsWith('/search');
    const headers = () => (isSearch ? {} : rateHeaders(allowance, now));
    if (allowance.day && allowance.day.left(now) < 1) return tooMany('DAILY', headers());
    if (allowance.burst.left(now) < 1) return tooMany('TEN_SECONDLY_ROLLING', headers());
    if (isSearch && searches.left(now) < 1) return tooMany('SECONDLY');
    allowance.burst.count(now);
    allowance.day?.count(now);
    if (isSearch) searches.count(now);
    const answer = enter();
    return { ...answer, headers: { ...answer.headers, ...headers() } };
  };
}

type Known = { readonly by: 'key' | 'app'; readonly scopes: readonly string[] };

function whoIs(call: Call, key: Key, signIn: SignIn, clock: Clock): Known | Answer {
  const [scheme, token = ''] = (call.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer') {
    const message = 'Authentication credentials not found. This API supports OAuth 2.0 authentication.';
    return failure(401, 'INVALID_AUTHENTICATION', message);
  }
  if (token === key.token) return { by: 'key', scopes: key.scopes };
  const grant = signIn.grantOf(token);
  if (!grant)
    return failure(401, 'INVALID_AUTHENTICATION', 'The access token is unknown or has been revoked.');
  if (grant.expiredAt === null) return { by: 'app', scopes: grant.scopes };
  const minutes = Math.floor((clock.now().getTime() - grant.expiredAt.getTime()) / 60_000);
  const message = `The OAuth token used to make this call expired ${minutes} minute(s) ago.`;
  return failure(401, 'EXPIRED_AUTHENTICATION', message);
}

const rateHeaders = ({ most, burst, day }: Allowance, now: Date): Record<string, string> => ({
  'x-hubspot-ratelimit-max': String(most),
  'x-hubspot-ratelimit-remaining': String(burst.left(now)),
  'x-hubspot-ratelimit-interval-milliseconds': String(tenSecondsMs),
  ...(day
    ? {
        'x-hubspot-ratelimit-daily': '250000',
        'x-hubspot-ratelimit-daily-remaining': String(day.left(now)),
      }
    : {}),
});

import type { Clock } from '../../../clock.ts';
import type { Answer, Call } from '../exchange.ts';
import { fixedLimit, rollingLimit } from '../limits.ts';
import { failure, tooMany } from './errors.ts';

const tenSecondsMs = 10_000;
const dayMs = 86_400_000;

/**
 * Who may come in, and how often. The Starter plan: 100 calls in 10 s, 250,000 a day; searches 5 a second besides, and those
 * answer without the rate headers. Source: HubSpot's usage guidelines.
 */
export function createDoor(token: string, clock: Clock): (call: Call, enter: () => Answer) => Answer {
  const burst = rollingLimit(100, tenSecondsMs);
  const day = fixedLimit(250_000, dayMs);
  const searches = rollingLimit(5, 1000);

  return (call, enter) => {
    const refused = unauthorised(call, token);
    if (refused) return refused;
    const now = clock.now();
    const isSearch = call.path.endsWith('/search');
    const headers = () => (isSearch ? {} : rateHeaders(burst.left(now), day.left(now)));
    if (day.left(now) < 1) return tooMany('DAILY', headers());
    if (burst.left(now) < 1) return tooMany('TEN_SECONDLY_ROLLING', headers());
    if (isSearch && searches.left(now) < 1) return tooMany('SECONDLY');
    for (const limit of isSearch ? [burst, day, searches] : [burst, day]) limit.count(now);
    const answer = enter();
    return { ...answer, headers: { ...answer.headers, ...headers() } };
  };
}

function unauthorised(call: Call, token: string): Answer | null {
  const { authorization } = call.headers;
  if (!authorization?.startsWith('Bearer ')) {
    const message = 'Authentication credentials not found. This API supports OAuth 2.0 authentication.';
    return failure(401, 'INVALID_AUTHENTICATION', message);
  }
  if (authorization !== `Bearer ${token}`) {
    return failure(401, 'INVALID_AUTHENTICATION', 'The access token is unknown or has been revoked.');
  }
  const [, , , , type = ''] = call.path.split('/');
  if (call.path.startsWith('/crm/objects/') && forbidden.has(type)) {
    const scope = `crm.objects.${type}.${call.method === 'GET' || /\/(read|search)$/.test(call.path) ? 'read' : 'write'}`;
    const message = 'This app hasn’t been granted all required scopes to make this call.';
    return failure(403, 'MISSING_SCOPES', message, { context: { requiredGranularScopes: [scope] } });
  }
  return null;
}

/** The practice key has the scopes for companies only. */
const forbidden = new Set([
  'contacts',
  'deals',
  'products',
  'line_items',
  'quotes',
  'invoices',
  'orders',
  'tickets',
]);

const rateHeaders = (left: number, leftToday: number): Record<string, string> => ({
  'x-hubspot-ratelimit-max': '100',
  'x-hubspot-ratelimit-remaining': String(left),
  'x-hubspot-ratelimit-interval-milliseconds': String(tenSecondsMs),
  'x-hubspot-ratelimit-daily': '250000',
  'x-hubspot-ratelimit-daily-remaining': String(leftToday),
});

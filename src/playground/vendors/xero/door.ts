import type { Clock } from '../../../clock.ts';
import type { Answer, Call } from '../exchange.ts';
import { type Limit, rollingLimit } from '../limits.ts';
import { limited, unauthorised } from './errors.ts';
import { type Connections, mainOrganisation, type Organisation } from './organisations.ts';
import { type Area, scopesFor } from './scopes.ts';
import type { Bearer, Tokens } from './token.ts';

export interface XeroLimits {
  /** Calls in any minute and any 24 hours, for each organisation. */
  readonly minute: number;
  readonly day: number;
  /** Calls in any minute of the whole app. */
  readonly appMinute: number;
}

/** Of every paid tier; Starter has 1,000 a day. */
const usualLimits: XeroLimits = { minute: 60, day: 5000, appMinute: 10_000 };
const concurrentMost = 5;

interface Parts {
  readonly tokens: Tokens;
  readonly connections: Connections;
  readonly organisations: readonly Organisation[];
  readonly clock: Clock;
  readonly limits: Partial<XeroLimits> | undefined;
}

interface Visit {
  readonly call: Call;
  /** What the call is about. */
  readonly areas: readonly Area[];
  readonly atOnce: number;
  enter(organisation: Organisation, clientId: string): Answer;
}

export type Door = (visit: Visit) => Answer;

/**
 * Who may come in, and how often: 60 calls in any minute, 5,000 in any day, 5 at once per organisation; 10,000 a minute per app.
 * Every answer tells what is left. Source: Xero's page on rate limits.
 */
export function createDoor({ tokens, connections, organisations, clock, limits }: Parts): Door {
  const most = { ...usualLimits, ...limits };
  const app = rollingLimit(most.appMinute, 60_000);
  const each = new Map(
    organisations.map(({ id }) => [
      id,
      { minute: rollingLimit(most.minute, 60_000), day: rollingLimit(most.day, 86_400_000) },
    ]),
  );

  return ({ call, areas, atOnce, enter }) => {
    const bearer = tokens.bearer(call);
    if ('status' in bearer) return bearer;
    if (!scopesFor(areas, call.method).some((scope) => bearer.scopes.includes(scope))) {
      const why = { 'www-authenticate': 'insufficient_scope' };
      const refused = unauthorised(401, 'AuthorizationUnsuccessful');
      return { ...refused, headers: { ...refused.headers, ...why } };
    }
    const organisation = organisationOf(call, bearer);
    const own = organisation && each.get(organisation.id);
    if (!organisation || !own) return unauthorised(403, 'AuthenticationUnsuccessful');
    const now = clock.now();
    const limit = { ...own, app };
    const answer =
      over(limit, atOnce, now) ?? counted(limit, now, () => enter(organisation, bearer.app.clientId));
    const left = {
      'x-daylimit-remaining': String(own.day.left(now)),
      'x-minlimit-remaining': String(own.minute.left(now)),
      'x-appminlimit-remaining': String(app.left(now)),
    };
    return { ...answer, headers: { ...answer.headers, ...left } };
  };

  /** A Custom Connection knows its one organisation; any other app must name one that lets it in. */
  function organisationOf(call: Call, { app: who }: Bearer): Organisation | undefined {
    const own = who.kind === 'custom_connection' ? mainOrganisation.id : undefined;
    const named = call.headers['xero-tenant-id']?.toLowerCase() ?? own;
    if (named === undefined || (own !== undefined && named !== own)) return undefined;
    if (!connections.isConnected(who, named)) return undefined;
    return organisations.find(({ id }) => id === named);
  }
}

type Limits = { readonly minute: Limit; readonly day: Limit; readonly app: Limit };

function over({ minute, day, app }: Limits, atOnce: number, now: Date): Answer | null {
  const seconds = (limit: Limit) => Math.max(1, Math.ceil(limit.opensIn(now) / 1000));
  if (atOnce > concurrentMost) return limited('concurrent', null);
  if (minute.left(now) < 1) return limited('minute', seconds(minute));
  if (day.left(now) < 1) return limited('day', seconds(day));
  if (app.left(now) < 1) return limited('appminute', seconds(app));
  return null;
}

function counted(limits: Limits, now: Date, enter: () => Answer): Answer {
  for (const limit of Object.values(limits)) limit.count(now);
  return enter();
}

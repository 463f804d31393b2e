import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import { speaksFor } from '../agreement/deputies.ts';
import { needsOf } from '../alerts/connection-needs.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connectors/connection.ts';
import { VendorError } from '../connectors/connector.ts';
import type { OAuth } from '../connectors/oauth.ts';
import type { TokenSet, TokenStore } from '../connectors/tokens.ts';
import type { Checked } from '../jobs/check-connections.ts';
import type { WakeUp } from '../jobs/wake.ts';
import { hasLinks } from '../ledger/connections/checks.ts';
import {
  challengeOf,
  type SignIn,
  signInBehind,
  signInMs,
  stateOf,
  takeSignIn,
} from '../ledger/connections/sign-ins.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Db } from '../ledger/db.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { drawPage, type PageWords, pageHeaders } from './pages.ts';
import * as words from './sign-in-words.ts';

export interface SignInDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly agreement: () => ActiveAgreement;
  readonly wake: WakeUp;
  /** Where browsers reach this Truce, without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKeys: readonly Uint8Array[];
  readonly tokens: TokenStore;
  /** Asks a connection's account about itself. */
  readonly check: (connection: string) => Promise<Checked>;
}

/** The one address to which every vendor sends people back; it is what their developer pages call the redirect URI. */
export const redirectUriOf = (publicUrl: string): string => `${publicUrl}/oauth/callback`;

/** The link that one person is shown in Slack. */
export const startUrlOf = (publicUrl: string, ticket: string): string => `${publicUrl}/oauth/start/${ticket}`;

/**
 * Signing a connection in: `/oauth/start/<ticket>` is opened from Slack and leads to the vendor's page, `/oauth/callback` is where
 * the vendor sends people back. Between the two the browser keeps the ticket in a cookie: without it nobody can end what
 * somebody else began, whatever address they were sent.
 */
export function createSignInRoutes(deps: SignInDeps): Hono {
  const routes = new Hono();
  routes.get('/start/:ticket', (c) => start(deps, c, c.req.param('ticket')));
  routes.get('/callback', (c) => comeBack(deps, c));
  routes.all('*', (c) => show(c, 404, words.noSignInWords('unknown', deps.agreement().command)));
  routes.onError((error, c) => {
    deps.log.error({ err: error }, 'A sign-in could not go on.');
    return show(c, 500, words.stumbledWords(deps.agreement().command));
  });
  return routes;
}

async function start(deps: SignInDeps, c: Context, ticket: string): Promise<Response> {
  const { command } = deps.agreement();
  const state = stateOf(ticket);
  const found = await signInBehind(deps.db, deps.secretKeys, { state, now: deps.clock.now() });
  if (typeof found === 'string') return show(c, goneStatus(found), words.noSignInWords(found, command));
  const way = wayOf(deps, found);
  if (!way) return show(c, 404, words.noSignInWords('unknown', command));
  setCookie(c, cookieOf(state), ticket, {
    ...cookieTerms(deps.publicUrl),
    maxAge: signInMs / 1000,
  });
  try {
    const url = way.oauth.authoriseUrl({
      redirectUri: redirectUriOf(deps.publicUrl),
      state,
      challenge: challengeOf(found.verifier),
    });
    return c.body(null, 302, { ...pageHeaders, location: url });
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return show(c, 500, words.failedWords(way, error.message, command));
  }
}

async function comeBack(deps: SignInDeps, c: Context): Promise<Response> {
  const { command } = deps.agreement();
  const state = c.req.query('state') ?? '';
  const ticket = getCookie(c, cookieOf(state));
  const now = deps.clock.now();
  const isSameBrowser = ticket !== undefined && stateOf(ticket) === state;
  const found = await (isSameBrowser ? takeSignIn : signInBehind)(deps.db, deps.secretKeys, { state, now });
  if (typeof found === 'string') return show(c, goneStatus(found), words.noSignInWords(found, command));
  if (!isSameBrowser) return show(c, 400, words.noSignInWords('elsewhere', command));
  deleteCookie(c, cookieOf(state), cookieTerms(deps.publicUrl));
  const way = wayOf(deps, found);
  if (!way) return show(c, 404, words.noSignInWords('unknown', command));
  const refusal = c.req.query('error');
  if (refusal !== undefined) {
    // The vendor's code is a word of the standard's list, or it is nothing that belongs into a log.
    const reason = /^[a-z_]{1,60}$/.test(refusal) ? refusal : 'unknown';
    deps.log.warn({ connection: way.id, reason }, `${way.label} was not connected: ${reason}.`);
    return show(c, 400, words.declinedWords(way, reason === 'access_denied', command));
  }
  const code = c.req.query('code');
  if (!code) return show(c, 400, words.incompleteWords(way, command));
  if (!mayStill(deps, found)) return show(c, 403, words.notYoursWords(way.label));
  return finish(deps, c, { way, signIn: found, code });
}

async function finish(
  deps: SignInDeps,
  c: Context,
  { way, signIn, code }: { way: Way; signIn: SignIn; code: string },
): Promise<Response> {
  const { log } = deps;
  const { command } = deps.agreement();
  const { id, label } = way;
  try {
    const correlationId = await nextCorrelationId(deps.db);
    const call = { runId: null, correlationId, changeIds: [], forPerson: true };
    const redirectUri = redirectUriOf(deps.publicUrl);
    const tokens = await way.oauth.exchange({ code, verifier: signIn.verifier, redirectUri }, call);
    const before = await otherAccount(deps, id, tokens);
    if (before) {
      log.warn({ connection: id }, `${label} was not connected: the sign-in was for another account.`);
      return show(c, 409, words.otherAccountWords(way, { before, now: nameOf(tokens) }, command));
    }
    await deps.tokens.connect(id, tokens, signIn.by);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    log.warn({ connection: id }, `${label} was not connected: ${error.message}.`);
    return show(c, 502, words.failedWords(way, error.message, command));
  }
  log.info({ event: 'connected', connection: id, by: signIn.by }, `${label} was connected.`);
  return show(c, 200, words.connectedWords(await follow(deps, way, signIn), command));
}

/** The account that this connection's records belong to, where the fresh sign-in is for another; null where all is well or unknown. */
async function otherAccount(
  { db, tokens }: SignInDeps,
  connection: string,
  fresh: TokenSet,
): Promise<string | null> {
  // What no key of ours opens cannot be compared.
  const before = await tokens.read(connection).catch((error: unknown) => {
    if (error instanceof VendorError) return null;
    throw error;
  });
  if (!before || idsOf(before) === idsOf(fresh)) return null;
  return (await hasLinks(db, connection)) ? nameOf(before) : null;
}

const idsOf = ({ account }: Pick<TokenSet, 'account'>): string =>
  Object.entries(account)
    .flatMap(([name, value]) => (name.endsWith('_id') ? [value] : []))
    .join();
const nameOf = ({ account }: Pick<TokenSet, 'account'>): string =>
  Object.entries(account).find(([name]) => name.endsWith('_name'))?.[1] ?? idsOf({ account });

/** What follows once it is connected. It stays so whatever comes of this: the next run and the next look make up for it. */
async function follow(deps: SignInDeps, way: Way, signIn: SignIn): Promise<words.Connected> {
  const { label } = way;
  try {
    const { report, error } = await deps.check(way.id);
    const account = report?.account ?? null;
    await tellInSlack(deps, way, signIn, account);
    await wakeFlows(deps, way, signIn);
    const { timeZone } = deps.agreement();
    const needs = report ? needsOf(report, { now: deps.clock.now(), timeZone }).length : 0;
    return { label, account, needs, trouble: error };
  } catch (error) {
    deps.log.error(
      { err: error },
      `${label} was connected, but what follows did not come to its end; the next run goes on.`,
    );
    return { label, account: null, needs: 0, trouble: 'Truce itself stumbled over what follows' };
  }
}

/** A direct message to who connected it: the window in which they did may be closed by then. */
async function tellInSlack(
  deps: SignInDeps,
  way: Way,
  signIn: SignIn,
  account: string | null,
): Promise<void> {
  const [flow] = flowsOf(deps, way.id);
  if (!flow) return;
  const now = deps.clock.now();
  await announceNote(deps.db, {
    key: `connected:${way.id}:${now.toISOString()}`,
    subject: `flow:${flow.id}`,
    flow: flow.id,
    template: 'connected',
    params: { to: signIn.by, system: way.label, account, command: deps.agreement().command },
    rank: rank.other,
    now,
  });
}

/** What waited for the sign-in is caught up at once; a wake-up that is lost loses nothing, the next run does it. */
async function wakeFlows(deps: SignInDeps, way: Way, { by }: SignIn): Promise<void> {
  for (const flow of flowsOf(deps, way.id)) {
    await deps.wake({ flow: flow.id, trigger: 'recovery', askedBy: by }).catch((error: unknown) => {
      deps.log.warn({ flow: flow.id, err: error }, `${flow.name} could not be woken; its next run goes on.`);
    });
  }
}

const flowsOf = ({ agreement }: SignInDeps, connection: string) =>
  Object.values(agreement().flows).filter((flow) => flow.connections.includes(connection));

/** Ten minutes are long enough for an agreement to change. */
const mayStill = (deps: SignInDeps, { connection, by }: SignIn): boolean =>
  flowsOf(deps, connection).some((flow) => speaksFor(by, flow.owners.technical));

interface Way {
  readonly id: string;
  readonly label: string;
  readonly oauth: OAuth;
}

function wayOf({ connections }: SignInDeps, { connection: id }: SignIn): Way | null {
  const connection = connections.get(id);
  return connection?.oauth ? { id, label: connection.label, oauth: connection.oauth } : null;
}

/** Several connections may be signed in at the same time: each has a cookie of its own. */
const cookieOf = (state: string): string => `truce-sign-in-${state.replace(/[^\w-]/g, '').slice(0, 12)}`;

function cookieTerms(publicUrl: string) {
  const { protocol, pathname } = new URL(redirectUriOf(publicUrl));
  // Lax: the vendor sends the person back by a link, and then the cookie has to come along.
  return { path: pathname, httpOnly: true, sameSite: 'Lax', secure: protocol === 'https:' } as const;
}

const goneStatus = (why: 'unknown' | 'used' | 'expired') => (why === 'unknown' ? 404 : 410);

const show = (c: Context, status: 200 | 400 | 403 | 404 | 409 | 410 | 500 | 502, page: PageWords): Response =>
  c.body(drawPage(page), status, { ...pageHeaders });

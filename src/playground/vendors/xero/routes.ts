import { type Answer, type Call, empty } from '../exchange.ts';
import { answerAllocations, answerBooks, isBookKind, listAccounts } from './books/routes.ts';
import type { Books } from './books/state.ts';
import type { Consents } from './consents.ts';
import { answerContacts } from './contacts.ts';
import type { Door } from './door.ts';
import { notFound } from './errors.ts';
import type { Idempotency } from './idempotency.ts';
import { type Connections, type Organisation, organisationBody } from './organisations.ts';
import { taxRateBodies } from './tax-rates.ts';
import type { Tokens } from './token.ts';
import { wrapped } from './wire.ts';

export interface Rooms {
  readonly tokens: Tokens;
  readonly consents: Consents;
  readonly connections: Connections;
  readonly door: Door;
  readonly once: Idempotency;
  /** By organisation. */
  readonly books: ReadonlyMap<string, Books>;
  now(): Date;
}

export const paths = {
  authorise: '/identity/connect/authorize',
  token: '/connect/token',
  revocation: '/connect/revocation',
  connections: '/connections',
  api: '/api.xro/2.0',
} as const;

/** Whichever part of Xero a call is for: login and identity stand at one address here, as the API does. */
export function answerCall(call: Call, atOnce: number, rooms: Rooms): Answer {
  const { tokens, consents, connections } = rooms;
  if (call.path === paths.authorise) return consents.page(call);
  if (call.path === paths.token) return tokens.issue(call);
  if (call.path === paths.revocation) return tokens.revoke(call);
  if (call.path === paths.connections || call.path.startsWith(`${paths.connections}/`)) {
    const bearer = tokens.bearer(call);
    return 'status' in bearer ? bearer : connections.answer(call, bearer.app);
  }
  return answerApi(call, atOnce, rooms);
}

function answerApi(call: Call, atOnce: number, { door, once, books, now }: Rooms): Answer {
  if (!call.path.startsWith(`${paths.api}/`)) return notFound();
  const [resource = '', id = '', ...more] = call.path.slice(paths.api.length + 1).split('/');
  const areas = Object.hasOwn(areasOf, resource) ? areasOf[resource as keyof typeof areasOf] : null;
  if (areas === null) return notFound();
  const one = id === '' ? null : decodeURIComponent(id);
  const [part, ...tooMuch] = more;
  if (tooMuch.length > 1 || (part !== undefined && (resource !== 'CreditNotes' || part !== 'Allocations'))) {
    return notFound();
  }
  return door({
    call,
    areas,
    atOnce,
    enter: (organisation, clientId) => {
      const own = books.get(organisation.id);
      if (!own) return notFound();
      const room = { books: own, once, now: now(), clientId };
      if (resource === 'Contacts') return answerContacts(call, one, { ...room, contacts: own.contacts });
      if (part !== undefined) return answerAllocations(call, one ?? '', tooMuch[0] ?? null, room);
      if (isBookKind(resource)) return answerBooks(call, resource, one, room);
      if (one !== null) return notFound();
      return readOnly(call, () => answerSettings(call, resource, { organisation, ...room }));
    },
  });
}

/** What a call may be about, by the first part of its path. */
const areasOf = {
  Contacts: ['contacts'],
  Organisation: ['settings'],
  TaxRates: ['settings'],
  Accounts: ['settings'],
  Items: ['settings', 'invoices'],
  Invoices: ['invoices'],
  CreditNotes: ['invoices'],
  Payments: ['payments'],
} as const;

function answerSettings(
  call: Call,
  resource: string,
  {
    organisation,
    books,
    now,
  }: { readonly organisation: Organisation; readonly books: Books; readonly now: Date },
): Answer {
  if (resource === 'Accounts') return listAccounts(call, now);
  if (resource === 'TaxRates') return wrapped(call, now, { TaxRates: taxRateBodies() });
  return wrapped(call, now, { Organisations: [organisationBody(organisation, books.locks())] });
}

const readOnly = (call: Call, answer: () => Answer): Answer =>
  call.method === 'GET' ? answer() : empty(405);

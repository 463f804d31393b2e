import { type Answer, type Call, empty } from '../exchange.ts';
import type { Consents } from './consents.ts';
import type { Door } from './door.ts';
import { notFound } from './errors.ts';
import type { Idempotency } from './idempotency.ts';
import { type Connections, organisationBody } from './organisations.ts';
import { listContacts, readContact } from './read.ts';
import type { Contacts } from './state.ts';
import { taxRateBodies } from './tax-rates.ts';
import type { Tokens } from './token.ts';
import { wrapped } from './wire.ts';
import { writeContacts } from './write.ts';

export interface Rooms {
  readonly tokens: Tokens;
  readonly consents: Consents;
  readonly connections: Connections;
  readonly door: Door;
  readonly once: Idempotency;
  /** By organisation. */
  readonly contacts: ReadonlyMap<string, Contacts>;
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

function answerApi(call: Call, atOnce: number, { door, once, contacts, now }: Rooms): Answer {
  if (!call.path.startsWith(`${paths.api}/`)) return notFound();
  const [resource = '', id = '', ...more] = call.path.slice(paths.api.length + 1).split('/');
  if (more.length > 0) return notFound();
  if (resource === 'Organisation' && id === '') {
    return door({
      call,
      area: 'settings',
      atOnce,
      enter: (organisation) =>
        readOnly(call, () => wrapped(call, now(), { Organisations: [organisationBody(organisation)] })),
    });
  }
  if (resource === 'TaxRates' && id === '') {
    return door({
      call,
      area: 'settings',
      atOnce,
      enter: () => readOnly(call, () => wrapped(call, now(), { TaxRates: taxRateBodies() })),
    });
  }
  if (resource !== 'Contacts') return notFound();
  const one = id === '' ? null : decodeURIComponent(id);
  return door({
    call,
    area: 'contacts',
    atOnce,
    enter: ({ id: organisation }) => {
      const own = contacts.get(organisation);
      return own ? answerContacts(call, one, { contacts: own, once, now: now() }) : notFound();
    },
  });
}

const readOnly = (call: Call, answer: () => Answer): Answer =>
  call.method === 'GET' ? answer() : empty(405);

function answerContacts(
  call: Call,
  one: string | null,
  { contacts, once, now }: { readonly contacts: Contacts; readonly once: Idempotency; readonly now: Date },
): Answer {
  if (call.method === 'GET') {
    return one === null ? listContacts(call, contacts, now) : readContact(call, one, contacts, now);
  }
  if (call.method !== 'POST' && (call.method !== 'PUT' || one !== null)) return empty(405);
  return once(call, () => writeContacts(call, one, contacts, now));
}

import type { Answer, Call } from '../exchange.ts';
import { exception, notFound } from './errors.ts';
import type { Contact, Contacts } from './state.ts';
import { contactBody, wrapped } from './wire.ts';

/** The only format that counts: UTC without a zone. Any other is taken for no condition at all, without a word. */
const xeroTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/;

const flag = (call: Call, name: string) => call.query.get(name)?.toLowerCase() === 'true';

/**
 * `GET /Contacts`. Payment terms and contact persons come only with `page`; archived contacts only when asked for, or by id.
 * Source: Xero's OpenAPI description 16.1.0, issues of the SDKs on If-Modified-Since.
 */
export function listContacts(call: Call, contacts: Contacts, now: Date): Answer {
  const { query } = call;
  if (query.get('where')) {
    return exception(call, { number: 16, message: 'This practice Xero does not take “where”.' });
  }
  const order = readOrder(query.get('order') ?? 'Name ASC');
  if (!order) return exception(call, { number: 16, message: `Cannot order by ${query.get('order')}` });
  const found = contacts.all().filter(filterOf(call)).sort(order);
  if (!query.has('page')) {
    return wrapped(call, now, { Contacts: found.map((contact) => contactBody(contact, false)) });
  }
  const page = Math.max(1, Math.trunc(Number(query.get('page'))) || 1);
  const pageSize = Math.min(1000, Math.max(1, Math.trunc(Number(query.get('pageSize') ?? 100)) || 100));
  const some = found.slice((page - 1) * pageSize, page * pageSize);
  const whole = !flag(call, 'summaryOnly');
  return wrapped(call, now, {
    pagination: { page, pageSize, pageCount: Math.ceil(found.length / pageSize), itemCount: found.length },
    Contacts: some.map((contact) => contactBody(contact, whole)),
  });
}

function filterOf(call: Call): (contact: Contact) => boolean {
  const { query, headers } = call;
  const since = xeroTime.test(headers['if-modified-since'] ?? '')
    ? Date.parse(`${headers['if-modified-since']?.slice(0, 19)}Z`)
    : Number.NEGATIVE_INFINITY;
  const ids = query.get('IDs')?.toLowerCase().split(',') ?? null;
  const term = query.get('searchTerm')?.toLowerCase() ?? '';
  const archivedToo = flag(call, 'includeArchived');
  return ({ ContactID, ContactStatus, texts, updatedAt }) =>
    (ContactStatus === 'ACTIVE' || archivedToo) &&
    Date.parse(updatedAt) >= since &&
    (ids === null || ids.includes(ContactID)) &&
    Object.values(texts).some((text) => text.toLowerCase().includes(term));
}

type Order = (a: Contact, b: Contact) => number;

function readOrder(order: string): Order | null {
  const [key = '', direction = 'ASC'] = order.trim().split(/\s+/);
  const keys: Readonly<Record<string, (contact: Contact) => string>> = {
    ContactID: ({ ContactID }) => ContactID,
    UpdatedDateUTC: ({ updatedAt }) => updatedAt,
    Name: ({ texts }) => (texts.Name ?? '').toLowerCase(),
    EmailAddress: ({ texts }) => texts.EmailAddress ?? '',
  };
  const of = keys[key];
  if (!of) return null;
  const sign = direction.toUpperCase().startsWith('DESC') ? -1 : 1;
  return (a, b) => (of(a) < of(b) ? -sign : of(a) > of(b) ? sign : 0);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `GET /Contacts/{ContactID or ContactNumber}`: what looks like an id is taken for one, and for nothing else. */
export function readContact(call: Call, id: string, contacts: Contacts, now: Date): Answer {
  const contact = uuid.test(id) ? contacts.get(id) : contacts.byNumber(id);
  return contact ? wrapped(call, now, { Contacts: [contactBody(contact, true)] }) : notFound();
}

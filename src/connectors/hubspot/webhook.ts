import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import type { Hinted, WebhookRequest, WebhookVerdict } from '../connection.ts';
import {
  badSignature,
  header,
  hints,
  parseBody,
  sameSecret,
  secretOrNull,
  unreadable,
} from '../signatures.ts';
import { webhookEvents } from './schema.ts';

/** Older than this, a request is taken for a replay. HubSpot's own figure. */
const freshMs = 300_000;

/** A hint that names a part of a record, by what kind of part it is. */
const partHint = (part: string) => ({
  write: (id: string): string => `${part}:${id}`,
  /** The part's id, or null where the hint is the record's own. */
  read: (hint: string): string | null => (hint.startsWith(`${part}:`) ? hint.slice(part.length + 1) : null),
});

/** A contact among hints that are companies. */
export const contactHint = partHint('contact');
/** A line among hints that are deals. */
export const lineHint = partHint('line_item');

/**
 * Checks signature v3 (base64 of HMAC-SHA256 over method, URL, body and time stamp, keyed with the app's client secret) and
 * names the records that the events are about: companies, and their contacts where billing contacts count; products, for what they
 * are and for their stock; deals, for their invoices and payments, and the lines of deals. Events about other objects are no hints.
 */
export function readHubSpotWebhook(
  request: WebhookRequest,
  secret: () => string,
  contactsCount = false,
): WebhookVerdict {
  const key = secretOrNull(secret);
  if (key === null) return badSignature('this connection has no webhook secret');
  const signature = header(request, 'x-hubspot-signature-v3');
  const stamp = header(request, 'x-hubspot-request-timestamp');
  if (!signature || !stamp) return badSignature('the signature or its time stamp is missing');
  if (!/^\d+$/.test(stamp) || Math.abs(request.receivedAt.getTime() - Number(stamp)) > freshMs) {
    return badSignature('the time stamp is more than five minutes off');
  }
  const source = request.method.toUpperCase() + decodeSome(request.url) + request.body + stamp;
  const expected = createHmac('sha256', key).update(source, 'utf8').digest('base64');
  if (!sameSecret(signature, expected)) return badSignature('the signature does not fit');
  const events = parseBody(request.body, webhookEvents);
  if (!events) return unreadable('the body is not a list of HubSpot events');
  return hints(
    events.flatMap((event) => idsIn(event).flatMap((id) => hintsOf(typeOf(event), id, contactsCount))),
  );
}

function hintsOf(type: Hinting | null, id: string, contactsCount: boolean): Hinted[] {
  const about = (entity: string, externalId = id): Hinted => ({ entity, externalId });
  switch (type) {
    case 'company':
      return [about('customer')];
    case 'contact':
      return contactsCount ? [about('customer', contactHint.write(id))] : [];
    case 'product':
      return [about('product'), about('stock_level')];
    case 'deal':
      return [about('invoice'), about('payment')];
    case 'line_item':
      return [about('invoice', lineHint.write(id))];
    case null:
      return [];
  }
}

type Event = z.infer<typeof webhookEvents>[number];

/** Of an association's two ends, the first is the one whose event it is; the other end has an event of its own. */
const idsIn = (event: Event): string[] =>
  [
    event.objectId,
    event.primaryObjectId,
    event.newObjectId,
    ...(event.mergedObjectIds ?? []),
    event.fromObjectId,
  ].filter((id) => typeof id === 'string');

const typeIds = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-7': 'product',
  '0-8': 'line_item',
} as const;
type Hinting = (typeof typeIds)[keyof typeof typeIds];

function typeOf({ subscriptionType, objectTypeId }: Event): Hinting | null {
  const [kind] = subscriptionType.split('.');
  const named = kind === 'object' ? objectTypeId : kind;
  return Object.entries(typeIds).find((known) => known.some((name) => name === named))?.[1] ?? null;
}

/** HubSpot signs the URL with these characters decoded and the others as they are. */
function decodeSome(url: string): string {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (coded) => decodeURIComponent(coded));
}

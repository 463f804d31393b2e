import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import type { WebhookRequest, WebhookVerdict } from '../connector.ts';
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

/** A contact among hints that are companies. */
export const contactHint = {
  write: (id: string): string => `contact:${id}`,
  /** The contact's id, or null where the hint is a company's. */
  read: (hint: string): string | null => /^contact:(.+)$/.exec(hint)?.[1] ?? null,
};

/**
 * Checks signature v3 (base64 of HMAC-SHA256 over method, URL, body and time stamp, keyed with the app's client secret) and
 * names the companies that the events are about, and, where billing contacts count, the contacts. Events about other objects
 * are no hints.
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
    events.flatMap((event) => {
      const type = typeOf(event);
      const ids = type === 'contact' && contactsCount ? idsIn(event).map(contactHint.write) : [];
      return (type === 'company' ? idsIn(event) : ids).map((externalId) => ({ entity: 'customer', externalId }));
    }),
  );
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

function typeOf({ subscriptionType, objectTypeId }: Event): 'company' | 'contact' | null {
  const [kind] = subscriptionType.split('.');
  const named = kind === 'object' ? objectTypeId : kind;
  if (named === 'company' || named === '0-2') return 'company';
  return named === 'contact' || named === '0-1' ? 'contact' : null;
}

/** HubSpot signs the URL with these characters decoded and the others as they are. */
function decodeSome(url: string): string {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (coded) => decodeURIComponent(coded));
}

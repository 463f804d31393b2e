import { createHmac } from 'node:crypto';
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
import { creditNoteHint } from './payments/read.ts';
import { webhookBody, type XeroEvent } from './schema.ts';

/**
 * Checks `x-xero-signature` (base64 of HMAC-SHA256 over the raw body) and names the records of the events. Xero's test of
 * the address sends no events and some wrong signatures on purpose: those must get their 401.
 */
export function readXeroWebhook(request: WebhookRequest, key: () => string): WebhookVerdict {
  const secret = secretOrNull(key);
  if (secret === null) return badSignature('this connection has no webhook key');
  const signature = header(request, 'x-xero-signature');
  if (!signature) return badSignature('the signature is missing');
  const expected = createHmac('sha256', secret).update(request.body, 'utf8').digest('base64');
  const body = parseBody(request.body, webhookBody);
  if (!sameSecret(signature, expected)) {
    return badSignature('the signature does not fit', body?.events.length === 0);
  }
  if (!body) return unreadable('the body is not a list of Xero events');
  return hints(body.events.flatMap(hintsOf));
}

/** An invoice is also what was paid of it. A credit note names no invoice: which ones it was set off against is looked up. */
function hintsOf({ eventCategory, resourceId: id }: XeroEvent): Hinted[] {
  switch (eventCategory) {
    case 'CONTACT':
      return [{ entity: 'customer', externalId: id }];
    case 'INVOICE':
      return [
        { entity: 'invoice', externalId: id },
        { entity: 'payment', externalId: id },
      ];
    case 'CREDITNOTE':
      return [{ entity: 'payment', externalId: creditNoteHint + id }];
    default:
      return [];
  }
}

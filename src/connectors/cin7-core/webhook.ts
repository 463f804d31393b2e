import type { WebhookRequest, WebhookVerdict } from '../connection.ts';
import {
  badSignature,
  header,
  hints,
  parseBody,
  sameSecret,
  secretOrNull,
  unreadable,
} from '../signatures.ts';
import { webhookBody } from './schema.ts';

/** Cin7 Core signs nothing: a bearer token of ours, given to it when the webhook was made, is all there is. */
export function readCin7CoreWebhook(request: WebhookRequest, secret: () => string): WebhookVerdict {
  const token = secretOrNull(secret);
  if (token === null) return badSignature('this connection has no webhook secret');
  const given = header(request, 'authorization');
  if (!given) return badSignature('the bearer token is missing');
  if (!sameSecret(given, `Bearer ${token}`)) return badSignature('the bearer token does not fit');
  const events = parseBody(request.body, webhookBody);
  if (!events) return unreadable('the body is no Cin7 Core event');
  const named = header(request, 'event-type');
  return hints(
    events.flatMap((event) => {
      const [about = ''] = (event.EventType ?? named ?? '').toLowerCase().split('/');
      // Payloads have ids in capitals, the API in small letters.
      const externalId = (
        (about === 'customer' ? event.CustomerID : event.ProductID) ?? event.ID
      )?.toLowerCase();
      return (hinted[about] ?? []).map((entity) => ({ entity, externalId }));
    }),
  );
}

/** What may have changed, by what an event is about. A row of stock has its product's id. */
const hinted: Readonly<Record<string, readonly string[]>> = {
  customer: ['customer'],
  product: ['product', 'stock_level'],
  stock: ['stock_level'],
};

import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { type Courier, type Delivery, openCourier, timetables } from '../courier.ts';
import type { Change } from './news.ts';

/** A change that Xero tells of, and of which organisation's. */
export type Event = Change & { readonly category: keyof typeof lists; readonly tenantId: string };

/** The last part of the address of what a category is about. */
const lists = { CONTACT: 'Contacts', INVOICE: 'Invoices', CREDITNOTE: 'CreditNotes' } as const;

export const isTold = (change: Change): change is Change & Pick<Event, 'category'> =>
  change.category !== null;

interface Sender {
  readonly key: string;
  readonly clock: Clock;
  /** `http://127.0.0.1:1234/api.xro/2.0` */
  apiUrl(): string;
}

/**
 * Events of contacts, invoices and credit notes, signed over the raw body. A new target must first show that it tells a right signature (200)
 * from a wrong one (401): Xero's "intent to receive". Source: Xero's webhooks description and guide.
 */
export function openXeroWebhooks({ key, clock, apiUrl }: Sender): Courier<Event> {
  let sequence = 0;
  const packed = new WeakMap<readonly Event[], Delivery>();
  const delivery = (events: readonly object[], first: number, last: number, signingKey: string): Delivery => {
    const entropy = randomBytes(10).toString('hex').toUpperCase();
    const body = JSON.stringify({ events, firstEventSequence: first, lastEventSequence: last, entropy });
    const signature = createHmac('sha256', signingKey).update(body).digest('base64');
    return { body, headers: { 'x-xero-signature': signature } };
  };
  return openCourier<Event>({
    most: 50,
    clock,
    timetable: timetables.xero,
    // After a day without success Xero switches the webhook off and writes an e-mail.
    givesUp: () => true,
    proves: async (post) => {
      const right = await post(delivery([], 0, 0, key));
      const wrong = await post(delivery([], 0, 0, `not ${key}`));
      return right === 200 && wrong === 401;
    },
    pack: (changes) => {
      // Sent again as it was, to the letter.
      const before = packed.get(changes);
      if (before) return before;
      const first = sequence + 1;
      sequence += changes.length;
      const events = changes.map(({ category, id, type, at, data, tenantId }) => ({
        resourceUrl: `${apiUrl()}/${lists[category]}/${id}`,
        resourceId: id,
        tenantId,
        tenantType: 'ORGANISATION',
        eventCategory: category,
        eventType: type,
        eventDateUtc: at.toISOString().slice(0, -1),
        ...(data ? { data } : {}),
      }));
      const made = delivery(events, first, sequence, key);
      packed.set(changes, made);
      return made;
    },
  });
}

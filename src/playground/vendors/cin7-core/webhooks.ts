import { type Courier, openCourier } from '../courier.ts';

export interface Event {
  readonly id: string;
  readonly name: string;
}

/** `Customer/Updated`, one post for each, unsigned: a bearer token is all there is. Source: the vendor's webhook fields. */
export function openCin7CoreWebhooks(secret: string): Courier<Event> {
  return openCourier<Event>({
    most: 1,
    pack: (events) => {
      const [event] = events;
      const body = JSON.stringify({ ID: event?.id, Name: event?.name, EventType: 'Customer/Updated' });
      return { body, headers: { authorization: `Bearer ${secret}`, 'event-type': 'Customer/Updated' } };
    },
  });
}

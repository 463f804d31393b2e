import { createHmac } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { type Courier, openCourier } from '../courier.ts';
import type { Change } from './state.ts';

const eventsMost = 100;

/**
 * One `company.propertyChange` for each changed property, signed with the app's secret (v3). Source: HubSpot's webhooks guide
 * and the SDK's signature.js, by way of the facts in the connector's readme.
 */
export function openHubSpotWebhooks(secret: string, clock: Clock): Courier<Change> {
  let eventId = 0;
  return openCourier<Change>({
    most: eventsMost,
    pack: (changes, attempt, url) => {
      const events = changes.map(({ id, name, value, at, source }) => ({
        eventId: ++eventId,
        subscriptionId: 3_100_000 + name.length,
        portalId: 44_000_001,
        appId: 1_160_452,
        occurredAt: at.getTime(),
        subscriptionType: 'company.propertyChange',
        attemptNumber: attempt,
        objectId: Number(id),
        propertyName: name,
        propertyValue: value,
        changeSource: source.sourceType,
        changeFlag: 'UPDATED',
        sourceId: source.sourceId,
        isSensitive: false,
      }));
      const body = JSON.stringify(events);
      const stamp = String(clock.now().getTime());
      const signature = createHmac('sha256', secret).update(`POST${url}${body}${stamp}`).digest('base64');
      return {
        body,
        headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp },
      };
    },
  });
}

import { createHmac } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { type Courier, openCourier, timetables } from '../courier.ts';
import { portal } from './bodies.ts';
import { about } from './object-types.ts';
import type { CrmEvent } from './state.ts';

const eventsMost = 100;

/**
 * Events of records, one for each changed property, signed with the app's secret (v3). Source: HubSpot's webhooks
 * guide and the SDK's signature.js, by way of the facts in the connector's readme.
 */
export function openHubSpotWebhooks(secret: string, clock: Clock): Courier<CrmEvent> {
  let lastId = 0;
  const ids = new WeakMap<CrmEvent, number>();
  /** The same at every attempt. */
  const idOf = (event: CrmEvent): number => {
    const id = ids.get(event) ?? ++lastId;
    ids.set(event, id);
    return id;
  };
  return openCourier<CrmEvent>({
    clock,
    timetable: timetables.hubspot,
    most: eventsMost,
    pack: (events, attempt, url) => {
      const body = JSON.stringify(
        events.map((event) => ({ eventId: idOf(event), attemptNumber: attempt, ...bodyOf(event) })),
      );
      const stamp = String(clock.now().getTime());
      const signature = createHmac('sha256', secret).update(`POST${url}${body}${stamp}`).digest('base64');
      return {
        body,
        headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp },
      };
    },
  });
}

function bodyOf(event: CrmEvent): Record<string, unknown> {
  const common = {
    subscriptionId: 3_100_000 + (event.kind === 'propertyChange' ? event.name.length : 0),
    portalId: portal.id,
    appId: 1_160_452,
    occurredAt: event.at.getTime(),
    subscriptionType: `${about[event.type].singular}.${event.kind}`,
    changeSource: event.source.sourceType,
    sourceId: event.source.sourceId,
  };
  switch (event.kind) {
    case 'propertyChange':
      return {
        ...common,
        objectId: Number(event.id),
        propertyName: event.name,
        propertyValue: event.value,
        changeFlag: 'UPDATED',
        isSensitive: false,
      };
    case 'merge':
      return {
        ...common,
        objectId: Number(event.id),
        primaryObjectId: Number(event.id),
        mergedObjectIds: [Number(event.mergedId)],
        newObjectId: Number(event.id),
        numberOfPropertiesMoved: event.moved,
      };
    case 'associationChange':
      return {
        ...common,
        associationType: `${about[event.type].singular}_TO_${about[event.toType].singular}`.toUpperCase(),
        fromObjectId: Number(event.id),
        toObjectId: Number(event.toId),
        associationRemoved: event.removed,
        isPrimaryAssociation: false,
      };
    default:
      return { ...common, objectId: Number(event.id), changeFlag: changeFlags[event.kind] };
  }
}

const changeFlags = { creation: 'NEW', deletion: 'DELETED', restore: 'RESTORED' } as const;

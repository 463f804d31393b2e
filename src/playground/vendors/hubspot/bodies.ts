import { about, type ObjectType } from './object-types.ts';
import type { Properties } from './properties.ts';
import type { Property } from './property.ts';
import { type CrmRecord, modifiedAt, propertyOf } from './state.ts';

/** The account's own number, and the host of its screens. */
export const portal = { id: 44_000_001, domain: 'app-ap1.hubspot.com' } as const;

export interface BodyOptions {
  readonly type: ObjectType;
  readonly properties: Properties;
  /** Left out: what HubSpot sends unasked. */
  readonly names?: readonly string[] | undefined;
  readonly historyOf?: readonly string[] | undefined;
  /** As it was then. */
  readonly at?: Date;
}

/** A record as the API sends it. Names that are no properties are left out without a word, as HubSpot does. */
export function recordBody(record: CrmRecord, options: BodyOptions): Record<string, unknown> {
  const { type, properties, at } = options;
  const known = (name: string) => properties.find(type, name) !== undefined;
  const asked = [...new Set(options.names ?? about[type].defaults)].filter(known);
  const body = {
    id: record.id,
    properties: Object.fromEntries(asked.map((name) => [name, propertyOf(type, record, name, at)])),
    createdAt: record.createdAt,
    updatedAt: modifiedAt(record, at),
    archived: record.archived,
    ...(record.archivedAt ? { archivedAt: record.archivedAt } : {}),
    url: `https://${portal.domain}/contacts/${portal.id}/record/${about[type].typeId}/${record.id}`,
  };
  if (!options.historyOf) return body;
  const histories = options.historyOf.filter(known).map((name) => [name, record.history[name] ?? []]);
  return { ...body, propertiesWithHistory: Object.fromEntries(histories) };
}

/** A property in the answers of `/crm/properties/2026-09/…`. */
export function propertyBody(property: Property): Record<string, unknown> {
  const { name, label, type, fieldType, groupName } = property;
  const options = (property.options ?? []).map((option, displayOrder) => ({
    ...option,
    displayOrder,
    hidden: false,
  }));
  return {
    name,
    label,
    type,
    fieldType,
    description: property.description ?? '',
    groupName,
    options,
    displayOrder: -1,
    hasUniqueValue: property.unique === true,
    hidden: false,
    calculated: false,
    externalOptions: false,
    formField: false,
    hubspotDefined: !property.custom,
    modificationMetadata: {
      archivable: property.custom === true,
      readOnlyDefinition: !property.custom,
      readOnlyOptions: false,
      readOnlyValue: property.readOnly === true,
    },
  };
}

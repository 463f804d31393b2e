import { z } from 'zod';

/** What HubSpot answers, no stricter than we need it. Source: HubSpot's API description of 2026-09 and its error pages. */

const id = z.union([z.string().min(1), z.number().transform(String)]);

export const searchAnswer = z.looseObject({
  total: z.number(),
  results: z.array(z.looseObject({ id })),
  paging: z.looseObject({ next: z.looseObject({ after: z.string() }).nullish() }).nullish(),
});

/** 200, 201 and 207 alike: in a 207 some of what was asked stands under `errors`. */
export const batchAnswer = z.looseObject({
  results: z.array(z.unknown()),
  errors: z.array(z.unknown()).nullish(),
});
export type BatchAnswer = z.infer<typeof batchAnswer>;

export const batchError = z.looseObject({
  category: z.string().nullish(),
  message: z.string().nullish(),
  id: id.nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
});
export type BatchError = z.infer<typeof batchError>;

const historyEntry = z.looseObject({
  timestamp: z.iso.datetime({ offset: true }),
  sourceType: z.string().nullish(),
  sourceId: z.string().nullish(),
  sourceLabel: z.string().nullish(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

/** A company, a contact, a product, a deal or a line of one. */
export const crmRecord = z.looseObject({
  id,
  properties: z.record(z.string(), z.string().nullable()),
  propertiesWithHistory: z.record(z.string(), z.array(historyEntry)).nullish(),
  createdAt: z.iso.datetime({ offset: true }).nullish().catch(null),
  updatedAt: z.iso.datetime({ offset: true }).nullish(),
  archived: z.boolean().nullish(),
  url: z.string().nullish(),
});
export type CrmRecord = z.infer<typeof crmRecord>;

/** What became of one input of a batch write. */
export const written = z.looseObject({
  id,
  objectWriteTraceId: z.string().nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  updatedAt: z.iso.datetime({ offset: true }).nullish().catch(null),
});

const associationKind = z.looseObject({
  category: z.string(),
  typeId: z.number(),
  label: z.string().nullish(),
});
export type AssociationKind = z.infer<typeof associationKind>;

export const associationLabels = z.looseObject({ results: z.array(associationKind) });

const associated = z.looseObject({
  from: z.looseObject({ id }),
  to: z.array(z.looseObject({ toObjectId: id, associationTypes: z.array(associationKind) })),
  paging: z.looseObject({ next: z.looseObject({ after: id }).nullish() }).nullish(),
});

/** Also in a 207, in which those without any stand under `errors`. */
export const associationsAnswer = z.looseObject({
  results: z.array(associated),
  errors: z.array(z.unknown()).nullish(),
});

export const propertyList = z.looseObject({
  results: z.array(
    z.looseObject({ name: z.string(), type: z.string().nullish(), hasUniqueValue: z.boolean().nullish() }),
  ),
});

export const pipelineList = z.looseObject({
  results: z.array(z.looseObject({ stages: z.array(z.looseObject({ id, label: z.string().nullish() })) })),
});

export const accountDetails = z.looseObject({
  portalId: id,
  companyCurrency: z.string().nullish(),
  additionalCurrencies: z.array(z.string()).nullish(),
  accountType: z.string().nullish(),
  uiDomain: z.string().nullish(),
  timeZone: z.string().nullish(),
});

export const keyInfo = z.looseObject({ scopes: z.array(z.string()) });

/** For calls whose answer nobody needs. */
export const anything = z.looseObject({});

/** Every field of an error body is optional, by HubSpot's own word. */
export const errorBody = z.looseObject({
  message: z.string().nullish(),
  category: z.string().nullish(),
  policyName: z.string().nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.looseObject({
        message: z.string().nullish(),
        context: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});

export const webhookEvents = z.array(
  z.looseObject({
    subscriptionType: z.string(),
    objectTypeId: z.string().nullish(),
    objectId: id.nullish(),
    primaryObjectId: id.nullish(),
    mergedObjectIds: z.array(id).nullish(),
    newObjectId: id.nullish(),
    fromObjectId: id.nullish(),
    toObjectId: id.nullish(),
    associationType: z.string().nullish(),
  }),
);

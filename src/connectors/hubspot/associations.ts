import { inChunks } from '../batches.ts';
import type { CallContext } from '../connector.ts';
import { firstError, unreadIn } from './answers.ts';
import { type HubSpotClient, type ObjectType, version } from './client.ts';
import { type AssociationKind, associationLabels, associationsAnswer, batchAnswer } from './schema.ts';

/** The other end of an association, and all that it is called. */
export interface Associated {
  readonly id: string;
  readonly kinds: readonly AssociationKind[];
}

/** Ids whose associations one call reads. */
const batchSize = 1_000;

/** From which records to which. */
export interface Between {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

export const contactsOfCompanies: Between = { from: 'companies', to: 'contacts' };
export const companiesOfContacts: Between = { from: 'contacts', to: 'companies' };

const path = ({ from, to }: Between, more: string) => `/crm/associations/${version}/${from}/${to}${more}`;

const words = (type: ObjectType) => type.replace('_', ' ');

export interface Associations {
  /** What is associated with each id; an id without any is left out. HubSpot calls those an error. */
  readonly of: ReadonlyMap<string, readonly Associated[]>;
  /** Those of which HubSpot could not say: having none is another thing. */
  readonly unread: ReadonlySet<string>;
}

/** As {@link readAssociations}, where nothing can be done without all of them. Throws VendorError. */
export async function associatedWith(
  client: HubSpotClient,
  between: Between,
  ids: readonly string[],
  call: CallContext,
): Promise<Associations['of']> {
  const { of, unread } = await readAssociations(client, between, ids, call);
  if (unread.size === 0) return of;
  const [from, to] = [words(between.from), words(between.to)];
  throw client.unread(`which ${to} belong to ${unread.size} of ${ids.length} ${from}`);
}

/** Throws VendorError. */
export async function readAssociations(
  client: HubSpotClient,
  between: Between,
  ids: readonly string[],
  call: CallContext,
): Promise<Associations> {
  const found = new Map<string, Associated[]>();
  const unread = new Set<string>();
  let asked: { readonly id: string; readonly after?: string }[][] = inChunks(
    ids.map((id) => ({ id })),
    batchSize,
  );
  while (asked.length > 0) {
    const [inputs = [], ...rest] = asked;
    const { data } = await client.send(
      {
        purpose: `read which ${words(between.to)} belong to ${words(between.from)}`,
        method: 'POST',
        path: path(between, '/batch/read'),
        body: { json: { inputs } },
        effect: 'read',
        shape: associationsAnswer,
      },
      call,
    );
    const answered = new Set(data.results.map((read) => read.from.id));
    const askedNow = inputs.map(({ id }) => id);
    for (const id of unreadIn(data, askedNow, answered)) unread.add(id);
    const more: { id: string; after: string }[] = [];
    for (const read of data.results) {
      const ends = read.to.map(({ toObjectId, associationTypes }) => ({
        id: toObjectId,
        kinds: associationTypes,
      }));
      found.set(read.from.id, [...(found.get(read.from.id) ?? []), ...ends]);
      const after = read.paging?.next?.after;
      if (after) more.push({ id: read.from.id, after });
    }
    asked = more.length > 0 ? [...rest, more] : rest;
  }
  return { of: found, unread };
}

/** All that a contact of a company can be called in this account, as seen from the company. Throws VendorError. */
export async function labelsOf(
  client: HubSpotClient,
  call: CallContext,
): Promise<readonly AssociationKind[]> {
  const { data } = await client.send(
    {
      purpose: 'read association labels',
      method: 'GET',
      path: path(contactsOfCompanies, '/labels'),
      effect: 'read',
      shape: associationLabels,
    },
    call,
  );
  return data.results;
}

/**
 * Makes a contact one of a company's, under a label where one is given. Done twice it does no harm. Null, or why HubSpot did not:
 * its 207 is no error of the call. Throws VendorError.
 */
export async function associate(
  client: HubSpotClient,
  ends: { readonly companyId: string; readonly contactId: string },
  label: AssociationKind | null,
  call: CallContext,
): Promise<string | null> {
  const pair = { from: { id: ends.companyId }, to: { id: ends.contactId } };
  const types = label && [{ associationCategory: label.category, associationTypeId: label.typeId }];
  const { data } = await client.send(
    {
      purpose: 'make a contact the billing contact',
      method: 'POST',
      path: path(contactsOfCompanies, types ? '/batch/create' : '/batch/associate/default'),
      body: { json: { inputs: [types ? { ...pair, types } : pair] } },
      effect: 'repeatable',
      shape: batchAnswer,
    },
    call,
  );
  return firstError(data);
}

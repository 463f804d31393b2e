import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import { driftFinder } from '../drift.ts';
import { idOfItem, malformedItems, oneEach, readItem, sortOut } from '../records.ts';
import { setAside } from '../set-aside.ts';
import { unreadIn } from './answers.ts';
import { associatedWith } from './associations.ts';
import type { BillingBook } from './billing.ts';
import type { HubSpotClient } from './client.ts';
import { documented, markerProperty, mergedProperty, propertiesIn, toObservation } from './map.ts';
import { type CrmRecord, crmRecord } from './schema.ts';
import { contactHint } from './webhook.ts';

/** A connected account, and where it keeps whom invoices go to. */
export interface Account {
  readonly client: HubSpotClient;
  readonly billing: BillingBook;
}

export const batchSize = 100;
/** With histories HubSpot reads 50 at a time, and so few that one call does are read with theirs: who, and when. */
export const historySize = 50;

/** Companies by id, archived and merged ones too. One item for each id. */
export async function readCompanies(
  account: Account,
  ids: readonly string[],
  call: CallContext,
): Promise<ReadItem[]> {
  const history = ids.length <= historySize;
  const items: ReadItem[] = [];
  for (const batch of inChunks(ids, batchSize)) {
    const live = await readBatch(account, batch, { history, archived: false }, call);
    const missing = batch.filter((id) => !live.items.some((item) => idOfItem(item) === id));
    // The recycle bin answers only when asked by name; being there is another thing than being gone.
    const binned =
      missing.length > 0 && !live.unnamed
        ? await readBatch(account, missing, { history: false, archived: true }, call)
        : { items: [], unnamed: live.unnamed };
    const { exchangeId } = live;
    items.push(...oneEach(batch, [...live.items, ...binned.items], { exchangeId, unnamed: binned.unnamed }));
  }
  return items;
}

async function readBatch(
  { client, billing }: Account,
  ids: readonly string[],
  how: { history: boolean; archived: boolean },
  call: CallContext,
): Promise<{ items: ReadItem[]; unnamed: boolean; exchangeId: number }> {
  const { mapping } = billing;
  const names = propertiesIn(mapping.company);
  const properties = [...names, 'hs_lastmodifieddate', markerProperty, mergedProperty];
  const more = { archived: how.archived, ...(how.history ? { history: names } : {}) };
  const answer = await client.batchRead('companies', ids, { properties, ...more }, call);
  const { data, exchangeId } = answer;
  const { records, lost } = setAside(data.results, 'results[]', answer.drifts);
  const sorted = sortOut(records, crmRecord, ({ id }) => id);
  const driftOf = driftFinder(
    sorted.good.map((company) => company.properties),
    // What is asked for comes as null when it is empty; a property that does not exist is left out without a word.
    {
      mapped: mapping.company,
      documented: documented.companies(mapping),
      sendsEmpty: true,
      lost,
      lostAt: 'properties.',
    },
  );
  const live = sorted.good.filter((company) => company.archived !== true).map(({ id }) => id);
  const billingOf = await billing.read(live, { history: how.history }, call);
  const read = sorted.good.map((one) => {
    const drift = driftOf(one.properties);
    return readItem(toObservation(one, mapping, { drift, billing: billingOf(one.id) }), exchangeId);
  });
  const known = [
    ...read,
    ...mergedItems(ids, sorted.good, exchangeId),
    ...malformedItems(sorted, exchangeId),
  ];
  const unread = unreadIn(data, ids, new Set(known.map(idOfItem)));
  return {
    items: [...known, ...unread.map((externalId) => unreadItem(externalId, exchangeId))],
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
    exchangeId,
  };
}

/** Being thought gone is worse than being unreadable. */
const unreadItem = (externalId: string, exchangeId: number): ReadItem => ({
  kind: 'malformed',
  externalId,
  reason: 'HubSpot had an error of its own with it',
  exchangeId,
});

/** Asked for a company that was merged into another, HubSpot answers with that other one, which names it among its merged ones. */
function mergedItems(asked: readonly string[], found: readonly CrmRecord[], exchangeId: number): ReadItem[] {
  const present = new Set(found.map(({ id }) => id));
  const into = new Map(
    found.flatMap(({ id, properties }) =>
      (properties[mergedProperty]?.split(';') ?? []).map((old) => [old.trim(), id] as const),
    ),
  );
  return asked.flatMap((externalId): ReadItem[] => {
    const winner = into.get(externalId);
    return winner === undefined || present.has(externalId)
      ? []
      : [{ kind: 'merged', externalId, into: winner, exchangeId }];
  });
}

/** The companies that are meant by hints of a webhook: a contact stands for the companies that it belongs to. */
export async function resolveHints(
  { client }: Account,
  hinted: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  const contacts = hinted.flatMap((hint) => contactHint.read(hint) ?? []);
  const companies = hinted.filter((hint) => contactHint.read(hint) === null);
  if (contacts.length === 0) return companies;
  const theirs = await associatedWith(client, 'contacts', contacts, call);
  return [...new Set([...companies, ...[...theirs.values()].flat().map(({ id }) => id)])];
}

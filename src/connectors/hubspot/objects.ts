import { inChunks } from '../batches.ts';
import type { CallContext, Drift, Observation, ReadItem } from '../connector.ts';
import { type DriftFinder, driftFinder } from '../drift.ts';
import { idOfItem, malformedItems, oneEach, readItem, sortOut } from '../records.ts';
import { setAside } from '../set-aside.ts';
import { unreadIn } from './answers.ts';
import type { HubSpotClient, ObjectType } from './client.ts';
import { type CrmRecord, crmRecord } from './schema.ts';

/** Our field → the properties that it is made of. */
export type Mapped = Readonly<Record<string, readonly string[]>>;

export const propertiesIn = (mapped: Mapped): readonly string[] => Object.values(mapped).flat();

/** Our record's id in an object that Truce made. */
export const markerProperty = 'truce_id';
const mergedProperty = 'hs_merged_object_ids';

/** A record that came back and says nothing that can be used, with the reason. */
export interface Unusable {
  readonly unusable: string;
}

/** Makes observations of the records of one answer, once what belongs to them was read. Throws VendorError. */
export type Observer = (
  records: readonly CrmRecord[],
  how: { readonly history: boolean },
  call: CallContext,
) => Promise<(record: CrmRecord, drift: readonly Drift[]) => Observation | Unusable>;

/** Objects of one type, and what is read of each. */
export interface ObjectKind {
  readonly type: ObjectType;
  /** What is read of them: two kinds may be made of objects of one type. The type, if left out. */
  readonly what?: string;
  readonly mapped: Mapped;
  /** Properties that are read beside those that fields are made of. */
  readonly also: readonly string[];
  /** What HubSpot sends along unasked. */
  readonly unasked: readonly string[];
  readonly observe: Observer;
}

export const batchSize = 100;
/** With histories HubSpot reads 50 at a time, and so few that one call does are read with theirs: who, and when. */
export const historySize = 50;

/** Objects by id, archived and merged ones too. One item for each id. */
export async function readObjects(
  client: HubSpotClient,
  kind: ObjectKind,
  ids: readonly string[],
  call: CallContext,
): Promise<ReadItem[]> {
  const history = ids.length <= historySize;
  const items: ReadItem[] = [];
  for (const batch of inChunks(ids, batchSize)) {
    const live = await readBatch(client, kind, batch, { history, archived: false }, call);
    const missing = batch.filter((id) => !live.items.some((item) => idOfItem(item) === id));
    // The recycle bin answers only when asked by name; being there is another thing than being gone.
    const binned =
      missing.length > 0 && !live.unnamed
        ? await readBatch(client, kind, missing, { history: false, archived: true }, call)
        : { items: [], unnamed: live.unnamed };
    const { exchangeId } = live;
    items.push(...oneEach(batch, [...live.items, ...binned.items], { exchangeId, unnamed: binned.unnamed }));
  }
  return items;
}

async function readBatch(
  client: HubSpotClient,
  kind: ObjectKind,
  ids: readonly string[],
  how: { history: boolean; archived: boolean },
  call: CallContext,
): Promise<{ items: ReadItem[]; unnamed: boolean; exchangeId: number }> {
  const names = propertiesIn(kind.mapped);
  const properties = [...new Set([...names, ...kind.also, mergedProperty])];
  const { what = kind.type } = kind;
  const more = { what, archived: how.archived, ...(how.history ? { history: names } : {}) };
  const answer = await client.batchRead(kind.type, ids, { properties, ...more }, call);
  const { data, exchangeId } = answer;
  const { records, lost } = setAside(data.results, 'results[]', answer.drifts);
  const sorted = sortOut(records, crmRecord, ({ id }) => id);
  const driftOf = driftIn(sorted.good, kind, lost);
  const observe = await kind.observe(sorted.good, how, call);
  const read = sorted.good.map((one): ReadItem => {
    const seen = observe(one, driftOf(one.properties));
    if (!('unusable' in seen)) return readItem(seen, exchangeId);
    return { kind: 'malformed', externalId: one.id, reason: seen.unusable, exchangeId };
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

/** What is asked for comes as null when it is empty; a property that does not exist is left out without a word. */
export function driftIn(
  records: readonly CrmRecord[],
  { mapped, also, unasked }: Pick<ObjectKind, 'mapped' | 'also' | 'unasked'>,
  lost: ReturnType<typeof setAside>['lost'],
): DriftFinder {
  return driftFinder(
    records.map(({ properties }) => properties),
    {
      mapped,
      documented: new Set([...propertiesIn(mapped), ...also, ...unasked, mergedProperty]),
      sendsEmpty: true,
      lost,
      lostAt: 'properties.',
    },
  );
}

/** Being thought gone is worse than being unreadable. */
const unreadItem = (externalId: string, exchangeId: number): ReadItem => ({
  kind: 'malformed',
  externalId,
  reason: 'HubSpot had an error of its own with it',
  exchangeId,
});

/** Asked for a record that was merged into another, HubSpot answers with that other one, which names it among its merged ones. */
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

/** The page of a record in HubSpot itself. */
export const linkOf = ({ url }: CrmRecord) => (url?.startsWith('https://') ? url : null);

import type { Flow } from '../../agreement/agreement.ts';
import { type KnownRecord, knownRecord, recordsMeant } from '../../ledger/records/find-records.ts';
import { changesOfRecord, linksOf } from '../../ledger/records/lookup.ts';
import { erasureOf } from '../../ledger/sealing/erasures.ts';
import type { FactSources } from '../deps.ts';
import type { RecordFacts, RecordLine } from '../messages/lookup/record-facts.ts';
import { waitWords } from './holds.ts';
import { placesOf, stateWords } from './lookup.ts';
import { nameOf } from './rollback.ts';

const newest = 5;

interface Seen {
  readonly flows: readonly Flow[];
  readonly command: string;
}

/** The records that these words may mean, as far as they belong to one of these flows; at most six. */
export async function recordsFor(
  sources: FactSources,
  words: string,
  { flows }: Seen,
): Promise<readonly RecordLine[]> {
  const found = await recordsMeant(sources.db, { words, reference: null, entities: entitiesOf(flows) });
  return Promise.all(
    found.map(async (record) => {
      const [change] = await changesOfRecord(sources.db, record.id, { flows: idsOf(flows), atMost: 1 });
      const noun = sources.entity(record.entity).noun.one;
      return {
        id: record.id,
        title: record.title,
        noun,
        state: change ? stateWords[change.state] : null,
        at: change?.updatedAt ?? null,
      };
    }),
  );
}

/** One record: where it is, and what happened to it lately. Null where it belongs to none of these flows. */
export async function recordFacts(
  sources: FactSources,
  id: string,
  { flows, command }: Seen,
): Promise<RecordFacts | null> {
  const record = await knownRecord(sources.db, id, entitiesOf(flows));
  return record && describe(sources, record, { flows, command });
}

async function describe(
  sources: FactSources,
  record: KnownRecord,
  { flows, command }: Seen,
): Promise<RecordFacts> {
  const { db, labels, agreement } = sources;
  const entity = sources.entity(record.entity);
  const own = flows.filter((flow) => flow.entity === record.entity);
  const [changes, links, erasure] = await Promise.all([
    changesOfRecord(db, record.id, { flows: idsOf(own), atMost: newest }),
    linksOf(db, record.id),
    erasureOf(db, record.id),
  ]);
  const connections = [...new Set(own.flatMap((flow) => flow.connections))];
  const linked = (connection: string) => links.filter((link) => link.connection === connection);
  return {
    ...(erasure ? { erased: { by: nameOf(agreement(), erasure.by), at: erasure.at } } : {}),
    title: record.title,
    noun: entity.noun.one,
    command,
    zone: agreement().timeZone,
    places: placesOf(connections, links, labels),
    in: connections.filter((one) => linked(one).some(({ archived }) => !archived)).map(labels),
    archivedIn: connections.filter((one) => linked(one).some(({ archived }) => archived)).map(labels),
    missingIn: connections.filter((one) => linked(one).length === 0).map(labels),
    changes: changes.map((change) => {
      const flow = own.find(({ id }) => id === change.flow);
      return {
        reference: change.id,
        state: stateWords[change.state],
        waitsFor: change.hold && flow ? waitWords(change.hold, flow, entity) : null,
        open: change.closedAt === null,
        at: change.closedAt ?? change.updatedAt,
      };
    }),
  };
}

const idsOf = (flows: readonly Flow[]): string[] => flows.map(({ id }) => id);
const entitiesOf = (flows: readonly Flow[]): string[] => [...new Set(flows.map(({ entity }) => entity))];

import { and, desc, eq, gte, inArray, isNull } from 'drizzle-orm';
import type { Flow } from '../../agreement/agreement.ts';
import type { Entity } from '../../entities/field.ts';
import { type Likeness, likenessById } from '../../ledger/questions/likenesses.ts';
import { changes, links, records, story } from '../../ledger/tables/index.ts';
import type { Evidence, Place } from '../../ledger/tables/likenesses.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { EvidenceFacts, LikenessFacts, SideFacts } from '../messages/likeness/facts.ts';
import { deciderNames } from '../people.ts';
import { fieldNamed } from './fields.ts';

/** References named in a message: more would not be read. */
const fewReferences = 3;

/** Everything that the message of a question shows, as the ledger has it now; null where question or flow are gone. */
export async function likenessFacts(
  sources: FactSources,
  id: number,
  drawing: number,
): Promise<LikenessFacts | null> {
  const { db, agreement, entity: entityNamed } = sources;
  const row = await likenessById(db, id);
  const flow = row && flowOf(agreement(), row.flow);
  if (!row || !flow) return null;
  const entity = entityNamed(flow.entity);
  const [left, right, references, writtenMeanwhile] = await Promise.all([
    sideOf(sources, flow, row.leftTitle, row.leftPlaces),
    sideOf(sources, flow, row.rightTitle, row.rightPlaces),
    waitingFor(sources, row),
    writtenSince(sources, row),
  ]);
  const state = stateOf(row);
  return {
    id,
    revision: row.revision,
    drawing,
    noun: entity.noun,
    flowName: flow.name,
    agreement: agreement().version,
    zone: agreement().timeZone,
    state,
    sides: [left, right],
    evidence: row.evidence.map((one) => evidenceOf(one, entity)),
    deciders: deciderNames(flow),
    keepsFrom: state === 'open' ? await keptFrom(sources, flow, row) : [],
    answer:
      row.answeredBy && row.answeredAt && (row.state === 'same' || row.state === 'different')
        ? { what: row.state, by: row.answeredBy, at: row.answeredAt }
        : null,
    undone: row.undoneBy && row.undoneAt ? { by: row.undoneBy, at: row.undoneAt } : null,
    writtenMeanwhile,
    references,
    note: row.note,
  };
}

function stateOf(row: Likeness): LikenessFacts['state'] {
  if (row.state === 'open' || row.state === 'withdrawn') return row.state;
  if (row.undoneAt) return row.joined && !row.apartAt ? 'parting' : 'undone';
  return row.state === 'same' && !row.joined ? 'linking' : row.state;
}

async function sideOf(
  { db, labels }: FactSources,
  flow: Flow,
  title: string,
  places: readonly Place[],
): Promise<SideFacts> {
  const ids = places.map((place) => place.externalId);
  const rows = ids.length === 0 ? [] : await db.select().from(links).where(inArray(links.externalId, ids));
  const urlOf = (place: Place) =>
    rows.find(
      ({ connection, role, externalId }) =>
        connection === place.connection && role === place.role && externalId === place.externalId,
    )?.url ?? null;
  return {
    title,
    systems: flow.connections.flatMap((connection) =>
      places
        .filter((place) => place.connection === connection)
        .map((place) => ({ label: labels(connection), url: urlOf(place) })),
    ),
  };
}

function evidenceOf({ field, left, right, says }: Evidence, entity: Entity): EvidenceFacts {
  if (field === 'merged') return { label: 'Merge', hidden: false, says: 'merged', left, right };
  const sign = entity.signs.find((one) => one.name === field);
  if (sign) return { label: capital(sign.label), hidden: sign.class !== 'open', says, left, right };
  const known = fieldNamed(entity, field);
  return { label: known.label, hidden: known.class !== 'open', says, left, right };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The systems in which one of the two would be made, were it not for the other that is there. */
async function keptFrom({ db, labels }: FactSources, flow: Flow, row: Likeness): Promise<string[]> {
  const known = await db
    .select({ id: records.id, key: records.keyValue })
    .from(records)
    .where(inArray(records.id, [row.leftRecord, row.rightRecord]));
  // Without a strong key none is made anywhere.
  const hasKey = new Set(known.flatMap(({ id, key }) => (key === null ? [] : [id])));
  const side = (which: 'left' | 'right') => new Set(row[`${which}Places`].map((place) => place.connection));
  const [left, right] = [side('left'), side('right')];
  const isKept = (target: string, there: Set<string>, maker: Set<string>) =>
    there.has(target) && (flow.createIn[target] ?? []).some((from) => maker.has(from));
  return flow.connections
    .filter(
      (target) =>
        (hasKey.has(row.rightRecord) && isKept(target, left, right)) ||
        (hasKey.has(row.leftRecord) && isKept(target, right, left)),
    )
    .map(labels);
}

/** The references of what is open of either. */
async function waitingFor({ db }: FactSources, row: Likeness): Promise<string[]> {
  const open = await db
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, [row.leftRecord, row.rightRecord]), isNull(changes.closedAt)))
    .orderBy(changes.openedAt)
    .limit(fewReferences);
  return open.map((change) => change.id);
}

/** References of changes in which something was written while the two were one. */
async function writtenSince({ db }: FactSources, { joined }: Likeness): Promise<string[]> {
  if (!joined) return [];
  const rows = await db
    .selectDistinct({ id: changes.id, at: changes.updatedAt })
    .from(changes)
    .innerJoin(story, eq(story.changeId, changes.id))
    .where(
      and(
        eq(changes.recordId, joined.kept),
        inArray(story.kind, ['saved', 'made']),
        gte(story.at, new Date(joined.at)),
      ),
    )
    .orderBy(desc(changes.updatedAt))
    .limit(fewReferences);
  return rows.map((row) => row.id);
}

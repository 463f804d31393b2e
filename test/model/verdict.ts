import { eq, inArray, isNull } from 'drizzle-orm';
import { loadRecords } from '#src/ledger/records/records.ts';
import { agreed, conflicts, hints, intents, pending, staged, story } from '#src/ledger/tables/index.ts';
import { tokenOf } from './canonical.ts';
import { type Place, placeName } from './chronicle.ts';
import { isAway } from './examine.ts';
import { flowId } from './house.ts';
import { expiredQuestions, type Group, openChanges, type Question } from './ledger.ts';
import type { Living } from './living.ts';
import { canHold, type FieldName, fieldNames, systems } from './vocabulary.ts';
import { isFieldName, type ModelWorld } from './world.ts';

/** Everything that has to be true once nothing happens any more. */
export async function examineRest(world: ModelWorld): Promise<void> {
  await world.look();
  const apart = await expiredQuestions(world.house.db);
  for (const group of world.groups.all) agreesEverywhere(world, group, apart);
  await ledgerIsTidy(world, (change) => change.state === 'held' && mayWait(world, change));
  await basesAreTrue(world);
  await storiesAreWhole(world);
}

const inUse = (world: ModelWorld, { places }: Group): Place[] =>
  places.filter(
    (place) => !place.archived && !isAway(world, place) && world.card(place)?.status !== 'archived',
  );

/** Every system agrees on every field, as far as each can hold it; and on the owner's word where the owner decides. */
function agreesEverywhere(world: ModelWorld, group: Group, apart: readonly Question[]): void {
  const used = inUse(world, group);
  for (const field of fieldNames) {
    const terms = world.house.agreement.flows[flowId]?.fields[field];
    if (!terms) continue;
    const held = (field === 'status' ? group.places.filter((place) => !isAway(world, place)) : used).filter(
      ({ system }) => canHold(system, field),
    );
    // What Truce gave one that it made, because the customer has nothing of the kind, is nobody's word.
    const counted = held.filter((place) => world.chronicle.cell(place, field).from.length > 0);
    const values = counted.map((place) => ({ place, token: world.card(place)?.[field] ?? '' }));
    const different = new Set(values.map(({ token }) => token));
    if (different.size <= 1 || isLeftApart(group, field, values, apart)) continue;
    const shown = values.map(({ place, token }) => `${placeName(place)} “${token}”`).join(', ');
    world.wrong('the systems do not agree', `${group.title} ${field} (${terms.rule}): ${shown}`);
  }
}

/** Nobody chose in time, and nothing has moved since. */
function isLeftApart(
  group: Group,
  field: FieldName,
  values: readonly { readonly place: Place; readonly token: string }[],
  apart: readonly Question[],
): boolean {
  const last = apart.filter((one) => one.recordId === group.recordId && one.field === field).at(-1);
  if (!last) return false;
  const shown = new Map(last.options.map(({ connection, value }) => [connection, tokenOf(field, value)]));
  return values.every(({ place, token }) => shown.get(place.system) === token);
}

/** Nothing is under way, nothing is asked, and what waits may; `mayKeep` = what waits with values that are still to go out. */
export async function ledgerIsTidy(
  world: Living,
  mayWait: (change: Waiting) => boolean,
  mayKeep: (change: Waiting) => boolean = () => false,
): Promise<void> {
  const { db } = world.house;
  const left = await openChanges(db);
  const keeping = new Set(left.filter(mayKeep).map(({ id }) => id));
  const say = (what: string, rows: readonly unknown[]) => {
    if (rows.length > 0) world.wrong(what, rows.map((row) => JSON.stringify(row)).join('\n    '));
  };
  say(
    'a write is still under way',
    await db
      .select()
      .from(intents)
      .where(inArray(intents.state, ['in_flight', 'unknown'])),
  );
  say('a write has no end', await db.select().from(intents).where(isNull(intents.finishedAt)));
  const values = await db.select().from(pending);
  say(
    'a value still has to go out',
    values.filter(({ changeId }) => !keeping.has(changeId)),
  );
  say('a question is open', await db.select().from(conflicts).where(eq(conflicts.state, 'open')));
  say('a decision is not saved', await db.select().from(conflicts).where(isNull(conflicts.closedAt)));
  say(
    'something read was never looked at',
    await db
      .select()
      .from(staged)
      .where(inArray(staged.state, ['staged', 'matched'])),
  );
  say('a hint waits', await db.select().from(hints));
  say(
    'a change waits for what should be over',
    left.filter((change) => !mayWait(change)),
  );
}

export type Waiting = Awaited<ReturnType<typeof openChanges>>[number];

/** Waits that only a person can end, away from Truce; and whether there is a reason for it. */
function mayWait(world: ModelWorld, { hold, recordId }: Waiting): boolean {
  const group = world.groups.all.find((one) => one.recordId === recordId);
  const keyOf = (place: Place) => world.card(place)?.abn ?? '';
  switch (hold) {
    case 'no_key':
      return group?.places.every((place) => keyOf(place) === '') ?? false;
    case 'duplicate_key':
      return group !== undefined && group.places.length === 1 && group.key === null;
    case 'not_linked':
      return group !== undefined && group.places.length < systems.length;
    case 'name_taken':
    case 'merged':
    case 'mark_contradicts':
    case 'invalid_key':
      return true;
    default:
      return false;
  }
}

/** What Truce thinks that each system has is what it has, and what it thinks is agreed is there. */
async function basesAreTrue(world: ModelWorld): Promise<void> {
  const { db } = world.house;
  const states = await loadRecords(
    db,
    world.groups.all.map(({ recordId }) => recordId),
  );
  const settled = await db.select().from(agreed);
  for (const group of world.groups.all) {
    const state = states.find(({ record }) => record.id === group.recordId);
    if (!state || group.places.length < 2) continue;
    for (const place of inUse(world, group)) {
      const base = state.bases.get(place.system) ?? {};
      for (const field of fieldNames.filter((one) => canHold(place.system, one))) {
        const known = base[field];
        const believed = known?.state === 'value' ? tokenOf(field, known.value) : '';
        const held = world.card(place)?.[field] ?? '';
        if (believed !== held)
          world.wrong(
            'Truce is mistaken in what a system has',
            `${group.title} ${placeName(place)} ${field}: has “${held}”, known is “${believed}” (${known?.state})`,
          );
      }
    }
    for (const { field, value } of settled.filter(({ recordId }) => recordId === group.recordId)) {
      if (!isFieldName(field)) continue;
      const held = inUse(world, group)
        .filter(({ system }) => canHold(system, field))
        .map((place) => world.card(place)?.[field] ?? '');
      if (new Set(held).size === 1 && held[0] !== tokenOf(field, value))
        world.wrong(
          'Truce is mistaken in what is agreed',
          `${group.title} ${field}: all have “${held[0]}”, agreed is “${tokenOf(field, value)}”`,
        );
    }
  }
}

/** What no longer waits and had nothing else to do is over as well; so is what is gone where nothing follows from that. */
const ends = { settled: ['settled'], withdrawn: ['withdrawn', 'released', 'gone'] } as const;

/** Every change that is over was opened by something and ended by something, and each of its writes has an answer. */
export async function storiesAreWhole(
  world: Pick<ModelWorld, 'house' | 'wrong' | 'closedChanges'>,
): Promise<void> {
  const { db } = world.house;
  const lines = await db.select().from(story).orderBy(story.id);
  const written = await db.select().from(intents);
  const closed = await world.closedChanges();
  const byChange = Map.groupBy(lines, ({ changeId }) => changeId);
  for (const change of closed) {
    const told = byChange.get(change.id) ?? [];
    const [first, last] = [told[0], told.at(-1)];
    const say = (what: string) =>
      world.wrong(what, `${change.id} ${change.subject} (${change.state}): ${told.map(inWords).join(', ')}`);
    if (!first || !last) say('a change has no story');
    else if (!(ends[change.state as keyof typeof ends] as readonly string[]).includes(last.kind))
      say('a story does not end as its change did');
    for (const intent of written.filter(({ changeId }) => changeId === change.id)) {
      const sent = told.filter(({ kind, connection }) => kind === 'sent' && connection === intent.connection);
      if (sent.length === 0) say(`a story does not tell of a write to ${intent.connection}`);
    }
  }
}

const inWords = ({ kind, connection, field, data }: typeof story.$inferSelect): string => {
  const reason = data.reason ? `(${String(data.reason)})` : '';
  return [kind, connection, field, reason].filter(Boolean).join(' ');
};

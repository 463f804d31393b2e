import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { type Card, type Place, placeName, type Word, type Written } from './chronicle.ts';
import { flowId } from './house.ts';
import { judge } from './judge.ts';
import type { Group } from './ledger.ts';
import { canHold, type FieldName, type Token } from './vocabulary.ts';
import type { ModelWorld } from './world.ts';

/** Looks at everything that Truce writes at the moment at which it arrives at a vendor, with all that people did until then. */

/** What a vendor lists may run behind by so much. */
const listedAfterMs = 15_000;

/** Truce makes no second one: one of the same ABN that was there in time for the run to be found. */
export function noneBeside(world: ModelWorld, place: Place, { abn }: Card): void {
  for (const { externalId, ...card } of world.house.vendors[place.system].cards()) {
    if (externalId === place.id || card.abn !== abn) continue;
    const born = world.born.get(placeName({ ...place, id: externalId }))?.getTime() ?? 0;
    if (born > world.notes.at.getTime() - listedAfterMs) continue;
    world.wrong(
      'a record was doubled',
      `${placeName(place)} was made beside ${externalId}, both with ABN ${abn}`,
    );
  }
}

/** What Cin7 Core is given for every new customer, and what a new record of any system is. */
const usual: Readonly<Partial<Record<FieldName, Token>>> = {
  payment_terms: '30',
  tax_treatment: 'gst',
  status: 'active',
};

/** A value that Truce gave a record it made, where the customer has none: the agreement's, or its name once more. */
const isUsual = (field: FieldName, token: Token, card: Card): boolean =>
  usual[field] === token || (field === 'trading_name' && token === card.legal_name);

export function examine(
  world: ModelWorld,
  group: Group | undefined,
  written: Written,
  { isNew, archived, card }: { readonly isNew: boolean; readonly archived: boolean; readonly card: Card },
): void {
  const { notes } = world;
  const { place, field, over, token } = written;
  const words = wordsOf(world, group, field, token);
  if (isNew && words.length === 0 && isUsual(field, token, card)) return;
  const readAt = notes.read.get(placeName(place));
  const unseen = readAt !== undefined && over.since > readAt;
  const justArchived = readAt !== undefined && world.chronicle.cell(place, 'status').since > readAt;
  if (unseen) world.counted.unseen += 1;
  const terms = [
    world.house.agreement.flows[flowId]?.fields[field],
    ...world.formerTerms.filter((one) => one.field === field),
  ];
  const verdicts = terms.map((one) =>
    judge(written, {
      terms: one,
      words,
      ownerHeld: one ? ownerHeld(world, group, field, one.systemOfRecord as PracticeSystem) : null,
      inArchived: archived && !justArchived,
      takenBack: wasTakenBack(world, written),
      followsGone: group !== undefined && followsGone(world, group),
      unseen,
    }),
  );
  const [first = null] = verdicts;
  if (first === null || verdicts.includes(null)) return;
  const from = over.from.map(({ number, kind }) => `${number} ${kind}`).join();
  world.wrong(
    first,
    `${placeName(place)} (${group?.title ?? 'no record'}) ${field} (${terms[0]?.rule}): “${token}” over “${over.token}” [${from}], read at ${readAt}, words ${words.map(({ number, kind, knows }) => `${number} ${kind} knows ${[...knows].join()}`).join('; ')}`,
  );
}

/**
 * A write whose answer nobody heard, and then somebody put back what was there before: to Truce that looks as if the write had
 * never arrived.
 */
function wasTakenBack(world: ModelWorld, { place, field, over, token }: Written): boolean {
  const [before, wrote] = world.chronicle.history(place, field).slice(-4, -2);
  if (!before || !wrote?.byTruce || !world.unheard.has(placeName(place))) return false;
  return wrote.token === token && before.token === over.token;
}

/** Whose words a value of this field of this record can be. */
export function wordsOf(world: ModelWorld, group: Group | undefined, field: FieldName, token: Token): Word[] {
  if (!group) return [];
  const held = group.places
    .filter((place) => canHold(place.system, field) && world.chronicle.has(place))
    .flatMap((place) => world.chronicle.history(place, field).filter((cell) => cell.token === token))
    .flatMap((cell) => cell.from);
  const chosen = world.choices.get(`${group.recordId} ${field}`) ?? [];
  return [...new Set([...held, ...chosen.filter((word) => word.token === token)])];
}

/** What the owner's system held of this field since the run began; null where it has no say. */
function ownerHeld(
  world: ModelWorld,
  group: Group | undefined,
  field: FieldName,
  owner: PracticeSystem,
): Token[] | null {
  const place = group?.places.find(({ system }) => system === owner);
  if (!place || !world.chronicle.has(place) || !canHold(owner, field)) return null;
  if (world.isBinned(place) || wasAway(world, place)) return null;
  const cells = world.chronicle.history(place, field);
  const before = cells.filter(({ since }) => since <= world.notes.since).at(-1);
  return [...(before ? [before] : []), ...cells.filter(({ since }) => since > world.notes.since)].map(
    ({ token }) => token,
  );
}

/** No longer a record of its own there: gone, merged into another, or in the bin. By what people did, not by what Truce says. */
export const isAway = (world: ModelWorld, place: Place): boolean =>
  world.card(place) === null || world.isBinned(place) || world.mergedAway.has(placeName(place));

/** Gone from a system, merged away or in its bin, and what follows is that it is archived elsewhere. */
function followsGone(world: ModelWorld, { recordId, places }: Group): boolean {
  const isGone = places.some((place) => isAway(world, place));
  if (!isGone) return false;
  return world.house.agreement.flows[flowId]?.whenGone === 'archive' || world.archivedElsewhere.has(recordId);
}

/** Out of use at some time since the run began: for as long, nothing but its status is heard from there. */
function wasAway(world: ModelWorld, place: Place): boolean {
  const states = world.chronicle.history(place, 'status');
  const before = states.filter(({ since }) => since <= world.notes.since).at(-1);
  const after = states.filter(({ since }) => since > world.notes.since);
  return [...(before ? [before] : []), ...after, world.chronicle.cell(place, 'status')].some(
    ({ token }) => token === 'archived',
  );
}

export const choiceKey = (recordId: string, field: FieldName) => `${recordId} ${field}`;

import { person } from '#src/playground/vendors/hubspot/card.ts';
import { type Place, placeName } from './chronicle.ts';
import type { Dice } from './dice.ts';
import { mia } from './people.ts';
import { canHold, type FieldName, fieldNames, sheetOf, systems, type Token } from './vocabulary.ts';
import type { ModelWorld } from './world.ts';

/** What people type in vendors' own screens. Each returns at once; a screen may refuse what is typed, as real ones do. */

const typedOften: readonly FieldName[] = fieldNames.filter((field) => field !== 'abn' && field !== 'status');

/** Records that a person finds on a system's screen. */
const placesIn = (world: ModelWorld): Place[] =>
  systems.flatMap((system) =>
    world.house.vendors[system].cards().map(({ externalId }) => ({ system, id: externalId })),
  );

export function somePlace(world: ModelWorld, dice: Dice): Place | null {
  const places = placesIn(world);
  return places.length > 0 ? dice.pick(places) : null;
}

function type(
  world: ModelWorld,
  dice: Dice,
  place: Place,
  tokens: Readonly<Partial<Record<FieldName, Token>>>,
): void {
  const values = Object.fromEntries(
    (Object.entries(tokens) as [FieldName, Token][]).flatMap(([field, token]) => {
      const keys = sheetOf(field).keys[place.system] ?? [];
      const texts = token === '' ? keys.map(() => '') : sheetOf(field).write(token, place.system, dice);
      return keys.map((key, at) => [key, texts[at] ?? ''] as const);
    }),
  );
  if (Object.keys(values).length === 0) return;
  try {
    world.byHand(() => world.house.vendors[place.system].edit(place.id, values, mia));
  } catch (error) {
    world.note(`  ${placeName(place)} refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const fresh = (world: ModelWorld, dice: Dice, field: FieldName): Token =>
  sheetOf(field).fresh(world.next(), dice);

/** One to three details of one record get values that nobody had yet. */
export function edit(world: ModelWorld, dice: Dice): void {
  const place = somePlace(world, dice);
  if (!place) return;
  const can = typedOften.filter((field) => canHold(place.system, field));
  const fields = dice.shuffle(can).slice(0, dice.between(1, 3));
  type(world, dice, place, Object.fromEntries(fields.map((field) => [field, fresh(world, dice, field)])));
}

/** The same value, written another way: no change at all. */
export function retype(world: ModelWorld, dice: Dice): void {
  const place = somePlace(world, dice);
  const card = place && world.card(place);
  if (!place || !card) return;
  const field = dice.pick(typedOften.filter((one) => canHold(place.system, one)));
  if (card[field] !== '' && world.chronicle.cell(place, field).token === card[field])
    type(world, dice, place, { [field]: card[field] });
}

export function clear(world: ModelWorld, dice: Dice): void {
  const place = somePlace(world, dice);
  if (!place) return;
  const can = typedOften.filter((field) => canHold(place.system, field) && sheetOf(field).canBeEmpty);
  type(world, dice, place, { [dice.pick(can)]: '' });
}

/** Two systems get the same new value by two people. */
export function twin(world: ModelWorld, dice: Dice): void {
  const pair = dice.shuffle(others(world, dice)).slice(0, 2);
  const field = dice.pick(typedOften);
  const token = fresh(world, dice, field);
  for (const place of pair) if (canHold(place.system, field)) type(world, dice, place, { [field]: token });
}

/** Two systems get different values for one detail. */
export function clash(world: ModelWorld, dice: Dice): void {
  const places = others(world, dice);
  const field = dice.pick(typedOften);
  for (const place of dice.shuffle(places).slice(0, dice.between(2, 3)))
    if (canHold(place.system, field)) type(world, dice, place, { [field]: fresh(world, dice, field) });
}

/** A value that the record had before comes back. */
export function revert(world: ModelWorld, dice: Dice): void {
  const place = somePlace(world, dice);
  if (!place) return;
  const field = dice.pick(typedOften.filter((one) => canHold(place.system, one)));
  const before = world.chronicle.history(place, field).map(({ token }) => token);
  const token = dice.pick(before);
  if (token !== '' || sheetOf(field).canBeEmpty) type(world, dice, place, { [field]: token });
}

/** All places of the record of one place. */
function others(world: ModelWorld, dice: Dice): readonly Place[] {
  const place = somePlace(world, dice);
  return (place && world.groups.of(place)?.places) || (place ? [place] : []);
}

/** A record is taken out of use in one system, or back into it. */
export function archive(world: ModelWorld, dice: Dice): void {
  const known = world.chronicle.places().filter((place) => world.card(place) !== null);
  if (known.length === 0) return;
  const place = dice.pick(known);
  const now = world.card(place)?.status;
  type(world, dice, place, { status: now === 'archived' ? 'active' : 'archived' });
}

/** A new customer is filled in somewhere: a company that nobody has, or one that others have already. */
export function create(world: ModelWorld, dice: Dice): void {
  const system = dice.pick(systems);
  const known = world.groups.all.filter(
    ({ key, places }) => key && !places.some((place) => place.system === system),
  );
  const abn = known.length > 0 && dice.chance(40) ? (dice.pick(known).key ?? '') : fresh(world, dice, 'abn');
  const can = typedOften.filter((field) => canHold(system, field) && field !== 'legal_name');
  // What some system cannot be without is never left empty: emptied by rule, it could not be written there.
  const filled = can.filter((field) => !sheetOf(field).canBeEmpty || dice.chance(50));
  const tokens = Object.fromEntries([
    ...filled.map((field) => [field, fresh(world, dice, field)] as const),
    ['legal_name', fresh(world, dice, 'legal_name')],
    ...(dice.chance(85) ? [['abn', abn] as const] : []),
  ]);
  const values = Object.fromEntries(
    (Object.entries(tokens) as [FieldName, Token][]).flatMap(([field, token]) => {
      const texts = sheetOf(field).write(token, system, dice);
      return (sheetOf(field).keys[system] ?? []).map((key, at) => [key, texts[at] ?? ''] as const);
    }),
  );
  try {
    world.byHand(() => world.house.vendors[system].add(values, mia));
  } catch (error) {
    world.note(`  ${system} made none: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Somebody finds the ABN of one that had none. */
export function nameKey(world: ModelWorld, dice: Dice): void {
  const without = placesIn(world).filter((place) => world.card(place)?.abn === '');
  if (without.length > 0) type(world, dice, dice.pick(without), { abn: fresh(world, dice, 'abn') });
}

/** HubSpot's recycle bin: in, or out again. */
export function bin(world: ModelWorld, dice: Dice): void {
  const { companies } = world.house.vendors.hubspot.crm;
  const all = companies.all();
  if (all.length === 0) return;
  const { id, archived } = dice.pick(all);
  world.note(`  ${archived ? 'restored' : 'binned'} hubspot ${id}`);
  world.byHand(() => (archived ? companies.restore(id, person(mia)) : companies.archive(id, person(mia))));
}

/** Somebody makes two records of one system one: two of one ABN where there are such, now and then two that are not. */
export function merge(world: ModelWorld, dice: Dice): void {
  const system = dice.pick(['hubspot', 'xero'] as const);
  const cards = world.house.vendors[system].cards();
  const twins = cards.filter(
    (card) => card.abn !== '' && cards.some((other) => other !== card && other.abn === card.abn),
  );
  const [winner, loser] = dice.shuffle(twins.length > 1 ? twins : dice.chance(30) ? cards : []);
  if (!winner || !loser) return;
  world.mergedAway.add(placeName({ system, id: loser.externalId }));
  world.note(`  merged ${system} ${loser.externalId} into ${winner.externalId}`);
  world.byHand(() => {
    if (system === 'xero') world.house.vendors.xero.merge(loser.externalId, winner.externalId);
    else world.house.vendors.hubspot.crm.companies.merge(winner.externalId, loser.externalId, person(mia));
  });
}

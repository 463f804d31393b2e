import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import type { ObjectType } from './object-types.ts';
import type { CrmEvent, Objects, Source } from './state.ts';

type Category = 'HUBSPOT_DEFINED' | 'USER_DEFINED';
type Ids = Readonly<Partial<Record<ObjectType, string>>>;

/** A kind of association between two object types. Each direction has a type id of its own. */
export interface Kind {
  readonly label: string | null;
  readonly category: Category;
  /** By the type from which it is seen. */
  readonly typeIds: Readonly<Partial<Record<ObjectType, number>>>;
}

/** The ids of two records of different types, by type: `{ deals: '9001', line_items: '77' }`. */
export type Ends = Ids;

/** Two records that belong together, and as what. */
type Pair = Ids & {
  /** Type ids as seen from the first type of the relation. */
  readonly kinds: readonly number[];
};

export interface Associations {
  /** Between two types; none = they cannot be associated. */
  kinds(from: ObjectType, to: ObjectType): readonly Kind[];
  /** By its id as seen from the first. */
  kind(from: ObjectType, to: ObjectType, typeId: number): Kind | undefined;
  /** Of contacts of companies. */
  addLabel(label: string): Kind;
  /** The other ends, with the kinds of each; ends that are archived are left out. */
  of(
    from: ObjectType,
    id: string,
    to: ObjectType,
  ): readonly { readonly id: string; readonly kinds: readonly Kind[] }[];
  /** Adds kinds to a pair; whatever its kinds, it is also associated plainly. */
  add(ends: Ends, kinds: readonly Kind[], source: Source): void;
  /** Takes kinds away; without a list, or with the plain one in it, the whole association. */
  remove(ends: Ends, kinds: readonly Kind[] | null, source: Source): void;
  /** What belonged to one record now belongs to another. */
  move(type: ObjectType, from: string, to: string, source: Source): void;
  /** As they were before anybody looked: without events. Does nothing where there are some already. */
  plant(ends: readonly Ends[]): void;
}

interface Relation {
  readonly types: readonly [ObjectType, ObjectType];
  /** The plain one first, then the one of which the second type has only one: its primary company. */
  readonly kinds: readonly Kind[];
  /** A record of the second type belongs to one of the first at the most. */
  readonly single?: true;
}

const kind = (label: string | null, typeIds: Kind['typeIds']): Kind => ({
  label,
  category: 'HUBSPOT_DEFINED',
  typeIds,
});

/** As every account has them. Source of the ids: HubSpot's associations guide. */
const relations: readonly Relation[] = [
  {
    types: ['companies', 'contacts'],
    kinds: [kind(null, { companies: 280, contacts: 279 }), kind('Primary', { companies: 2, contacts: 1 })],
  },
  {
    types: ['companies', 'deals'],
    kinds: [kind(null, { companies: 342, deals: 341 }), kind('Primary', { companies: 6, deals: 5 })],
  },
  { types: ['contacts', 'deals'], kinds: [kind(null, { contacts: 4, deals: 3 })] },
  { types: ['deals', 'line_items'], kinds: [kind(null, { deals: 19, line_items: 20 })], single: true },
];

export const relationOf = (a: ObjectType, b: ObjectType): Relation | undefined =>
  relations.find(({ types }) => a !== b && types.includes(a) && types.includes(b));

export const plainOf = (a: ObjectType, b: ObjectType): Kind | undefined => relationOf(a, b)?.kinds[0];

export interface AssociationsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly objects: Readonly<Record<ObjectType, Objects>>;
  readonly labels: readonly string[];
  happened(events: readonly CrmEvent[]): void;
}

export function openAssociations(options: AssociationsOptions): Associations {
  const { store, objects, labels } = options;
  const pairs = store.collection<Pair>('hubspot.associations');
  const made = store.collection<Kind>('hubspot.association-labels');
  const tell = teller(options, () => pairs.all());

  const kindsOf = (relation: Relation) =>
    relation === relations[0] ? [...relation.kinds, ...made.all()] : relation.kinds;
  const relate = (ends: Ends) => {
    const [a, b] = Object.keys(ends) as ObjectType[];
    const relation = a && b && relationOf(a, b);
    if (!relation) throw new Error(`HubSpot associates no ${a} with ${b}`);
    const [first, second] = relation.types;
    return { relation, key: keyOf(relation, ends), first, second, id: (of: Kind) => of.typeIds[first] ?? 0 };
  };
  const put = (ends: Ends, more: readonly Kind[]): boolean => {
    const { relation, key, first, second, id } = relate(ends);
    const before = pairs.get(key);
    const others = pairs.all().filter((pair) => pair[first] && pair[second] === ends[second]);
    // The first company of a deal or a contact is its primary one, unasked.
    const [plain, primary] = relation.kinds;
    const isFirst = others.length === 0 && second === 'deals' && primary;
    const kinds = [plain, ...(isFirst ? [primary] : []), ...more].flatMap((one) => one ?? []);
    const all = [...new Set([...kinds.map(id), ...(before?.kinds ?? [])])];
    if (before && before.kinds.length === all.length) return false;
    // Nothing has two primary companies: the new one takes the place of the other.
    const only = primary && more.includes(primary) ? id(primary) : null;
    for (const pair of others.filter(({ kinds: held }) => only !== null && held.includes(only)))
      pairs.set(keyOf(relation, pair), { ...pair, kinds: pair.kinds.filter((typeId) => typeId !== only) });
    pairs.set(key, { ...ends, kinds: all });
    return true;
  };
  const remove: Associations['remove'] = (ends, less, source) => {
    const { relation, key, id } = relate(ends);
    const pair = pairs.get(key);
    if (!pair) return;
    const taken = less?.map(id) ?? [];
    if (less === null || taken.includes(id(relation.kinds[0] as Kind))) pairs.delete(key);
    else pairs.set(key, { ...pair, kinds: pair.kinds.filter((typeId) => !taken.includes(typeId)) });
    tell(relation.types, ends, true, source);
  };
  const add: Associations['add'] = (ends, more, source) => {
    const { relation, first, second } = relate(ends);
    const elsewhere = relation.single
      ? pairs.all().filter((pair) => pair[second] === ends[second] && pair[first] !== ends[first])
      : [];
    for (const { kinds: _, ...pair } of elsewhere) remove(pair, null, source);
    if (put(ends, more)) tell(relation.types, ends, false, source);
  };
  const addLabel = (label: string): Kind => {
    const next = 36 + made.all().length * 2;
    const typeIds = { companies: next, contacts: next + 1 };
    const one: Kind = { label, category: 'USER_DEFINED', typeIds };
    made.set(label, one);
    return one;
  };
  const named = (relation: Relation, { kinds }: Pair): Kind[] =>
    kindsOf(relation).filter((one) => kinds.includes(one.typeIds[relation.types[0]] ?? 0));
  if (made.all().length === 0) for (const label of labels) addLabel(label);

  return {
    kinds: (from, to) => {
      const relation = relationOf(from, to);
      return relation ? kindsOf(relation) : [];
    },
    kind: (from, to, typeId) => {
      const relation = relationOf(from, to);
      return relation && kindsOf(relation).find(({ typeIds }) => typeIds[from] === typeId);
    },
    addLabel,
    of: (from, id, to) => {
      const relation = relationOf(from, to);
      return pairs.all().flatMap((pair) => {
        const other = pair[from] === id ? pair[to] : undefined;
        if (!relation || other === undefined || objects[to].get(other)?.archived !== false) return [];
        return [{ id: other, kinds: named(relation, pair) }];
      });
    },
    add,
    remove,
    move: (type, from, to, source) => {
      for (const pair of pairs.all().filter((one) => one[type] === from)) {
        const { kinds: _, ...ends } = pair;
        const carried = named(relate(ends).relation, pair);
        remove(ends, null, source);
        add({ ...ends, [type]: to }, carried, source);
      }
    },
    plant: (all) => {
      if (pairs.all().length > 0) return;
      store.together(() => {
        for (const ends of all) put(ends, []);
      });
    },
  };
}

const keyOf = ({ types }: Relation, ends: Ends): string =>
  types.map((type) => `${type} ${ends[type]}`).join(' ');

/** Both ends hear of it; a company also counts its contacts. */
function teller({ clock, objects, happened }: AssociationsOptions, pairs: () => readonly Pair[]) {
  return (types: Relation['types'], ends: Ends, removed: boolean, source: Source): void => {
    const { companies, contacts } = ends;
    if (companies !== undefined && contacts !== undefined && objects.companies.get(companies)) {
      const theirs = pairs().filter((pair) => pair.companies === companies && pair.contacts !== undefined);
      objects.companies.update(companies, { num_associated_contacts: String(theirs.length) }, calculated);
    }
    const events = types.flatMap((type, at): CrmEvent[] => {
      const toType = types[1 - at];
      const [id, toId] = [ends[type], toType && ends[toType]];
      if (id === undefined || toType === undefined || toId === undefined) return [];
      return [{ kind: 'associationChange', type, id, toType, toId, at: clock.now(), source, removed }];
    });
    happened(events);
  };
}

/** What HubSpot reckons by itself. */
const calculated: Source = {
  sourceType: 'CALCULATED',
  sourceId: 'RollupProperties',
  sourceLabel: 'HubSpot',
};

import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import type { CrmEvent, Objects, ObjectType, Source } from './state.ts';

type Category = 'HUBSPOT_DEFINED' | 'USER_DEFINED';

/** A kind of association. Each direction has a type id of its own. */
export interface Kind {
  readonly label: string | null;
  readonly category: Category;
  readonly typeIds: { readonly companies: number; readonly contacts: number };
}

/** A company and a contact that belong together, and as what. Source of the ids: HubSpot's associations guide. */
interface Pair {
  readonly companies: string;
  readonly contacts: string;
  /** Type ids as seen from the company. */
  readonly kinds: readonly number[];
}

/** Between companies and contacts, the only two object types here. */
export interface Associations {
  kinds(): readonly Kind[];
  /** By its id as seen from the object type. */
  kind(from: ObjectType, typeId: number): Kind | undefined;
  addLabel(label: string): Kind;
  /** The other ends, with the kinds of each; ends that are archived are left out. */
  of(from: ObjectType, id: string): readonly { readonly id: string; readonly kinds: readonly Kind[] }[];
  /** Adds kinds to a pair; whatever its kinds, it is also associated plainly. */
  add(companyId: string, contactId: string, kinds: readonly Kind[], source: Source): void;
  /** Takes kinds away; without a list, or with the plain one in it, the whole association. */
  remove(companyId: string, contactId: string, kinds: readonly Kind[] | null, source: Source): void;
  /** What belonged to one record now belongs to another. */
  move(type: ObjectType, from: string, to: string, source: Source): void;
}

/** As every account has them: seen from a company, then from a contact. */
const standard: readonly Kind[] = [
  { label: null, category: 'HUBSPOT_DEFINED', typeIds: { companies: 280, contacts: 279 } },
  { label: 'Primary', category: 'HUBSPOT_DEFINED', typeIds: { companies: 2, contacts: 1 } },
];
export const [plain] = standard as readonly [Kind];

export const otherType = (type: ObjectType): ObjectType => (type === 'companies' ? 'contacts' : 'companies');
const ofCompany = (kind: Kind): number => kind.typeIds.companies;

export interface AssociationsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly objects: Readonly<Record<ObjectType, Objects>>;
  readonly labels: readonly string[];
  happened(events: readonly CrmEvent[]): void;
}

export function openAssociations({
  store,
  clock,
  objects,
  labels,
  happened,
}: AssociationsOptions): Associations {
  const pairs = store.collection<Pair>('hubspot.associations');
  const made = store.collection<Kind>('hubspot.association-labels');
  const key = (companyId: string, contactId: string) => `${companyId} ${contactId}`;
  const kinds = () => [...standard, ...made.all()];
  const byCompanyId = (typeId: number) => kinds().find((kind) => ofCompany(kind) === typeId);

  const changed = (companyId: string, contactId: string, removed: boolean, source: Source) => {
    const count = pairs.all().filter(({ companies }) => companies === companyId).length;
    const calculated: Source = {
      sourceType: 'CALCULATED',
      sourceId: 'RollupProperties',
      sourceLabel: 'HubSpot',
    };
    if (objects.companies.get(companyId))
      objects.companies.update(companyId, { num_associated_contacts: String(count) }, calculated);
    const told = { kind: 'associationChange' as const, at: clock.now(), source, removed };
    happened([
      { ...told, type: 'companies', id: companyId, toId: contactId },
      { ...told, type: 'contacts', id: contactId, toId: companyId },
    ]);
  };
  const add: Associations['add'] = (companyId, contactId, more, source) => {
    const pair = pairs.get(key(companyId, contactId));
    const all = [...new Set([ofCompany(plain), ...(pair?.kinds ?? []), ...more.map(ofCompany)])];
    if (pair && pair.kinds.length === all.length) return;
    pairs.set(key(companyId, contactId), { companies: companyId, contacts: contactId, kinds: all });
    changed(companyId, contactId, false, source);
  };
  const remove: Associations['remove'] = (companyId, contactId, less, source) => {
    const pair = pairs.get(key(companyId, contactId));
    if (!pair) return;
    const whole = less === null || less.includes(plain);
    if (whole) pairs.delete(key(companyId, contactId));
    else {
      const taken = less.map(ofCompany);
      pairs.set(key(companyId, contactId), {
        ...pair,
        kinds: pair.kinds.filter((typeId) => !taken.includes(typeId)),
      });
    }
    changed(companyId, contactId, true, source);
  };
  const addLabel = (label: string): Kind => {
    const next = 36 + made.all().length * 2;
    const kind: Kind = {
      label,
      category: 'USER_DEFINED',
      typeIds: { companies: next, contacts: next + 1 },
    };
    made.set(label, kind);
    return kind;
  };
  if (made.all().length === 0) for (const label of labels) addLabel(label);

  return {
    kinds,
    kind: (from, typeId) => kinds().find(({ typeIds }) => typeIds[from] === typeId),
    addLabel,
    of: (from, id) =>
      pairs
        .all()
        .filter((pair) => pair[from] === id)
        .flatMap((pair) => {
          const other = pair[otherType(from)];
          const usable = objects[otherType(from)].get(other)?.archived === false;
          return usable
            ? [{ id: other, kinds: pair.kinds.flatMap((typeId) => byCompanyId(typeId) ?? []) }]
            : [];
        }),
    add,
    remove,
    move: (type, from, to, source) => {
      for (const pair of pairs.all().filter((one) => one[type] === from)) {
        const moved = { ...pair, [type]: to };
        const carried = pair.kinds.flatMap((typeId) => byCompanyId(typeId) ?? []);
        remove(pair.companies, pair.contacts, null, source);
        add(moved.companies, moved.contacts, carried, source);
      }
    },
  };
}

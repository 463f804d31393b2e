import type { Store } from '../../store.ts';
import { about, type ObjectType, objectTypes } from './object-types.ts';
import type { Group, Property } from './property.ts';
import { installed, standard } from './standard-properties.ts';

/** Which properties each object type has; those made by the company are on file. */
export interface Properties {
  of(type: ObjectType): readonly Property[];
  find(type: ObjectType, name: string): Property | undefined;
  add(type: ObjectType, property: Property): void;
  remove(type: ObjectType, name: string): void;
  groups(type: ObjectType): readonly Group[];
  addGroup(type: ObjectType, group: Group): void;
}

interface Kept {
  readonly type: ObjectType;
  readonly property: Property;
}

/** @param withCustom false = an account in which nobody has made a property yet. */
export function openProperties(store: Store, withCustom: boolean): Properties {
  const made = store.collection<Kept>('hubspot.properties');
  const madeGroups = store.collection<Group & { readonly type: ObjectType }>('hubspot.property-groups');
  const key = (type: ObjectType, name: string) => `${type}.${name}`;
  for (const type of withCustom ? objectTypes : []) {
    if (made.all().some((kept) => kept.type === type)) continue;
    for (const property of installed[type]) made.set(key(type, property.name), { type, property });
  }
  const known = new Map(
    objectTypes.flatMap((type) => standard[type].map((one) => [key(type, one.name), one] as const)),
  );
  return {
    of: (type) => [
      ...standard[type],
      ...made.all().flatMap((kept) => (kept.type === type ? [kept.property] : [])),
    ],
    find: (type, name) => known.get(key(type, name)) ?? made.get(key(type, name))?.property,
    add: (type, property) => made.set(key(type, property.name), { type, property }),
    remove: (type, name) => made.delete(key(type, name)),
    groups: (type) => [
      { ...about[type].group, displayOrder: 0 },
      ...madeGroups.all().flatMap(({ type: of, ...group }) => (of === type ? [group] : [])),
    ],
    addGroup: (type, group) => madeGroups.set(key(type, group.name), { type, ...group }),
  };
}

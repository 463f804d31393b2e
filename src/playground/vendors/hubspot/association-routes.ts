import { type Answer, isObject, json } from '../exchange.ts';
import { type Associations, type Ends, type Kind, plainOf } from './associations.ts';
import { batchAnswer, batchError, invalid, notFound } from './errors.ts';
import { about, type ObjectType, objectTypes } from './object-types.ts';
import type { Objects, Source } from './state.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AssociationContext {
  readonly objects: Readonly<Record<ObjectType, Objects>>;
  readonly associations: Associations;
  readonly source: Source;
  now(): Date;
}

/** Source: HubSpot's associations guide; the page size is a guess. */
const most = { read: 1_000, create: 2_000, page: 500 };

/** The two types that a call is about. */
interface Between {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

const specOf = (kind: Kind, from: ObjectType) => ({
  category: kind.category,
  typeId: kind.typeIds[from] ?? 0,
  label: kind.label,
});

/** `/crm/associations/2026-09/{from}/{to}/…`; null = no such call. */
export function associationRoute(
  route: string,
  between: Between,
  body: Json | null,
  context: AssociationContext,
): Answer | null {
  if (route === 'GET labels') {
    const { from, to } = between;
    return json(200, { results: context.associations.kinds(from, to).map((kind) => specOf(kind, from)) });
  }
  const post = posts[route];
  if (!post) return null;
  const inputs = body?.inputs;
  if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every(isObject))
    return invalid('Invalid input JSON: inputs must be a list with an entry');
  return post(inputs, between, context);
}

type Post = (inputs: readonly Json[], between: Between, context: AssociationContext) => Answer;

const posts: Readonly<Record<string, Post>> = {
  'POST batch/read': (inputs, { from, to }, { associations, objects, now }) => {
    if (inputs.length > most.read) return tooMany(most.read);
    const found = inputs.map((input) => {
      const id = String(input.id);
      // What was merged away has its associations with the other one.
      const all = objects[from].get(id)?.archived === false ? associations.of(from, id, to) : [];
      return { id, all, start: Number(input.after ?? 0) };
    });
    const results = found
      .filter(({ all }) => all.length > 0)
      .map(({ id, all, start }) => {
        const next = start + most.page;
        return {
          from: { id },
          to: all.slice(start, next).map((end) => ({
            toObjectId: end.id,
            associationTypes: end.kinds.map((kind) => specOf(kind, from)),
          })),
          ...(next < all.length ? { paging: { next: { after: String(next) } } } : {}),
        };
      });
    const errors = found.filter(({ all }) => all.length === 0).map(({ id }) => noneOf({ from, to }, id));
    return batchAnswer(results, errors, now());
  },
  'POST batch/create': (inputs, between, context) => {
    if (inputs.length > most.create) return tooMany(most.create);
    return associate(inputs, between, context, (input) => {
      const kinds = kindsIn(input.types, between, context.associations);
      return typeof kinds === 'string' ? kinds : { kinds, status: 201 as const };
    });
  },
  'POST batch/associate/default': (inputs, between, context) => {
    if (inputs.length > most.create) return tooMany(most.create);
    return associate(inputs, between, context, () => ({ kinds: [], status: 200 as const }));
  },
  'POST batch/archive': (inputs, between, { associations, source }) => {
    for (const input of inputs) {
      for (const to of Array.isArray(input.to) ? input.to : [])
        associations.remove(endsOf(between, idIn(input.from), idIn(to)), null, source);
    }
    return { status: 204, headers: {}, body: '' };
  },
  'POST batch/labels/archive': (inputs, between, { associations, source }) => {
    for (const input of inputs) {
      const kinds = kindsIn(input.types, between, associations);
      if (typeof kinds === 'string') return invalid(kinds);
      associations.remove(endsOf(between, idIn(input.from), idIn(input.to)), kinds, source);
    }
    return { status: 204, headers: {}, body: '' };
  },
};

/** `PUT /crm/objects/2026-09/{from}/{id}/associations[/default]/{to}/{id}`. */
export function putAssociation(
  between: Between,
  ids: { readonly fromId: string; readonly toId: string },
  types: unknown,
  context: AssociationContext,
): Answer {
  const { fromId, toId } = ids;
  const kinds = types === 'default' ? [] : kindsIn(types, between, context.associations);
  if (typeof kinds === 'string') return invalid(kinds);
  if (!present(between.from, fromId, context) || !present(between.to, toId, context)) return notFound();
  context.associations.add(endsOf(between, fromId, toId), kinds, context.source);
  if (types === 'default') return batchAnswer(defaultBodies(between, fromId, toId), [], context.now());
  return json(201, labelled(between, fromId, toId, kinds));
}

/** The associations that a new record comes with: `[{to: {id}, types: […]}]`. Null = understood. */
export function associateNew(
  from: ObjectType,
  id: string,
  asked: unknown,
  context: AssociationContext,
): string | null {
  if (asked === undefined) return null;
  if (!Array.isArray(asked)) return 'Invalid input JSON: associations must be a list';
  for (const one of asked) {
    const types = isObject(one) ? one.types : null;
    const to = others(from).find(
      (type) => typeof kindsIn(types, { from, to: type }, context.associations) !== 'string',
    );
    if (!to) return 'The association type does not exist between these objects';
    const between = { from, to };
    const kinds = kindsIn(types, between, context.associations);
    if (typeof kinds === 'string') return kinds;
    context.associations.add(endsOf(between, id, idIn(one.to)), kinds, context.source);
  }
  return null;
}

const others = (from: ObjectType): readonly ObjectType[] =>
  objectTypes.filter((type) => plainOf(from, type) !== undefined);

function associate(
  inputs: readonly Json[],
  between: Between,
  context: AssociationContext,
  read: (input: Json) => { readonly kinds: readonly Kind[]; readonly status: 200 | 201 } | string,
): Answer {
  const { from, to } = between;
  const results: object[] = [];
  const errors: object[] = [];
  let good: 200 | 201 = 200;
  for (const input of inputs) {
    const how = read(input);
    if (typeof how === 'string') return invalid(how);
    good = how.status;
    const [fromId, toId] = [idIn(input.from), idIn(input.to)];
    const missing = [
      ...(present(from, fromId, context) ? [] : [fromId]),
      ...(present(to, toId, context) ? [] : [toId]),
    ];
    if (missing.length > 0) {
      errors.push(batchError('OBJECT_NOT_FOUND', 'One or more objects do not exist', { id: missing }));
      continue;
    }
    context.associations.add(endsOf(between, fromId, toId), how.kinds, context.source);
    if (how.status === 200) results.push(...defaultBodies(between, fromId, toId));
    else results.push(labelled(between, fromId, toId, how.kinds));
  }
  return batchAnswer(results, errors, context.now(), good);
}

const tooMany = (limit: number) =>
  invalid(`The maximum number of inputs supported in a batch request is ${limit}`);

const noneOf = ({ from, to }: Between, id: string): object => {
  const [name, other] = [about[from].singular, about[to].singular];
  return batchError(
    'OBJECT_NOT_FOUND',
    `No ${other} is associated with ${name} ${id}.`,
    { fromObjectId: [id], fromObjectType: [name], toObjectType: [other] },
    { subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' },
  );
};

const present = (type: ObjectType, id: string, { objects }: AssociationContext): boolean => {
  const record = objects[type].get(id);
  return record !== undefined && !record.archived && record.mergedInto === undefined;
};

const idIn = (value: unknown): string => (isObject(value) ? String(value.id ?? '') : '');

const endsOf = ({ from, to }: Between, fromId: string, toId: string): Ends => ({
  [from]: fromId,
  [to]: toId,
});

function kindsIn(
  types: unknown,
  { from, to }: Between,
  associations: Associations,
): readonly Kind[] | string {
  if (!Array.isArray(types) || types.length === 0)
    return 'Invalid input JSON: types must be a list with an entry';
  const kinds = types.map((type) => {
    const kind = isObject(type) ? associations.kind(from, to, Number(type.associationTypeId)) : undefined;
    return isObject(type) && kind?.category === type.associationCategory ? kind : undefined;
  });
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length < kinds.length ? 'The association type does not exist between these objects' : known;
}

const labelled = ({ from, to }: Between, fromId: string, toId: string, kinds: readonly Kind[]) => ({
  fromObjectTypeId: about[from].typeId,
  fromObjectId: fromId,
  toObjectTypeId: about[to].typeId,
  toObjectId: toId,
  labels: kinds.flatMap(({ label }) => label ?? []),
});

const defaultBodies = ({ from, to }: Between, fromId: string, toId: string) =>
  [from, to].map((side, at) => ({
    from: { id: at === 0 ? fromId : toId },
    to: { id: at === 0 ? toId : fromId },
    associationSpec: {
      associationCategory: 'HUBSPOT_DEFINED',
      associationTypeId: plainOf(from, to)?.typeIds[side] ?? 0,
    },
  }));

import { type Answer, isObject, json } from '../exchange.ts';
import { type Associations, type Kind, otherType, plain } from './associations.ts';
import { batchAnswer, batchError, invalid, notFound } from './errors.ts';
import type { Objects, ObjectType, Source } from './state.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AssociationContext {
  readonly objects: Readonly<Record<ObjectType, Objects>>;
  readonly associations: Associations;
  readonly source: Source;
  now(): Date;
}

/** Source: HubSpot's associations guide; the page size is a guess. */
const most = { read: 1_000, create: 2_000, page: 500 };
const typeIds: Readonly<Record<ObjectType, string>> = { contacts: '0-1', companies: '0-2' };
const singular: Readonly<Record<ObjectType, string>> = { contacts: 'contact', companies: 'company' };

const specOf = (kind: Kind, from: ObjectType) => ({
  category: kind.category,
  typeId: kind.typeIds[from],
  label: kind.label,
});

/** `/crm/associations/2026-09/{from}/{to}/…`; null = no such call. */
export function associationRoute(
  route: string,
  from: ObjectType,
  body: Json | null,
  context: AssociationContext,
): Answer | null {
  if (route === 'GET labels') {
    return json(200, { results: context.associations.kinds().map((kind) => specOf(kind, from)) });
  }
  const post = posts[route];
  if (!post) return null;
  const inputs = body?.inputs;
  if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every(isObject))
    return invalid('Invalid input JSON: inputs must be a list with an entry');
  return post(inputs, from, context);
}

type Post = (inputs: readonly Json[], from: ObjectType, context: AssociationContext) => Answer;

const posts: Readonly<Record<string, Post>> = {
  'POST batch/read': (inputs, from, { associations, objects, now }) => {
    if (inputs.length > most.read) return tooMany(most.read);
    const found = inputs.map((input) => {
      const id = String(input.id);
      // What was merged away has its associations with the other one.
      const all = objects[from].get(id)?.archived === false ? associations.of(from, id) : [];
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
    const errors = found.filter(({ all }) => all.length === 0).map(({ id }) => noneOf(from, id));
    return batchAnswer(results, errors, now());
  },
  'POST batch/create': (inputs, from, context) => {
    if (inputs.length > most.create) return tooMany(most.create);
    return associate(inputs, from, context, (input) => {
      const kinds = kindsIn(input.types, from, context.associations);
      return typeof kinds === 'string' ? kinds : { kinds, status: 201 as const };
    });
  },
  'POST batch/associate/default': (inputs, from, context) => {
    if (inputs.length > most.create) return tooMany(most.create);
    return associate(inputs, from, context, () => ({ kinds: [], status: 200 as const }));
  },
  'POST batch/archive': (inputs, from, { associations, source }) => {
    for (const input of inputs) {
      for (const to of Array.isArray(input.to) ? input.to : [])
        associations.remove(...endsOf(from, idIn(input.from), idIn(to)), null, source);
    }
    return { status: 204, headers: {}, body: '' };
  },
  'POST batch/labels/archive': (inputs, from, { associations, source }) => {
    for (const input of inputs) {
      const kinds = kindsIn(input.types, from, associations);
      if (typeof kinds === 'string') return invalid(kinds);
      associations.remove(...endsOf(from, idIn(input.from), idIn(input.to)), kinds, source);
    }
    return { status: 204, headers: {}, body: '' };
  },
};

/** `PUT /crm/objects/2026-09/{from}/{id}/associations[/default]/{to}/{id}`. */
export function putAssociation(
  ends: { readonly from: ObjectType; readonly fromId: string; readonly toId: string },
  types: unknown,
  context: AssociationContext,
): Answer {
  const { from, fromId, toId } = ends;
  const kinds = types === 'default' ? [] : kindsIn(types, from, context.associations);
  if (typeof kinds === 'string') return invalid(kinds);
  if (!present(from, fromId, context) || !present(otherType(from), toId, context)) return notFound();
  context.associations.add(...endsOf(from, fromId, toId), kinds, context.source);
  if (types === 'default') return batchAnswer(defaultBodies(from, fromId, toId), [], context.now());
  return json(201, labelled(from, fromId, toId, kinds));
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
    const kinds = kindsIn(isObject(one) ? one.types : null, from, context.associations);
    if (typeof kinds === 'string') return kinds;
    context.associations.add(...endsOf(from, id, idIn(one.to)), kinds, context.source);
  }
  return null;
}

function associate(
  inputs: readonly Json[],
  from: ObjectType,
  context: AssociationContext,
  read: (input: Json) => { readonly kinds: readonly Kind[]; readonly status: 200 | 201 } | string,
): Answer {
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
      ...(present(otherType(from), toId, context) ? [] : [toId]),
    ];
    if (missing.length > 0) {
      errors.push(batchError('OBJECT_NOT_FOUND', 'One or more objects do not exist', { id: missing }));
      continue;
    }
    context.associations.add(...endsOf(from, fromId, toId), how.kinds, context.source);
    if (how.status === 200) results.push(...defaultBodies(from, fromId, toId));
    else results.push(labelled(from, fromId, toId, how.kinds));
  }
  return batchAnswer(results, errors, context.now(), good);
}

const tooMany = (limit: number) =>
  invalid(`The maximum number of inputs supported in a batch request is ${limit}`);

const noneOf = (from: ObjectType, id: string): object =>
  batchError(
    'OBJECT_NOT_FOUND',
    `No ${singular[otherType(from)]} is associated with ${singular[from]} ${id}.`,
    { fromObjectId: [id], fromObjectType: [singular[from]], toObjectType: [singular[otherType(from)]] },
    { subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' },
  );

const present = (type: ObjectType, id: string, { objects }: AssociationContext): boolean => {
  const record = objects[type].get(id);
  return record !== undefined && !record.archived && record.mergedInto === undefined;
};

const idIn = (value: unknown): string => (isObject(value) ? String(value.id ?? '') : '');

/** Company first, whichever side the call came from. */
const endsOf = (from: ObjectType, fromId: string, toId: string): [string, string] =>
  from === 'companies' ? [fromId, toId] : [toId, fromId];

function kindsIn(types: unknown, from: ObjectType, associations: Associations): readonly Kind[] | string {
  if (!Array.isArray(types) || types.length === 0)
    return 'Invalid input JSON: types must be a list with an entry';
  const kinds = types.map((type) => {
    const kind = isObject(type) ? associations.kind(from, Number(type.associationTypeId)) : undefined;
    return isObject(type) && kind?.category === type.associationCategory ? kind : undefined;
  });
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length < kinds.length ? 'The association type does not exist between these objects' : known;
}

const labelled = (from: ObjectType, fromId: string, toId: string, kinds: readonly Kind[]) => ({
  fromObjectTypeId: typeIds[from],
  fromObjectId: fromId,
  toObjectTypeId: typeIds[otherType(from)],
  toObjectId: toId,
  labels: kinds.flatMap(({ label }) => label ?? []),
});

const defaultBodies = (from: ObjectType, fromId: string, toId: string) =>
  [from, otherType(from)].map((side, at) => ({
    from: { id: at === 0 ? fromId : toId },
    to: { id: at === 0 ? toId : fromId },
    associationSpec: {
      associationCategory: plain.category,
      associationTypeId: plain.typeIds[side as ObjectType],
    },
  }));

import { type Answer, json } from '../exchange.ts';
import { type AssociationContext, associateNew } from './association-routes.ts';
import { recordBody } from './bodies.ts';
import { batchAnswer, batchError, failure, invalid, problemsInWords } from './errors.ts';
import { finder, type Input, listOf, most, readInputs, secondaryHolder } from './inputs.ts';
import { about } from './object-types.ts';
import type { Properties } from './properties.ts';
import type { CrmRecord, Objects } from './state.ts';
import { propertyProblem, textsOf } from './values.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ObjectContext extends AssociationContext {
  readonly properties: Properties;
  /** Properties that go by another name at the moment. */
  readonly unknown: readonly string[];
}

/** `POST …/batch/read`: what is not there is told in a 207, never as a 404. */
export function batchRead(body: Json, objects: Objects, archived: boolean, context: ObjectContext): Answer {
  const historyOf = listOf(body.propertiesWithHistory);
  const limit = historyOf ? most.withHistory : most.inputs;
  const inputs = readInputs(body, { limit, withId: true });
  if (typeof inputs === 'string') return invalid(inputs);
  const idProperty = typeof body.idProperty === 'string' ? body.idProperty : null;
  const find = finder(idProperty, objects, context.properties);
  if (typeof find === 'string') return invalid(find);
  const found = new Map<string, CrmRecord>();
  const missing: string[] = [];
  for (const { id } of inputs) {
    const record = find(id);
    // Asked for by an old id, HubSpot answers with the record that it was merged into.
    const now = record && objects.find(record.id);
    if (now?.archived === archived) found.set(now.id, now);
    else missing.push(id);
  }
  const results = [...found.values()].map((record) =>
    recordBody(record, {
      type: objects.type,
      properties: context.properties,
      names: listOf(body.properties),
      historyOf,
    }),
  );
  return batchAnswer(results, missing.length > 0 ? [notThere(objects, missing)] : [], context.now());
}

/** What one input of a batch comes to: written, or refused with a reason that stops the others only where traces lack. */
type Outcome =
  | { readonly kind: 'done'; readonly record: CrmRecord; readonly isNew: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly answer: Refusal };
interface Refusal {
  readonly status: 400 | 409;
  readonly category: 'VALIDATION_ERROR' | 'CONFLICT';
  readonly message: string;
}

/** `POST …/batch/{create,update,upsert}`. */
export function batchWrite(
  kind: 'create' | 'update' | 'upsert',
  body: Json,
  objects: Objects,
  context: ObjectContext,
): Answer {
  const inputs = readInputs(body, { withId: kind !== 'create' });
  if (typeof inputs === 'string') return invalid(inputs);
  const idProperty = inputs[0]?.idProperty ?? null;
  if (kind === 'upsert' && idProperty === null) return invalid('idProperty is required for an upsert');
  const find = finder(idProperty, objects, context.properties);
  if (typeof find === 'string') return invalid(find);
  const known = new Map(
    inputs.map((input) => [input, kind === 'create' ? undefined : usable(find(input.id), objects)]),
  );
  const wrong = new Map(
    inputs.flatMap((input) => {
      const refusal = refusalOf(input, known.get(input), objects, context);
      return refusal ? [[input, refusal] as const] : [];
    }),
  );
  const [first] = wrong.values();
  const traced = new Set(inputs.flatMap(({ trace }) => trace ?? [])).size === inputs.length;
  if (first && !traced) return failure(first.status, first.category, first.message);
  const outcomes = inputs.map((input): readonly [Input, Outcome] => [
    input,
    carryOut(kind, input, { record: known.get(input), refusal: wrong.get(input) }, objects, context),
  ]);
  return answerOf(kind, outcomes, objects, context);
}

function carryOut(
  kind: 'create' | 'update' | 'upsert',
  input: Input,
  { record, refusal }: { record: CrmRecord | undefined; refusal: Refusal | undefined },
  objects: Objects,
  context: ObjectContext,
): Outcome {
  // Two inputs of one batch may want the same unique value: the second finds it taken.
  const refused = refusal ?? refusalOf(input, record, objects, context);
  if (refused) return { kind: 'refused', answer: refused };
  const texts = textsOf(input.properties);
  if (kind !== 'create' && record) {
    objects.update(record.id, texts, context.source);
    return { kind: 'done', record: objects.get(record.id) ?? record, isNew: false };
  }
  if (kind === 'update') return { kind: 'missing' };
  const own = kind === 'upsert' && input.idProperty !== null ? { [input.idProperty]: input.id } : {};
  const made = objects.create({ ...own, ...texts }, context.source);
  associateNew(objects.type, made.id, input.associations, context);
  return { kind: 'done', record: objects.get(made.id) ?? made, isNew: true };
}

function answerOf(
  kind: 'create' | 'update' | 'upsert',
  outcomes: readonly (readonly [Input, Outcome])[],
  objects: Objects,
  context: ObjectContext,
): Answer {
  const results = outcomes.flatMap(([input, outcome]) => {
    if (outcome.kind !== 'done') return [];
    const own = input.idProperty === null ? [] : [input.idProperty];
    const names = [...about[objects.type].defaults, ...own, ...Object.keys(input.properties)];
    const body = recordBody(outcome.record, { type: objects.type, properties: context.properties, names });
    return [
      {
        ...body,
        ...(kind === 'upsert' ? { new: outcome.isNew } : {}),
        ...(input.trace === null ? {} : { objectWriteTraceId: input.trace }),
      },
    ];
  });
  const missing = outcomes.flatMap(([{ id }, outcome]) => (outcome.kind === 'missing' ? [id] : []));
  const errors = outcomes.flatMap(([{ id, trace }, outcome]) => {
    if (outcome.kind !== 'refused') return [];
    const { category, message } = outcome.answer;
    const context = {
      ...(id === '' ? {} : { ids: [id] }),
      ...(trace === null ? {} : { objectWriteTraceId: [trace] }),
    };
    return [batchError(category, message, context)];
  });
  return batchAnswer(
    results,
    missing.length > 0 ? [...errors, notThere(objects, missing)] : errors,
    context.now(),
    // HubSpot's pages say 201 of an upsert that only made records; its description and its own client know 200 alone.
    kind === 'create' ? 201 : 200,
  );
}

/** Why one write of one record is not taken, or null. */
export function refusalOf(
  input: Pick<Input, 'id' | 'idProperty' | 'properties'>,
  record: CrmRecord | undefined,
  objects: Objects,
  { properties, unknown }: ObjectContext,
): Refusal | null {
  const own = input.idProperty === null || record ? {} : { [input.idProperty]: input.id };
  const texts = { ...own, ...textsOf(input.properties) };
  const find = (name: string) => (unknown.includes(name) ? undefined : properties.find(objects.type, name));
  const problems = Object.entries(texts).flatMap(
    ([name, value]) => propertyProblem(name, value, find(name)) ?? [],
  );
  if (problems.length > 0)
    return { status: 400, category: 'VALIDATION_ERROR', message: problemsInWords(problems) };
  for (const [name, value] of Object.entries(texts)) {
    if (value === '' || !find(name)?.unique) continue;
    const other = objects.holder(name, value) ?? secondaryHolder(name, value, objects);
    if (!other || other.id === record?.id) continue;
    if (name === 'email')
      return {
        status: 409,
        category: 'CONFLICT',
        message: `Contact already exists. Existing ID: ${other.id}`,
      };
    const message = `Cannot set ${name} to ${value}: ${other.id} already has that value.`;
    const problem = { isValid: false as const, message, error: 'CONFLICTING_UNIQUE_VALUE', name };
    return { status: 400, category: 'VALIDATION_ERROR', message: problemsInWords([problem]) };
  }
  return null;
}

/** `POST …/batch/archive`: what is not there is archived enough. */
export function batchArchive(body: Json, objects: Objects, context: ObjectContext): Answer {
  const inputs = readInputs(body, { withId: true });
  if (typeof inputs === 'string') return invalid(inputs);
  for (const { id } of inputs) if (usable(objects.get(id), objects)) objects.archive(id, context.source);
  return { status: 204, headers: {}, body: '' };
}

/** Every input of a batch refused with one reason; a call that is no batch likewise. */
export function allRefused(body: Json | null, message: string, now: Date): Answer {
  const inputs = readInputs(body ?? {}, { withId: false });
  if (typeof inputs === 'string') return invalid(message);
  const ids = (Array.isArray(body?.inputs) ? body.inputs : []).map(({ id }: Json) => String(id));
  return batchAnswer(
    [],
    ids.map((id) => batchError('VALIDATION_ERROR', message, { ids: [id] })),
    now,
  );
}

/** `POST …/merge`. */
export function mergeRecords(body: Json, objects: Objects, context: ObjectContext): Answer {
  const [winner, loser] = [String(body.primaryObjectId), String(body.objectIdToMerge)];
  if (winner === loser) return invalid('A record cannot be merged with itself');
  if (![winner, loser].every((id) => usable(objects.get(id), objects)))
    return failure(404, 'OBJECT_NOT_FOUND', 'resource not found');
  objects.merge(winner, loser, context.source);
  context.associations.move(objects.type, loser, winner, context.source);
  const record = objects.get(winner);
  return json(200, record ? recordBody(record, { type: objects.type, properties: context.properties }) : {});
}

/** Neither archived nor merged away. */
export const usable = (record: CrmRecord | undefined, objects: Objects): CrmRecord | undefined => {
  const now = record && objects.get(record.id);
  return now && !now.archived && now.mergedInto === undefined ? now : undefined;
};

const notThere = ({ type }: Objects, ids: readonly string[]): object => {
  const kind = about[type].singular.toUpperCase();
  return batchError(
    'OBJECT_NOT_FOUND',
    `Could not get some ${kind} objects, they may be deleted or not exist`,
    {
      ids,
    },
  );
};

import { type Answer, type Call, isObject, jsonObject } from '../exchange.ts';
import { exception } from './errors.ts';
import { wrapped } from './wire.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What an element of a write would make, saved by `save`, which tells it as Xero sends it; or why it cannot be. */
export type PlannedElement =
  | { readonly ok: true; save(): Json }
  | { readonly ok: false; readonly id: string | null; readonly messages: readonly string[] };

/** A kind of record that is written by lists of elements. */
export interface Resource {
  /** The key of the list: `Contacts`. */
  readonly plural: string;
  /** `ContactID`. */
  readonly idKey: string;
  plan(element: Json): PlannedElement;
  together<R>(work: () => R): R;
}

/** One element's outcome; `body` is what the answer says of it. */
interface Outcome {
  readonly ok: boolean;
  readonly body: Json;
}
type Named = Pick<Resource, 'plural' | 'idKey'>;

/** The elements of a write, or null where the body is none. `id` is the one in the path. */
function elementsOf(call: Call, id: string | null, { plural, idKey }: Named): readonly Json[] | null {
  const body = jsonObject(call);
  if (!body) return null;
  const listed = body[plural];
  const elements = Array.isArray(listed) ? listed : [body];
  if (!elements.every(isObject)) return null;
  return id === null ? elements : elements.map((element) => ({ ...element, [idKey]: id }));
}

/**
 * `POST` and `PUT` of a list. With `summarizeErrors=false` always 200, the good elements saved and each with its own verdict;
 * without it one bad element and nothing is saved.
 */
export function writeElements(call: Call, id: string | null, resource: Resource, now: Date): Answer {
  const elements = elementsOf(call, id, resource);
  if (!elements || elements.length === 0) return unreadable(call, resource);
  const each = (element: Json) => saved(resource.plan(element), element, resource);
  if (oneByOne(call)) {
    const outcomes = resource.together(() => elements.map(each));
    return verdicts(call, outcomes, { ...resource, now });
  }
  try {
    const outcomes = resource.together(() => {
      const all = elements.map(each);
      if (all.some(({ ok }) => !ok)) throw new NothingSaved(all);
      return all;
    });
    return wrapped(call, now, { [resource.plural]: outcomes.map(({ body }) => body) });
  } catch (error) {
    if (error instanceof NothingSaved) return summary(call, error.outcomes);
    throw error;
  }
}

/** All elements refused with one reason. */
export function refuseElements(call: Call, message: string, named: Named & { readonly now: Date }): Answer {
  const elements = elementsOf(call, null, named);
  if (!elements) return unreadable(call, named);
  const outcomes = elements.map((element) => refusal(element, [message]));
  return oneByOne(call) ? verdicts(call, outcomes, named) : summary(call, outcomes);
}

const oneByOne = (call: Call) => call.query.get('summarizeErrors')?.toLowerCase() === 'false';

const unreadable = (call: Call, { plural }: Named) =>
  exception(call, { number: 14, message: `The posted data could not be read as ${plural.toLowerCase()}` });

class NothingSaved extends Error {
  readonly outcomes: readonly Outcome[];
  constructor(outcomes: readonly Outcome[]) {
    super('one of the elements is not valid');
    this.outcomes = outcomes;
  }
}

function saved(planned: PlannedElement, element: Json, { idKey }: Named): Outcome {
  if (planned.ok) return { ok: true, body: planned.save() };
  return refusal(planned.id === null ? element : { ...element, [idKey]: planned.id }, planned.messages);
}

const refusal = (element: Json, messages: readonly string[]): Outcome => ({
  ok: false,
  body: {
    ...element,
    HasValidationErrors: true,
    ValidationErrors: messages.map((Message) => ({ Message })),
  },
});

function verdicts(
  call: Call,
  outcomes: readonly Outcome[],
  { plural, now }: Pick<Named, 'plural'> & { readonly now: Date },
): Answer {
  const elements = outcomes.map(({ ok, body }) => ({ ...body, StatusAttributeString: ok ? 'OK' : 'ERROR' }));
  return wrapped(call, now, { [plural]: elements });
}

function summary(call: Call, outcomes: readonly Outcome[]): Answer {
  const elements = outcomes.filter(({ ok }) => !ok).map(({ body }) => body);
  return exception(call, { number: 10, message: 'A validation exception occurred', elements });
}

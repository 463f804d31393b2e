import { type Answer, type Call, isObject, jsonObject } from '../exchange.ts';
import { type Planned, planElement } from './element.ts';
import { exception } from './errors.ts';
import type { Contacts } from './state.ts';
import { contactBody, wrapped } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
/** One element's outcome; `body` is what the answer says of it. */
interface Outcome {
  readonly ok: boolean;
  readonly body: Json;
}

/** The elements of a write, or null where the body is none. `id` is the one in the path. */
function elementsOf(call: Call, id: string | null): readonly Json[] | null {
  const body = jsonObject(call);
  if (!body) return null;
  const elements = Array.isArray(body.Contacts) ? body.Contacts : [body];
  if (!elements.every(isObject)) return null;
  return id === null ? elements : elements.map((element) => ({ ...element, ContactID: id }));
}

/**
 * `POST` and `PUT /Contacts`. With `summarizeErrors=false` always 200, the good elements saved and each with its own verdict;
 * without it one bad element and nothing is saved.
 */
export function writeContacts(call: Call, id: string | null, contacts: Contacts, now: Date): Answer {
  const elements = elementsOf(call, id);
  if (!elements || elements.length === 0) return unreadable(call);
  const createOnly = call.method === 'PUT';
  const each = (element: Json) => saved(planElement(element, contacts, createOnly), element, contacts);
  if (oneByOne(call))
    return verdicts(
      call,
      contacts.together(() => elements.map(each)),
      now,
    );
  try {
    const outcomes = contacts.together(() => {
      const all = elements.map(each);
      if (all.some(({ ok }) => !ok)) throw new NothingSaved(all);
      return all;
    });
    return wrapped(call, now, { Contacts: outcomes.map(({ body }) => body) });
  } catch (error) {
    if (error instanceof NothingSaved) return summary(call, error.outcomes);
    throw error;
  }
}

/** All elements refused with one reason. */
export function refuseContacts(call: Call, message: string, now: Date): Answer {
  const elements = elementsOf(call, null);
  if (!elements) return unreadable(call);
  const outcomes = elements.map((element) => refusal(element, [message]));
  return oneByOne(call) ? verdicts(call, outcomes, now) : summary(call, outcomes);
}

const oneByOne = (call: Call) => call.query.get('summarizeErrors')?.toLowerCase() === 'false';

const unreadable = (call: Call) =>
  exception(call, { number: 14, message: 'The posted data could not be read as contacts' });

class NothingSaved extends Error {
  readonly outcomes: readonly Outcome[];
  constructor(outcomes: readonly Outcome[]) {
    super('one of the elements is not valid');
    this.outcomes = outcomes;
  }
}

function saved(planned: Planned, element: Json, contacts: Contacts): Outcome {
  if (planned.ok) return { ok: true, body: contactBody(contacts.save(planned.contact), true) };
  return refusal(planned.id === null ? element : { ...element, ContactID: planned.id }, planned.messages);
}

const refusal = (element: Json, messages: readonly string[]): Outcome => ({
  ok: false,
  body: {
    ...element,
    HasValidationErrors: true,
    ValidationErrors: messages.map((Message) => ({ Message })),
  },
});

function verdicts(call: Call, outcomes: readonly Outcome[], now: Date): Answer {
  const Contacts = outcomes.map(({ ok, body }) => ({ ...body, StatusAttributeString: ok ? 'OK' : 'ERROR' }));
  return wrapped(call, now, { Contacts });
}

function summary(call: Call, outcomes: readonly Outcome[]): Answer {
  const elements = outcomes.filter(({ ok }) => !ok).map(({ body }) => body);
  return exception(call, { number: 10, message: 'A validation exception occurred', elements });
}

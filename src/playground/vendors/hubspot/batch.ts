import { type Answer, isObject } from '../exchange.ts';
import { batchAnswer, batchError, invalid, problemsInWords } from './errors.ts';
import { defaultProperties, type PropertyProblem, propertyProblem } from './properties.ts';
import { type Companies, companyBody, type Source } from './state.ts';

type Json = Readonly<Record<string, unknown>>;

const most = { inputs: 100, withHistory: 50 };

/** `POST …/companies/batch/read`: what is not there is told in a 207, never as a 404. */
export function batchRead(body: Json, companies: Companies, archived: boolean, now: Date): Answer {
  const inputs = readInputs(body, Array.isArray(body.propertiesWithHistory) ? most.withHistory : most.inputs);
  if (typeof inputs === 'string') return invalid(inputs);
  const names = listOf(body.properties) ?? defaultProperties;
  const historyOf = listOf(body.propertiesWithHistory);
  const ids = inputs.map(({ id }) => id);
  const found = ids.flatMap((id) => {
    const company = companies.get(id);
    return company?.archived === archived ? [company] : [];
  });
  const missing = ids.filter((id) => !found.some((company) => company.id === id));
  const results = found.map((company) => companyBody(company, names, historyOf ? { historyOf } : {}));
  return batchAnswer(results, missing.length > 0 ? [notThere(missing)] : [], now);
}

/**
 * `POST …/companies/batch/update`. An invalid value fails its own input where every input has its own `objectWriteTraceId`,
 * and the whole batch where not.
 */
export function batchUpdate(
  body: Json,
  companies: Companies,
  how: { readonly source: Source; readonly unknown: readonly string[]; readonly now: () => Date },
): Answer {
  const inputs = readInputs(body, most.inputs);
  if (typeof inputs === 'string') return invalid(inputs);
  if (new Set(inputs.map(({ id }) => id)).size < inputs.length) return invalid('Duplicate ids in the batch');
  const wrong = new Map(
    inputs.flatMap((input) => {
      const problems = problemsOf(input.properties, how.unknown);
      return problems.length > 0 ? [[input.id, problems] as const] : [];
    }),
  );
  const traces = new Set(inputs.flatMap(({ trace }) => (trace === null ? [] : [trace])));
  if (wrong.size > 0 && traces.size < inputs.length)
    return invalid(problemsInWords([...wrong.values()].flat()));
  const missing = inputs.filter(({ id }) => companies.get(id)?.archived !== false).map(({ id }) => id);
  const good = inputs.filter(({ id }) => !wrong.has(id) && !missing.includes(id));
  for (const { id, properties } of good) companies.update(id, textsOf(properties), how.source);
  const results = good.flatMap(({ id, properties }) => {
    const company = companies.get(id);
    return company ? [companyBody(company, [...defaultProperties, ...Object.keys(properties)])] : [];
  });
  const errors = inputs.flatMap(({ id, trace }) => {
    const problems = wrong.get(id);
    const context = { ids: [id], ...(trace === null ? {} : { objectWriteTraceId: [trace] }) };
    return problems ? [batchError('VALIDATION_ERROR', problemsInWords(problems), context)] : [];
  });
  return batchAnswer(results, missing.length > 0 ? [...errors, notThere(missing)] : errors, how.now());
}

/** Every input of a batch refused with one reason. */
export function batchRefused(body: Json | null, message: string, now: Date): Answer {
  const inputs = readInputs(body ?? {}, most.inputs);
  if (typeof inputs === 'string') return invalid(inputs);
  return batchAnswer(
    [],
    inputs.map(({ id }) => batchError('VALIDATION_ERROR', message, { ids: [id] })),
    now,
  );
}

const notThere = (ids: readonly string[]): object =>
  batchError('OBJECT_NOT_FOUND', 'Could not get some COMPANY objects, they may be deleted or not exist', {
    ids,
  });

const listOf = (names: unknown): readonly string[] | undefined =>
  Array.isArray(names) ? names.map(String) : undefined;

interface Input {
  readonly id: string;
  readonly trace: string | null;
  readonly properties: Json;
}

function readInputs({ inputs }: Json, limit: number): readonly Input[] | string {
  if (!Array.isArray(inputs) || inputs.length === 0)
    return 'Invalid input JSON: inputs must be a list with an entry';
  if (inputs.length > limit) {
    const kind = limit === most.withHistory ? 'a batch request for property histories' : 'a batch request';
    return `The maximum number of inputs supported in ${kind} is ${limit}`;
  }
  const read = inputs.map((input): Input | null => {
    if (!isObject(input) || input.id === undefined) return null;
    const { id, objectWriteTraceId, properties } = input;
    const trace = objectWriteTraceId === undefined ? null : String(objectWriteTraceId);
    return { id: String(id), trace, properties: isObject(properties) ? properties : {} };
  });
  const whole = read.filter((input) => input !== null);
  return whole.length < read.length ? 'Invalid input JSON: an input has no id' : whole;
}

function problemsOf(properties: Json, unknown: readonly string[]): PropertyProblem[] {
  return Object.entries(textsOf(properties)).flatMap(
    ([name, value]) => propertyProblem(name, value, unknown) ?? [],
  );
}

/** Values as texts, as HubSpot keeps them all; null clears like an empty text. */
const textsOf = (properties: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );

import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

/** One request with its answer, as a recording proxy saw them. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** Something that the description does not allow. */
export interface Problem {
  /** `GET /Contacts`, as the description has it. */
  readonly operation: string;
  readonly side: 'request' | 'answer';
  /** `query page`, `header if-modified-since`, `/Contacts/0/Name`. */
  readonly at: string;
  readonly what: string;
}

interface Parameter {
  readonly in: 'query' | 'header' | 'path';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Json;
}
interface Operation {
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

/** What HTTP itself brings along, and our own reference. */
const plainHeaders = new Set(
  'host connection content-type content-length transfer-encoding accept accept-encoding accept-language user-agent authorization sec-fetch-mode x-correlation-id'.split(
    ' ',
  ),
);

const specs = new URL('../../../shared/specs/', import.meta.url);

/** Null where the description is not there: the tests that need it are skipped then. */
export function readSpec(name: string): Json | null {
  const file = new URL(name, specs);
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Json) : null;
}

/** Holds exchanges to an OpenAPI 3.0 description: path, method, parameters, bodies and statuses; nothing that it does not name. */
export function openApi(spec: Json) {
  const closed = close(spec) as Json;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: false });
  formats.default(ajv);
  ajv.addSchema(closed, 'spec');
  const compiled = new Map<string, ValidateFunction>();
  const validator = (schema: Json): ValidateFunction => {
    const key = JSON.stringify(schema);
    const made = compiled.get(key) ?? ajv.compile(absolute(schema) as Json);
    compiled.set(key, made);
    return made;
  };
  const follow = (part: unknown): Json => {
    const ref = (part as { $ref?: string }).$ref;
    if (ref === undefined) return part as Json;
    return ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((held, key) => (held as Json)[key], closed) as Json;
  };
  const paths = closed.paths as Readonly<Record<string, Json>>;

  /** Path templates in the order in which they fit: those with an id only where there is one. */
  const find = (path: string) =>
    Object.keys(paths).find((template) => {
      const wanted = template.split('/');
      const given = path.split('/');
      return (
        wanted.length === given.length &&
        wanted.every((part, place) => {
          const value = given[place] ?? '';
          if (!part.startsWith('{')) return part.toLowerCase() === value.toLowerCase();
          return /Number}$/.test(part) ? !isUuid(value) : isUuid(value);
        })
      );
    });

  return (exchange: Exchange, base: string): Problem[] => {
    const { pathname, searchParams } = new URL(exchange.url, 'http://spec');
    const template = find(pathname.slice(base.length));
    const item = template === undefined ? undefined : paths[template];
    const operation = item?.[exchange.method.toLowerCase()] as Operation | undefined;
    const name = `${exchange.method} ${template ?? pathname}`;
    const problems: Problem[] = [];
    const report = (side: Problem['side'], at: string, what: string) =>
      problems.push({ operation: name, side, at, what });
    if (!item || !operation) {
      report('request', 'path', 'is not described');
      return problems;
    }
    const parameters = [...((item.parameters as unknown[]) ?? []), ...(operation.parameters ?? [])].map(
      (one) => follow(one) as unknown as Parameter,
    );
    const named = (place: Parameter['in'], key: string) =>
      parameters.find((one) => one.in === place && one.name.toLowerCase() === key.toLowerCase());
    const checkValue = (place: Parameter['in'], key: string, text: string) => {
      const parameter = named(place, key);
      const valid = parameter && validator(parameter.schema);
      if (!valid) report('request', `${place} ${key}`, 'is not described');
      else if (!valid(typed(text, parameter.schema))) {
        report('request', `${place} ${key}`, said(valid.errors?.[0]));
      }
    };
    for (const [key, text] of searchParams) checkValue('query', key, text);
    for (const [key, text] of Object.entries(exchange.headers)) {
      if (!plainHeaders.has(key)) checkValue('header', key, text);
    }
    for (const one of parameters) {
      const isThere =
        one.in === 'query'
          ? searchParams.has(one.name)
          : one.in === 'path' || one.name.toLowerCase() in exchange.headers;
      if (one.required && !isThere) report('request', `${one.in} ${one.name}`, 'is missing');
    }

    const check = (side: Problem['side'], content: unknown, text: string) => {
      const schema = ((content as Json | undefined)?.['application/json'] as Json | undefined)?.schema;
      if (schema === undefined) {
        if (text !== '') report(side, 'body', 'is not described');
        return;
      }
      const valid = validator(schema as Json);
      if (valid(JSON.parse(text))) return;
      for (const error of valid.errors ?? []) report(side, error.instancePath, said(error));
    };
    if (operation.requestBody) check('request', follow(operation.requestBody).content, exchange.body);
    else if (exchange.body !== '') report('request', 'body', 'is not described');
    const answer = operation.responses[String(exchange.status)];
    if (answer === undefined) report('answer', 'status', `${exchange.status} is not described`);
    else check('answer', follow(answer).content, exchange.answer);
    return problems;
  };
}

/** Validates one body against a schema of an OpenAPI 3.1 description. */
export function bodySchema(spec: Json, pointer: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  formats.default(ajv);
  ajv.addSchema(close(spec) as Json, 'spec');
  const valid = ajv.compile({ $ref: `spec${pointer}` });
  return (body: unknown): { readonly at: string; readonly what: string }[] =>
    valid(body) ? [] : (valid.errors ?? []).map((error) => ({ at: error.instancePath, what: said(error) }));
}

const said = (error: ErrorObject | undefined) =>
  error?.keyword === 'additionalProperties'
    ? `additional property ${error.params.additionalProperty}`
    : `${error?.keyword}: ${error?.message}`;

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** A parameter's text as its schema wants it. */
function typed(text: string, schema: Json): unknown {
  if (schema.type === 'integer' || schema.type === 'number') return Number(text);
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return schema.type === 'array' ? text.split(',') : text;
}

/** OpenAPI 3.0 in JSON Schema's words, and no object with properties beyond those that it names. */
function close(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(close);
  if (typeof part !== 'object' || part === null) return part;
  const { nullable, ...rest } = part as Readonly<Record<string, unknown>>;
  const entries = Object.entries(rest)
    .filter(([key]) => key !== 'example' && key !== 'examples' && !key.startsWith('x-'))
    .map(([key, held]) => [key, close(held)]);
  const made = Object.fromEntries(entries) as Record<string, unknown>;
  if (nullable === true && typeof made.type === 'string') made.type = [made.type, 'null'];
  const isObject = isPlain(made.properties) && Object.values(made.properties).every(isPlain);
  if (isObject && made.additionalProperties === undefined) made.additionalProperties = false;
  return made;
}

const isPlain = (held: unknown): held is Json =>
  typeof held === 'object' && held !== null && !Array.isArray(held);

/** References that start from the description, wherever the schema itself stands. */
function absolute(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(absolute);
  if (!isPlain(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, held]) =>
      key === '$ref' && typeof held === 'string' ? [key, held.replace(/^#/, 'spec#')] : [key, absolute(held)],
    ),
  );
}

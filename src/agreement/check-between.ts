import { entities } from '../entities/index.ts';
import { suggest } from './nearest.ts';
import { nounOf } from './nouns.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenField, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with the connections between which fields are kept in step, where these are not all of the flow's. */
export function checkBetween({ flows }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(flows).flatMap(([id, flow]) => [
    ...Object.entries(flow.fields).flatMap(([field, terms]) =>
      terms.between ? checkField(['flows', id, 'fields', field], terms, flow, lineOf) : [],
    ),
    ...checkNames(id, flow, lineOf),
  ]);
}

function checkField(
  path: readonly string[],
  { between = [], system_of_record }: WrittenField,
  flow: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  const list = [...path, 'between'];
  const problems = between.flatMap((connection, i): Problem[] => {
    const line = lineOf([...list, i]);
    if (!flow.connections.includes(connection)) {
      const message = says(list, `names “${connection}”, which is not a connection of this flow.`);
      return [{ line, message, remedy: suggest(connection, flow.connections) }];
    }
    if (between.indexOf(connection) === i) return [];
    return [{ line, message: says(list, `names “${connection}” twice.`), remedy: 'Keep one of them.' }];
  });
  const winner = system_of_record ?? flow.system_of_record;
  if (between.includes(winner) || !flow.connections.includes(winner)) return problems;
  const message = says(list, `leaves out “${winner}”, which decides.`);
  const remedy = `Add “${winner}”, or name one of these as the field’s own system_of_record.`;
  return [...problems, { line: lineOf(list), message, remedy }];
}

/** A record is made with a name, or not at all: where no name takes part none can be. */
function checkNames(id: string, flow: WrittenFlow, lineOf: LineOf): Problem[] {
  const names = entities.find(({ name }) => name === flow.entity)?.names ?? [];
  const fields = names.flatMap((name) => flow.fields[name] ?? []);
  if (fields.length === 0) return [];
  return Object.keys(flow.create_in).flatMap((target): Problem[] => {
    if (fields.some(({ between }) => !between || between.includes(target))) return [];
    const path = ['flows', id, 'create_in', target];
    const message = says(path, `cannot be: no name of ${nounOf(flow.entity).a} goes there.`);
    const remedy = `Add “${target}” to “between” of ${names.filter((name) => flow.fields[name]).join(' or ')}, or take this out.`;
    return [{ line: lineOf(path), message, remedy }];
  });
}

import { entities } from '../entities/index.ts';
import { keptIn } from './kept-entities.ts';
import { suggest } from './nearest.ts';
import { nounOf } from './nouns.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenField, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with the flows: names, connections, fields and rules that do not fit each other. */
export function checkFlows(written: Written, lineOf: LineOf): Problem[] {
  return [
    ...sharedNames(written, lineOf),
    ...Object.entries(written.flows).flatMap(([id, flow]) => [
      ...checkConnectionsOf(id, flow, written.connections, lineOf),
      ...checkFieldsOf(id, flow, lineOf),
      ...checkProofOf(id, flow, lineOf),
    ]),
  ];
}

function sharedNames({ flows }: Written, lineOf: LineOf): Problem[] {
  const known = new Map<string, string>();
  return Object.entries(flows).flatMap(([id, { name }]) => {
    const first = known.get(name.toLowerCase());
    known.set(name.toLowerCase(), first ?? id);
    if (first === undefined) return [];
    const path = ['flows', id, 'name'];
    const message = says(path, `“${name}” is already the name of “${first}”.`);
    return [{ line: lineOf(path), message, remedy: 'Give each flow a name of its own.' }];
  });
}

function checkConnectionsOf(
  id: string,
  flow: WrittenFlow,
  connections: Written['connections'],
  lineOf: LineOf,
): Problem[] {
  const path = ['flows', id, 'connections'];
  const known = Object.keys(connections);
  const named = flow.connections.flatMap((connection, i): Problem[] => {
    const line = lineOf([...path, i]);
    const terms = connections[connection];
    if (!terms) {
      const message = says(path, `names “${connection}”, which is not in the list of connections.`);
      return [{ line, message, remedy: suggest(connection, known) }];
    }
    if (!keptIn[terms.system].includes(flow.entity)) {
      const message = says(
        path,
        `names “${connection}”, in which Truce keeps no ${nounOf(flow.entity).many}.`,
      );
      const able = known.filter((one) => keptIn[connections[one]?.system ?? 'csv'].includes(flow.entity));
      return [{ line, message, remedy: `Take it out; ${able.join(', ') || 'no connection'} can be used.` }];
    }
    if (flow.connections.indexOf(connection) === i) return [];
    return [{ line, message: says(path, `names “${connection}” twice.`), remedy: 'Keep one of them.' }];
  });
  return [...named, ...checkWinner(['flows', id, 'system_of_record'], flow.system_of_record, flow, lineOf)];
}

function checkProofOf(id: string, flow: WrittenFlow, lineOf: LineOf): Problem[] {
  if (flow.money_proof === undefined || flow.entity === 'invoice') return [];
  const path = ['flows', id, 'money_proof'];
  const message = says(
    path,
    `does nothing in a flow of ${nounOf(flow.entity).many}: it holds invoices against deals and payments.`,
  );
  return [{ line: lineOf(path), message, remedy: 'Take it out, or say it in the flow of invoices.' }];
}

function checkWinner(
  path: readonly string[],
  winner: string,
  { connections }: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  if (connections.includes(winner)) return [];
  const message = says(path, `is “${winner}”, which is not a connection of this flow.`);
  return [{ line: lineOf(path), message, remedy: suggest(winner, connections) }];
}

function checkFieldsOf(id: string, flow: WrittenFlow, lineOf: LineOf): Problem[] {
  const entity = entities.find(({ name }) => name === flow.entity);
  const known = entity?.fields.map(({ name }) => name) ?? [];
  const keys = entity?.strongKeys ?? [];
  const matchBy = ['flows', id, 'match_by'];
  const unfit = {
    line: lineOf(matchBy),
    message: says(
      matchBy,
      `is “${flow.match_by}”, which cannot tell one ${nounOf(flow.entity).one} from another.`,
    ),
    remedy: `Use ${keys.join(' or ')}.`,
  };
  const rules = Object.entries(flow.fields).flatMap(([field, terms]): Problem[] => {
    const path = ['flows', id, 'fields', field];
    if (known.includes(field)) return checkRule(path, terms, flow, lineOf);
    const message = says(path, `is not a field of ${nounOf(flow.entity).a}.`);
    return [{ line: lineOf(path), message, remedy: suggest(field, known) }];
  });
  return keys.includes(flow.match_by) ? rules : [unfit, ...rules];
}

function checkRule(
  path: readonly string[],
  terms: WrittenField,
  flow: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (setting: string, predicate: string, remedy: string) =>
    problems.push({ line: lineOf([...path, setting]), message: says([...path, setting], predicate), remedy });
  const limit = terms.decide_within_hours !== undefined ? 'decide_within_hours' : 'if_nobody_chooses';
  if (terms[limit] !== undefined && terms.rule !== 'review' && terms.rule !== 'approve') {
    refuse(
      limit,
      `does nothing with the rule ${terms.rule}: nobody is asked.`,
      'Take it out, or use the rule review or approve.',
    );
  } else if (terms.if_nobody_chooses !== undefined && terms.decide_within_hours === undefined) {
    refuse(
      'if_nobody_chooses',
      'needs a limit: without one it waits for ever.',
      'Add “decide_within_hours: 24”.',
    );
  }
  if (terms.system_of_record !== undefined) {
    problems.push(...checkWinner([...path, 'system_of_record'], terms.system_of_record, flow, lineOf));
  }
  return problems;
}

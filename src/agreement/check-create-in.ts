import { suggest } from './nearest.ts';
import { nounOf } from './nouns.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with where flows make records: connections that are not the flow's, and such that no record can be made in. */
export function checkCreateIn({ flows, connections }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(flows).flatMap(([id, flow]) =>
    Object.entries(flow.create_in).flatMap(([target, sources]) => {
      const path = ['flows', id, 'create_in', target];
      const unknown = checkNamed(path, target, flow, lineOf);
      return [
        ...(unknown ? [unknown] : checkTarget(path, connections[target], flow, lineOf)),
        ...sources.flatMap((source, i) =>
          checkSource([...path, i], source, { target, sources }, flow, lineOf),
        ),
      ];
    }),
  );
}

type Place = readonly (string | number)[];

function checkNamed(path: Place, name: string, { connections }: WrittenFlow, lineOf: LineOf): Problem | null {
  if (connections.includes(name)) return null;
  const message = says(path, `names “${name}”, which is not a connection of this flow.`);
  return { line: lineOf(path), message, remedy: suggest(name, connections) };
}

/** Why nothing can be made there, and what to do about it; null where it can. */
function obstacle(
  target: WrittenConnection,
  { entity }: WrittenFlow,
): { readonly message: string; readonly remedy: string } | null {
  if (target.system === 'csv') {
    return { message: 'cannot be: a file is only ever read.', remedy: 'Take it out.' };
  }
  if (entity === 'stock_level' || entity === 'payment') {
    return {
      message: `cannot be: ${nounOf(entity).many} are not made, they are what they are.`,
      remedy: 'Take it out.',
    };
  }
  if (target.system === 'cin7-core' && entity === 'customer' && !target.new_customers) {
    return {
      message: `needs to know what Cin7 Core demands of a new ${nounOf(entity).one}.`,
      remedy: 'Add “new_customers:” to that connection.',
    };
  }
  if (target.system === 'cin7-core' && entity === 'product' && !target.new_products) {
    return {
      message: 'needs to know what Cin7 Core demands of a new product.',
      remedy: 'Add “new_products:” to that connection.',
    };
  }
  if (target.system === 'xero' && entity === 'invoice' && !target.new_invoices) {
    return {
      message: 'needs to know how an invoice begins in Xero: as what, on which account, due when.',
      remedy: "Add “new_invoices: { status: draft, account: '200', due_days: 30 }” to that connection.",
    };
  }
  if (target.system === 'postgresql' && !target.marker) {
    return {
      message: 'needs a column that tells which rows Truce made: without it one could be made twice.',
      remedy: 'Add “marker:” and the name of a text column to that connection, such as “marker: truce_id”.',
    };
  }
  return null;
}

function checkTarget(
  path: Place,
  target: WrittenConnection | undefined,
  flow: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  const found = target ? obstacle(target, flow) : null;
  return found ? [{ line: lineOf(path), message: says(path, found.message), remedy: found.remedy }] : [];
}

function checkSource(
  path: Place,
  source: string,
  { target, sources }: { readonly target: string; readonly sources: readonly string[] },
  flow: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  const list = path.slice(0, -1);
  const line = lineOf(path);
  const unknown = checkNamed(list, source, flow, lineOf);
  if (unknown) return [{ ...unknown, line }];
  if (source === target) {
    const message = says(list, 'names itself: a record that is there already is not made.');
    return [{ line, message, remedy: 'Name the connections from which the records come.' }];
  }
  if (sources.indexOf(source) === path.at(-1)) return [];
  return [{ line, message: says(list, `names “${source}” twice.`), remedy: 'Keep one of them.' }];
}

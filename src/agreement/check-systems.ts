import { entities } from '../entities/index.ts';
import { taxTreatment } from '../entities/tax.ts';
import { checkColumns } from './check-columns.ts';
import { suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import type { Written, WrittenConnection, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with what connections say of their own system alone: tax codes, columns, and fields that no column holds. */
export function checkSystems(written: Written, lineOf: LineOf): Problem[] {
  const connections = Object.entries(written.connections).flatMap(([id, connection]) => {
    const path = ['connections', id];
    const codes = 'tax_codes' in connection ? connection.tax_codes : {};
    return [...checkTaxCodes(path, codes, lineOf), ...checkColumns(path, connection, lineOf)];
  });
  const flows = Object.entries(written.flows).flatMap(([id, flow]) => checkHeld(id, flow, written, lineOf));
  return [...connections, ...flows];
}

const treatments = taxTreatment.choices?.map(({ value }) => value) ?? [];

function checkTaxCodes(parent: Path, codes: Readonly<Record<string, string>>, lineOf: LineOf): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(codes).flatMap(([treatment, code]): Problem[] => {
    const path = [...parent, 'tax_codes', treatment];
    if (!treatments.includes(treatment)) {
      const message = says(path, 'is not a tax treatment that Truce knows.');
      return [{ line: lineOf(path), message, remedy: suggest(treatment, treatments) }];
    }
    const same = first.get(code.toUpperCase());
    first.set(code.toUpperCase(), same ?? treatment);
    if (same === undefined) return [];
    const message = says(
      path,
      `is “${code}”, and so is ${same}: reading it back, one could not be told from the other.`,
    );
    return [
      {
        line: lineOf(path),
        message,
        remedy: 'Give each its own code, and leave out what this account has not.',
      },
    ];
  });
}

/** A table or a file must have a column for what the flow matches by, and for what it is to be the winner of. */
function checkHeld(id: string, flow: WrittenFlow, { connections }: Written, lineOf: LineOf): Problem[] {
  const lacks = (connection: string, field: string) => !holds(connections[connection], field);
  const known = entities.find(({ name }) => name === flow.entity)?.fields.map(({ name }) => name) ?? [];
  const keys = flow.connections
    .filter((connection) => lacks(connection, flow.match_by))
    .map((connection) => {
      const path = ['connections', connection, 'columns'];
      return {
        line: lineOf(path),
        message: says(path, `has none for ${flow.match_by}, by which “${flow.name}” matches records.`),
        remedy: `Add “${flow.match_by}:” and the name of its column.`,
      };
    });
  const winners = Object.entries(flow.fields).flatMap(([field, terms]) => {
    const winner = terms.system_of_record ?? flow.system_of_record;
    if (!known.includes(field) || !lacks(winner, field)) return [];
    const path = ['flows', id, 'fields', field];
    return {
      line: lineOf(path),
      message: says(path, `is decided by “${winner}”, which has no column for it.`),
      remedy: `Name another system_of_record for it, or add it to the columns of “${winner}”.`,
    };
  });
  return [...keys, ...winners];
}

const holds = (connection: WrittenConnection | undefined, field: string): boolean =>
  connection === undefined || !('columns' in connection) || Object.hasOwn(connection.columns, field);

import { entityNamed } from '../entities/named.ts';
import type { SystemName } from './agreement.ts';
import type { EntityName } from './kept-entities.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** What a system works out by itself and takes from nobody, by kind of record; `all` = every field of it. */
const workedOut: Readonly<
  Partial<Record<SystemName, Readonly<Partial<Record<EntityName, readonly string[] | 'all'>>>>>
> = {
  'cin7-core': { product: ['cost'], stock_level: 'all' },
  xero: {
    invoice: ['number', 'total', 'tax', 'amount_due', 'invoice_status', 'invoice_link'],
    payment: 'all',
  },
};

/**
 * Whether each field has a winner that can win: where one of the systems works it out by itself, nothing can be brought there, so that
 * any other winner, and any rule by which another value may go out, would end in refusals.
 */
export function checkWorkedOut({ flows, connections }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(flows).flatMap(([id, flow]) =>
    Object.entries(flow.fields).flatMap(([field, terms]): Problem[] => {
      const between = terms.between ?? flow.connections;
      const owner = between.find((one) => isWorkedOut(connections[one]?.system, flow, field));
      if (owner === undefined) return [];
      const path = ['flows', id, 'fields', field];
      const winner = terms.system_of_record ?? flow.system_of_record;
      const apart = flow.connections.filter((one) => one !== owner);
      const without = apart.length > 1 ? `, or leave it out with “between: [${apart.join(', ')}]”` : '';
      if (winner !== owner) {
        const message = says(
          path,
          `is decided by “${winner}”, but “${owner}” works it out by itself: nothing can be brought there.`,
        );
        return [
          { line: lineOf(path), message, remedy: `Write “system_of_record: ${owner}” for it${without}.` },
        ];
      }
      if (terms.rule === 'overwrite' || terms.rule === 'read_only') return [];
      const message = says(
        path,
        `has the rule ${terms.rule}, but “${owner}” works it out by itself: there is nothing to decide.`,
      );
      return [{ line: lineOf(path), message, remedy: `Write “rule: overwrite” for it${without}.` }];
    }),
  );
}

function isWorkedOut(system: SystemName | undefined, { entity }: WrittenFlow, field: string): boolean {
  const fields = system && workedOut[system]?.[entity];
  if (fields !== 'all') return fields?.includes(field) === true;
  return entityNamed(entity).fields.some(({ name }) => name === field);
}

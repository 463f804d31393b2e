import type { LineOf, Problem } from './problem.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

/**
 * Whether it is said from when on deals are made into invoices: without a first day the first load would invoice every deal that was
 * ever won, and years of what was invoiced by hand would be in the books twice. What an older Truce stored goes on without one.
 */
export function checkWonSince({ connections, flows }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(connections).flatMap(([id, connection]): Problem[] => {
    if (connection.system !== 'hubspot' || connection.won_since !== undefined) return [];
    const flow = Object.values(flows).find(
      ({ entity, create_in }) => entity === 'invoice' && Object.values(create_in).flat().includes(id),
    );
    if (!flow) return [];
    const path = ['connections', id];
    const message = says(
      path,
      `does not say from when on “${flow.name}” makes invoices of its deals: it would make one of every deal that was ever won.`,
    );
    const remedy =
      'Add “won_since:” and the first day whose deals Truce is to invoice, as year, month and day (“won_since: YYYY-MM-DD”): most take the day on which they begin.';
    return [{ line: lineOf(path), message, remedy }];
  });
}

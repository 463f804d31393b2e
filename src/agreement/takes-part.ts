import type { Flow } from './agreement.ts';

/** Whether a connection takes part with a field: only then is it heard, asked about and written there. Pure. */
export function takesPart(
  { fields, connections }: Pick<Flow, 'fields' | 'connections'>,
  field: string,
  connection: string,
): boolean {
  return connections.includes(connection) && (fields[field]?.between ?? connections).includes(connection);
}

import { nounOf } from './nouns.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

/**
 * One field in two flows: written to one connection by both it would be changed back and forth; and also between other connections
 * a record has only one value that is agreed.
 */
export function checkSharedFields({ flows }: Written, lineOf: LineOf): Problem[] {
  const first = new Map<string, { readonly flow: string; readonly connections: ReadonlySet<string> }>();
  return Object.entries(flows).flatMap(([id, flow]) =>
    Object.entries(flow.fields).flatMap(([field, { between = flow.connections }]): Problem[] => {
      const key = `${flow.entity} ${field}`;
      const other = first.get(key);
      if (!other) {
        first.set(key, { flow: id, connections: new Set(between) });
        return [];
      }
      const path = ['flows', id, 'fields', field];
      const shared = between.find((connection) => other.connections.has(connection));
      const message = shared
        ? `is already written to “${shared}” by the flow “${other.flow}”.`
        : `is already kept in step by the flow “${other.flow}”: one ${nounOf(flow.entity).one} has one agreed value.`;
      const remedy = shared
        ? 'Keep the field in one of the two flows.'
        : 'Keep the field in one of the two flows, with all its connections there.';
      return [{ line: lineOf(path), message: says(path, message), remedy }];
    }),
  );
}

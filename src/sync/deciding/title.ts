import type { Flow } from '../../agreement/agreement.ts';
import type { Entity, Observed } from '../../entities/field.ts';

type Fields = Readonly<Record<string, Observed>>;

/**
 * The name under which people know a record, the same whichever system was read last: a name counts as the system has it that
 * wins for it, else as the first one of the agreement has it that has any. Pure. `bases` and `seen` are by connection.
 */
export function titleOf(
  {
    entity,
    flow,
  }: { readonly entity: Pick<Entity, 'title'>; readonly flow: Pick<Flow, 'connections' | 'fields'> },
  bases: ReadonlyMap<string, Fields>,
  seen: ReadonlyMap<string, Fields>,
): string {
  const others = [...bases.keys(), ...seen.keys()].filter((id) => !flow.connections.includes(id)).sort();
  const ids = [...new Set([...flow.connections, ...others])];
  const held = new Map(ids.map((id) => [id, known({ ...bases.get(id), ...read(seen.get(id)) })]));
  const first: Fields = Object.assign({}, ...ids.toReversed().map((id) => held.get(id)));
  const owned = Object.keys(first).flatMap((name) => {
    const value = held.get(flow.fields[name]?.systemOfRecord ?? '')?.[name];
    return value ? [[name, value] as const] : [];
  });
  return entity.title({ ...first, ...Object.fromEntries(owned) });
}

const read = (fields: Fields = {}) => keep(fields, ({ state }) => state !== 'not_read');
const known = (fields: Fields) => keep(fields, ({ state }) => state === 'value');

const keep = (fields: Fields, which: (observed: Observed) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, observed]) => which(observed)));

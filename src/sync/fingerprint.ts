import { hash } from 'node:crypto';
import type { Observation } from '../connectors/connector.ts';
import type { RunContext } from './context.ts';

/**
 * A short stand-in for an observation: two that are alike have the same. The flow and the version of the agreement are part of
 * it, since other terms may make something of what is not new.
 */
export function printOf(
  { flow, agreement }: Pick<RunContext, 'flow' | 'agreement'>,
  observation: Observation,
): string {
  return hash('sha1', `${flow.id} ${agreement.version} ${inOrder(observation)}`, 'base64');
}

/** JSON with the keys of every object in order: the database gives them back in an order of its own. */
function inOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`;
  const parts = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(parts).filter((key) => parts[key] !== undefined);
  return `{${known
    .sort()
    .map((key) => `${JSON.stringify(key)}:${inOrder(parts[key])}`)
    .join()}}`;
}

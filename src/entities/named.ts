import type { Entity } from './field.ts';
import { entities } from './index.ts';

/** The entity of that name; the agreement was checked to name no other. */
export function entityNamed(name: string): Entity {
  const entity = entities.find((candidate) => candidate.name === name);
  if (!entity) throw new Error(`There is no kind of record called “${name}”.`);
  return entity;
}

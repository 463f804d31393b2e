import type { Entity, Field, FieldValue } from '../../entities/field.ts';
import type { FactSources } from '../deps.ts';

/** Where a chosen value came from, in words; null for one that was typed. */
export function fromWords(from: string, labels: FactSources['labels']): string | null {
  if (from === 'other') return null;
  return from === 'agreed' ? 'as agreed before' : labels(from);
}

/** The field of an entity; one that has left the entity since is shown as it is stored. */
export function fieldNamed(entity: Entity, name: string): Field {
  const field = entity.fields.find((candidate) => candidate.name === name);
  if (field) return field;
  const words = (value: FieldValue) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return {
    name,
    label: name,
    class: 'secret',
    normal: words,
    show: words,
    problem: () => 'This detail is no longer kept in step.',
  };
}

export const showValue = (field: Field, value: FieldValue | null | undefined): string | null =>
  value === null || value === undefined ? null : field.show(value);

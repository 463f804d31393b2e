import { type Field, type FieldValue, same } from '../../entities/field.ts';
import type { FieldView, Participant } from '../compare.ts';
import type { DecideContext, Option } from '../decide-step.ts';

/** Whether a system holds a value, as far as it can. */
export type Holds = (participant: Participant, value: FieldValue | null) => boolean;

/** Each system's value as one to choose, in the agreement's order. Pure. */
export function optionsOf(view: FieldView, agreed: FieldValue | null, holds: Holds): Option[] {
  return view.participants.map((p) => {
    const asAgreed = holds(p, agreed);
    return {
      connection: p.connection,
      value: p.value,
      asAgreed,
      changedAt: asAgreed ? null : p.changedAt,
      changedBy: asAgreed ? null : p.changedBy,
    };
  });
}

/** Whether people would see the same values of the same systems. Pure. */
export function sameOptions(field: Field, a: readonly Option[], b: readonly Option[]): boolean {
  return (
    a.length === b.length &&
    a.every((option) => {
      const other = b.find((candidate) => candidate.connection === option.connection);
      return other !== undefined && same(field, option.value, other.value);
    })
  );
}

/**
 * Where a value is that is on its way, and that none has which is in use: its record was archived meanwhile. Nobody has seen it
 * yet, and it would be written over once that record is back in use.
 */
export function awayWith(
  value: FieldValue | null,
  { field, participants }: FieldView,
  { archived, project }: DecideContext,
): Option[] {
  const isHere = participants.some((p) => same(field, p.value, project(p.connection, field.name, value)));
  if (isHere) return [];
  return [...(archived ?? [])]
    .filter(([connection]) => !participants.some((p) => p.connection === connection))
    .flatMap(([connection, held]) =>
      held !== undefined && same(field, held, project(connection, field.name, value))
        ? [{ connection, value: held, asAgreed: false, changedAt: null, changedBy: null }]
        : [],
    );
}

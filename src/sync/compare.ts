import { type Field, type FieldValue, type Observed, same } from '../entities/field.ts';

/** A record as one system has it: what was just observed (or, untouched since, its base) beside the base. */
export interface SystemView {
  readonly connection: string;
  readonly observed: Readonly<Record<string, Observed>>;
  readonly base: Readonly<Record<string, Observed>>;
  /** The vendor's time of the observation, ISO 8601. */
  readonly vendorAt: string | null;
  readonly editors: Readonly<Record<string, { readonly by: string | null; readonly at: string | null }>>;
  /** True when the record was archived here at the last look, and is in use again. */
  readonly isBack?: boolean;
  /** True for a system that is only ever read. */
  readonly isReadOnly?: boolean;
}

/** One field in one system that takes part: holds a value, or is deliberately empty (null). */
export interface Participant {
  readonly connection: string;
  readonly value: FieldValue | null;
  /** What it held at the last look. */
  readonly before: FieldValue | null;
  /** True iff it was never observed here before, or has no place here (any more). */
  readonly isNew: boolean;
  /** True iff it took no part for a while: what was agreed meanwhile never got here. */
  readonly isBack: boolean;
  /** True where nothing can be written: it may bring something, and gets nothing. */
  readonly isReadOnly: boolean;
  /** True iff it differs from the base: only a real change since then counts. */
  readonly changed: boolean;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

export interface FieldView {
  readonly field: Field;
  readonly participants: readonly Participant[];
}

/**
 * All linked systems side by side, field by field. What a system cannot hold takes no part, nor does one that the agreement
 * leaves out of a field; what could not be read this time (renamed by the vendor, say) is as it was at the last look, since
 * nobody knows better. Pure.
 */
export function compare(
  fields: readonly Field[],
  systems: readonly SystemView[],
  takesPart: (field: string, connection: string) => boolean = () => true,
): FieldView[] {
  return fields.map((field) => ({
    field,
    participants: systems
      .filter(({ connection }) => takesPart(field.name, connection))
      .flatMap((system) => participantOf(field, system) ?? []),
  }));
}

function participantOf(field: Field, system: SystemView): Participant | null {
  const base = system.base[field.name];
  const seen = system.observed[field.name];
  const observed = !seen || seen.state === 'not_read' ? base : seen;
  if (!observed || observed.state === 'not_read' || observed.state === 'unsupported') return null;
  const isNew = !base || observed.state === 'no_place' || !holdsSomething.has(base.state);
  const [value, before] = [heldValue(observed), heldValue(base)];
  const editor = system.editors[field.name];
  return {
    connection: system.connection,
    value,
    before,
    isNew,
    isBack: system.isBack === true,
    isReadOnly: system.isReadOnly === true,
    changed: !isNew && !same(field, value, before),
    changedBy: editor?.by ?? null,
    changedAt: editor?.at ?? system.vendorAt,
  };
}

/** A base of any other kind says nothing that a value could differ from. */
export const holdsSomething: ReadonlySet<Observed['state']> = new Set(['value', 'blank']);

/** The value of an observation, null for blank and for what took no part. */
export function heldValue(observed: Observed | undefined): FieldValue | null {
  return observed?.state === 'value' ? observed.value : null;
}

import type { Flow } from '../../agreement/agreement.ts';
import { takesPart } from '../../agreement/takes-part.ts';
import type { Observation } from '../../connectors/connector.ts';
import type { Entity, Field, FieldValue, Observed } from '../../entities/field.ts';
import { compare, type FieldView, heldValue, holdsSomething, type SystemView } from '../compare.ts';
import { decideField } from '../decide.ts';
import type { DecideContext, FieldHistory, Step } from '../decide-step.ts';
import { statusAlone } from '../status.ts';

/** What a plan is made from: a record as the ledger has it, with what was just observed. Plain data. */
export interface PlanInput {
  readonly entity: Entity;
  readonly flow: Flow;
  readonly connections: readonly string[];
  readonly bases: ReadonlyMap<string, Readonly<Record<string, Observed>>>;
  /** By connection; a connection without one is as its base says. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** By connection: the vendor's time, ISO 8601, of what the base says. */
  readonly basesAt: ReadonlyMap<string, string>;
  /** Connections in which the record was archived at the last look, and is in use again. */
  readonly back: ReadonlySet<string>;
  /** Connections in which the record is archived, and may be in use again: at most its status takes part. */
  readonly archived: ReadonlySet<string>;
  /** Connections that are only ever read. */
  readonly readOnly: ReadonlySet<string>;
  readonly history: (field: Field) => FieldHistory;
  readonly project: (connection: string, field: string, value: FieldValue | null) => FieldValue | null;
  readonly firstLoadApproved: boolean;
  readonly now: Date;
}

export interface PlannedField {
  readonly view: FieldView;
  readonly step: Step;
}

/** Compares all linked systems together and decides every field that the agreement names. Pure; nothing is written yet. */
export function planRecord(input: PlanInput): PlannedField[] {
  const { flow } = input;
  const terms = flow.fields;
  const fields = input.entity.fields.filter((field) => terms[field.name]);
  const views = compare(
    fields,
    input.connections.map((connection) => systemView(input, connection)),
    (field, connection) => takesPart(flow, field, connection),
  );
  return views.map((view) => ({
    view,
    step: decideField(view, input.history(view.field), {
      terms: terms[view.field.name] as Flow['fields'][string],
      project: input.project,
      firstLoadApproved: input.firstLoadApproved,
      archived: archivedFor(input, view.field.name),
      now: input.now,
    }),
  }));
}

/** One that takes no part with a field has nothing in its questions that could come back with it. */
function archivedFor(
  { archived, bases, flow }: PlanInput,
  field: string,
): NonNullable<DecideContext['archived']> {
  return new Map(
    [...archived]
      .filter((connection) => takesPart(flow, field, connection))
      .map((connection) => {
        const base = bases.get(connection)?.[field];
        return [connection, base && holdsSomething.has(base.state) ? heldValue(base) : undefined];
      }),
  );
}

function systemView(input: PlanInput, connection: string): SystemView {
  const base = input.bases.get(connection) ?? {};
  const observation = input.observations.get(connection);
  const observed = observation?.fields ?? base;
  const isArchived = input.archived.has(connection);
  return {
    connection,
    observed: isArchived ? statusAlone(observed) : observed,
    base: isArchived ? statusAlone(base) : base,
    vendorAt: observation ? observation.vendorAt : input.basesAt.get(connection) || null,
    editors: observation?.editors ?? {},
    isBack: input.back.has(connection),
    isReadOnly: input.readOnly.has(connection),
  };
}

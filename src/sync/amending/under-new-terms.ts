import type { FlowDifference } from '../../agreement/differences.ts';
import type { Observation } from '../../connectors/connector.ts';
import type { Observed } from '../../entities/field.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import type { FieldHistory } from '../decide-step.ts';
import { type PlanInput, type PlannedField, planRecord } from '../deciding/plan.ts';

/** Who let a value out that has not arrived everywhere: a rule of the agreement, which may say otherwise now. */
const byRule = /^rule:(overwrite|read_only|review|latest)$/;

/**
 * Plans a record under terms that have changed since it was last looked at. In the fields that they decide otherwise every
 * difference from what was agreed counts anew, however old it is: what was left apart under the old terms, what a person was asked
 * about, what an old rule has sent on its way. Fields that nobody is asked about any more are decided; what a person decided stands;
 * what no term touches is planned as ever. Pure.
 */
export function planUnderNewTerms(
  input: PlanInput,
  state: Pick<RecordState, 'agreed' | 'bases'>,
  difference: Pick<FlowDifference, 'fields'>,
): PlannedField[] {
  const usual = planRecord(input);
  const touched = usual.filter(({ view }) => {
    const history = input.history(view.field);
    return difference.fields[view.field.name] && (!history.pending || byRule.test(history.pending.by));
  });
  if (touched.length === 0) return usual;
  const names = new Set(touched.map(({ view }) => view.field.name));
  const anew = new Map(
    planRecord(asIfJustChanged(input, state, difference, names)).map((planned) => [
      planned.view.field.name,
      planned,
    ]),
  );
  return usual.map((planned) => {
    const { name } = planned.view.field;
    const again = names.has(name) ? anew.get(name) : undefined;
    return again ? better(planned, again, input.history(planned.view.field)) : planned;
  });
}

/** A question that is still to be asked stays the one that people know; of one that is moot, and of a value that is to go nowhere else, the usual way knows the end. */
function better(usual: PlannedField, anew: PlannedField, { question, pending }: FieldHistory): PlannedField {
  const isOpen = question !== null || pending !== null;
  if (isOpen && anew.step.kind === 'nothing') return usual;
  if (question && (anew.step.kind === 'ask' || anew.step.kind === 'agree')) return usual;
  if (pending && anew.step.kind === 'bring' && anew.step.by === pending.by) {
    const same = JSON.stringify(anew.step.value) === JSON.stringify(pending.value);
    return same ? { ...usual, step: { kind: 'nothing' } } : anew;
  }
  return anew;
}

/** The same record as if every system had come by its value just now, since what was agreed. */
function asIfJustChanged(
  input: PlanInput,
  { agreed }: Pick<RecordState, 'agreed'>,
  difference: Pick<FlowDifference, 'fields'>,
  names: ReadonlySet<string>,
): PlanInput {
  const { history } = input;
  const bases = new Map<string, Readonly<Record<string, Observed>>>();
  const observations = new Map(input.observations);
  for (const connection of input.connections) {
    const known = input.bases.get(connection) ?? {};
    const seen = input.observations.get(connection);
    const [base, observed] = [{ ...known }, { ...(seen?.fields ?? known) }];
    for (const name of names) {
      const held = known[name];
      const now = seen?.fields[name];
      if (!now || now.state === 'not_read') observed[name] = held ?? { state: 'not_read' };
      const settled = agreed.get(name);
      if (difference.fields[name]?.joins.includes(connection)) delete base[name];
      else if (settled && (held?.state === 'value' || held?.state === 'blank'))
        base[name] = settled.value === null ? { state: 'blank' } : { state: 'value', value: settled.value };
    }
    bases.set(connection, base);
    observations.set(connection, { ...(seen ?? asLastSeen(input, connection)), fields: observed });
  }
  return {
    ...input,
    bases,
    observations,
    history: (field) =>
      names.has(field.name) ? { ...history(field), question: null, pending: null } : history(field),
  };
}

/** What the ledger knows of a system that was not read just now, in the form of a reading. */
const asLastSeen = (input: PlanInput, connection: string): Omit<Observation, 'fields'> => ({
  externalId: '',
  role: '',
  url: null,
  vendorAt: input.basesAt.get(connection) ?? null,
  archived: input.archived.has(connection),
  marker: null,
  also: [],
  editors: {},
  drift: [],
});

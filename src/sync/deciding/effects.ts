import type { Change, Told } from '../../ledger/changes/changes.ts';
import type { conflicts, pending } from '../../ledger/tables/index.ts';
import { projector, type RunContext } from '../context.ts';
import type { AgreedOn } from './agree.ts';
import type { Look } from './observe.ts';
import type { PlannedField } from './plan.ts';
import { undoneIn } from './undone.ts';

/** A record that differs, with its open change as it is from now on. */
export interface Differing extends Look {
  readonly change: Change;
  /** What is to be done, field by field. */
  readonly steps: readonly PlannedField[];
}

/** What the steps of a record come to in the ledger: rows to be stored, of many records at once. Plain data. */
export interface Effects {
  /** Questions that are over. */
  readonly closed: readonly { readonly id: string; readonly to: 'withdrawn' | 'expired' }[];
  /** Values decided before that are not brought any more. */
  readonly setAside: readonly { readonly recordId: string; readonly field: string }[];
  readonly asked: readonly (typeof conflicts.$inferInsert)[];
  /** Open questions of which the values moved. */
  readonly moved: readonly {
    readonly id: string;
    readonly options: (typeof conflicts.$inferInsert)['options'];
    readonly revision: number;
  }[];
  readonly brought: readonly (typeof pending.$inferInsert)[];
  readonly agreed: readonly AgreedOn[];
  readonly lines: readonly Told[];
}

/** The effects of many, in their order. */
export const together = (all: readonly Partial<Effects>[]): Effects => ({
  closed: all.flatMap(({ closed = [] }) => closed),
  setAside: all.flatMap(({ setAside = [] }) => setAside),
  asked: all.flatMap(({ asked = [] }) => asked),
  moved: all.flatMap(({ moved = [] }) => moved),
  brought: all.flatMap(({ brought = [] }) => brought),
  agreed: all.flatMap(({ agreed = [] }) => agreed),
  lines: all.flatMap(({ lines = [] }) => lines),
});

/** What carrying out the steps of a record comes to, with the story of it. Pure. */
export function effectsOf(context: RunContext, differing: Differing, now: Date): Effects {
  const steps = differing.steps.map((planned) => effectOf(context, differing, planned, now));
  return together([{ lines: opening(context, differing, now) }, ...steps]);
}

/** What was read, and what was made of it. */
function opening(context: RunContext, { change, steps, seen }: Differing, now: Date): Told[] {
  const reads = seen.map(({ connection, observation }) => ({
    changeId: change.id,
    at: now,
    kind: 'read' as const,
    connection,
    data: {
      vendorAt: observation.vendorAt,
      changed: steps
        .filter(({ view }) =>
          view.participants.some((p) => p.connection === connection && (p.changed || p.isNew)),
        )
        .map(({ view }) => view.field.name),
    },
  }));
  const compared = {
    changeId: change.id,
    at: now,
    kind: 'compared' as const,
    data: {
      fields: steps.map(({ view }) => view.field.name),
      of: Object.keys(context.flow.fields).length,
    },
  };
  return [...reads, compared];
}

function effectOf(
  context: RunContext,
  differing: Differing,
  { view, step }: PlannedField,
  now: Date,
): Partial<Effects> {
  const { state, change } = differing;
  const field = view.field.name;
  const line = { changeId: change.id, recordId: state.record.id, at: now, field };
  const bring = { recordId: state.record.id, field, changeId: change.id, since: now };
  const question = state.conflicts.get(field);
  const closed = (to: 'withdrawn' | 'expired') => (question ? [{ id: question.id, to }] : []);
  switch (step.kind) {
    case 'bring': {
      const { value, by, putBack } = step;
      const undone = putBack ? { undone: undoneIn(view, value, projector(context)) } : {};
      return {
        brought: [{ ...bring, value, by }],
        lines: [{ ...line, kind: 'ruled', actor: by, data: { value, putBack, ...undone } }],
      };
    }
    case 'ask':
      // What was decided before, but overtaken by a newer edit before it was saved everywhere, is asked again.
      return {
        closed: closed('withdrawn'),
        setAside: [{ recordId: state.record.id, field }],
        asked: [questionOf(context, differing, field, step, now)],
        lines: [
          { ...line, kind: 'asked', data: { options: step.options.map((option) => option.connection) } },
        ],
      };
    case 'move':
      return {
        moved: question ? [{ id: question.id, options: [...step.options], revision: change.revision }] : [],
        lines: [{ ...line, kind: 'moved' }],
      };
    case 'withdraw': {
      const reason = 'the systems came to agree by themselves';
      return {
        closed: closed('withdrawn'),
        agreed: [{ state, field, value: step.value, by: 'same', changeId: change.id }],
        lines: [{ ...line, kind: 'withdrawn', data: { reason } }],
      };
    }
    case 'expire': {
      const { value } = step;
      const data = { value: value ?? null, kept: value === undefined };
      return {
        closed: closed('expired'),
        brought: value === undefined ? [] : [{ ...bring, value, by: 'rule:owner_wins' }],
        lines: [{ ...line, kind: 'ruled', actor: 'rule:nobody_chose', data }],
      };
    }
    case 'hold': {
      const { reason } = step;
      const value = state.agreed.get(field)?.value ?? null;
      const there =
        reason === 'tug_of_war' ? { value, undone: undoneIn(view, value, projector(context)) } : {};
      return { lines: [{ ...line, kind: 'held', data: { reason, ...there } }] };
    }
    default:
      return {};
  }
}

type Ask = Extract<PlannedField['step'], { readonly kind: 'ask' }>;

function questionOf(
  { flow }: RunContext,
  { state, change }: Differing,
  field: string,
  { options, agreedBefore }: Ask,
  now: Date,
): typeof conflicts.$inferInsert {
  const terms = flow.fields[field];
  const hours = terms?.decideWithinHours;
  return {
    // One field may be asked about again within one change: the revision tells the questions apart.
    id: `${change.id}/${field}/${change.revision}`,
    changeId: change.id,
    recordId: state.record.id,
    flow: flow.id,
    field,
    state: 'open',
    options: [...options],
    optionsRevision: change.revision,
    agreedBefore,
    openedAt: now,
    deadline: hours ? new Date(now.getTime() + hours * 3_600_000) : null,
    fallback: terms?.ifNobodyChooses ?? 'keep',
  };
}

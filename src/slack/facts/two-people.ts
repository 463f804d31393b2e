import type { Flow, Person } from '../../agreement/agreement.ts';
import { type Field, same } from '../../entities/field.ts';
import { type Approval, approvalThatWaits } from '../../ledger/questions/approvals.ts';
import { type Approving, editorsOf, secondsOf } from '../../ledger/questions/approving.ts';
import type { Conflict } from '../../ledger/records/records.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { TwoPeopleFacts, ValueGroup } from '../messages/decision/facts.ts';
import { inSentence, listed } from '../messages/text.ts';
import { fieldNamed } from './fields.ts';

interface Eligible {
  readonly person: Person;
  /** For whom they stand in today. */
  readonly standsFor: readonly Person[];
}

/** Who may decide in a flow today, each once: its business owner is always among them, and so is who stands in for somebody. */
function eligibleIn({ owners, deciders }: Flow): Eligible[] {
  const named = [...new Map([owners.business, ...deciders].map((person) => [person.slack, person])).values()];
  const away = named.filter(({ standIn }) => standIn);
  const all = new Map(
    [...named, ...away.flatMap(({ standIn }) => standIn ?? [])].map((one) => [one.slack, one]),
  );
  return [...named, ...all.values().filter((one) => !named.includes(one))].map((person) => ({
    person,
    standsFor: away.filter(({ standIn }) => standIn?.slack === person.slack),
  }));
}

/** Who may approve a new value of a field, and what counts as the same; null where one person decides. Pure. */
export function approvingOf(flow: Flow, field: Field): Approving | null {
  if (!flow.fields[field.name]?.twoPeople) return null;
  return {
    approvers: eligibleIn(flow).map(({ person: { slack, name, knownAs }, standsFor }) => ({
      slack,
      names: [name, ...knownAs],
      ...(standsFor.length > 0 ? { standsFor: standsFor.map((one) => one.slack) } : {}),
    })),
    same: (a, b) => same(field, a, b),
  };
}

/** Of those who may approve: who is there today, since who is away has somebody else for it. */
const present = (flow: Flow, slack: readonly string[]): string[] => {
  const away = new Set(eligibleIn(flow).flatMap(({ person }) => (person.standIn ? [person.slack] : [])));
  return slack.filter((one) => !away.has(one));
};

interface TwoPeopleInput {
  readonly flow: Flow;
  readonly field: Field;
  readonly question: Conflict;
  /** The newest approval of the question. */
  readonly approval: Approval | null;
  readonly groups: readonly ValueGroup[];
  readonly show: (value: Approval['value']) => string | null;
  readonly from: (from: string) => string | null;
}

/** How far two people are with a question; null where one decides, or it is decided. */
export function twoPeopleFacts(input: TwoPeopleInput): TwoPeopleFacts | null {
  const { flow, field, question, approval, groups } = input;
  const approving = approvingOf(flow, field);
  if (!approving || question.state !== 'open') return null;
  const { approvers } = approving;
  const eligible = eligibleIn(flow);
  const nameOf = (slack: string) => {
    const found = eligible.find(({ person }) => person.slack === slack);
    const names = found?.standsFor.map(({ name }) => name) ?? [];
    return `${found?.person.name ?? slack}${names.length > 0 ? ` (for ${listed(names)})` : ''}`;
  };
  const waits = approval && approval.withdrawnAt === null ? approval : null;
  const ended = approval?.withdrawnBecause;
  const connection = question.options.find(
    ({ value }) => waits && approving.same(value, waits.value),
  )?.connection;
  const group = groups.findIndex(({ systems }) => systems.some(({ id }) => id === connection));
  return {
    first: waits && {
      by: nameOf(waits.by),
      at: waits.at,
      shown: input.show(waits.value),
      from: input.from(waits.from),
      group: group < 0 ? null : group,
    },
    can: present(flow, secondsOf(question.options, approvers, waits?.by ?? null)).map(nameOf),
    editors: editorsOf(question.options, approvers).map(({ slack }) => nameOf(slack)),
    lapsed: !waits && approval && ended ? { by: nameOf(approval.by), because: ended } : null,
  };
}

/** Who may give the second approval that a line calls for, and of what; null where it is not called for (any more). */
export async function secondApproval(
  { db, agreement, entity }: FactSources,
  id: unknown,
): Promise<{
  readonly label: string;
  readonly seconds: readonly string[];
  readonly question: string;
} | null> {
  const found = typeof id === 'number' ? await approvalThatWaits(db, id) : null;
  const flow = found && flowOf(agreement(), found.question.flow);
  if (!found || !flow) return null;
  const { approval, question } = found;
  const field = fieldNamed(entity(flow.entity), question.field);
  const approving = approvingOf(flow, field);
  if (!approving) return null;
  const seconds = present(flow, secondsOf(question.options, approving.approvers, approval.by));
  return { label: inSentence(field.label), seconds, question: question.id };
}

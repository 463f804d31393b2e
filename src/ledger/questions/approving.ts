import type { FieldValue } from '../../entities/field.ts';
import type { ApprovalEnd, ConflictOption } from '../tables/changes.ts';

/** One who may approve a value that needs two people, under every name by which systems know them. */
export interface Approver {
  /** Slack user id. */
  readonly slack: string;
  readonly names: readonly string[];
  /** Slack user ids of those for whom they stand in now: together they count as one person. */
  readonly standsFor?: readonly string[];
}

/** Who of the approvers made one of the changes apart, and where. */
export interface Editor {
  readonly slack: string;
  readonly connections: readonly string[];
}

/** A question of which a new value needs two people. Plain data. */
export interface Question {
  readonly options: readonly ConflictOption[];
  readonly agreedBefore: FieldValue | null;
  /** What the first person chose, if anybody has. */
  readonly first: { readonly by: string; readonly value: FieldValue | null } | null;
}

export interface Approving {
  readonly approvers: readonly Approver[];
  readonly same: (a: FieldValue | null, b: FieldValue | null) => boolean;
}

/** What one person's choice comes to. `ends` = why the first approval counts no longer, where it does not. */
export type Verdict =
  | { readonly kind: 'decide'; readonly ends: ApprovalEnd | null }
  | { readonly kind: 'first'; readonly ends: ApprovalEnd | null }
  /** The first person pressed the same again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'editor'; readonly connections: readonly string[] }
  /** They count as one person with somebody who made one of the changes, or chose first: one stands in for the other. */
  | { readonly kind: 'same_person'; readonly as: string; readonly did: 'change' | 'first' };

/**
 * Two different people choose the same new value, neither of them one who made a change that it is about. What was agreed before
 * is kept by one. Who stands in for somebody counts as that person. Pure.
 */
export function judgeChoice(
  question: Question,
  choice: { readonly by: string; readonly value: FieldValue | null },
  { approvers, same }: Approving,
): Verdict {
  const { first } = question;
  if (keepsAgreed(question, choice.value, same)) return { kind: 'decide', ends: first ? 'kept' : null };
  const editors = editorsOf(question.options, approvers);
  const own = editors.find(({ slack }) => slack === choice.by);
  if (own) return { kind: 'editor', connections: own.connections };
  const isOne = onePerson(approvers);
  const editor = editors.find(({ slack }) => isOne(slack, choice.by));
  if (editor) return { kind: 'same_person', as: editor.slack, did: 'change' };
  if (!first) return { kind: 'first', ends: null };
  const mayStill = secondsOf(question.options, approvers, null).includes(first.by);
  if (!mayStill) return { kind: 'first', ends: 'not_allowed' };
  if (!same(first.value, choice.value)) return { kind: 'first', ends: 'replaced' };
  if (first.by === choice.by) return { kind: 'again' };
  return isOne(first.by, choice.by)
    ? { kind: 'same_person', as: first.by, did: 'first' }
    : { kind: 'decide', ends: null };
}

/** Whether two are the same person, or one of them stands in for the other. */
function onePerson(approvers: readonly Approver[]): (a: string, b: string) => boolean {
  const standsFor = (a: string, b: string) =>
    approvers.some(({ slack, standsFor: those = [] }) => slack === a && those.includes(b));
  return (a, b) => a === b || standsFor(a, b) || standsFor(b, a);
}

/** What was never agreed, at a first load, is not kept: to choose "empty" then is a new value too. */
function keepsAgreed(
  { options, agreedBefore }: Question,
  value: FieldValue | null,
  same: Approving['same'],
): boolean {
  const wasAgreed = agreedBefore !== null || options.some((option) => option.asAgreed);
  return wasAgreed && same(value, agreedBefore);
}

/** The approvers who made one of the changes that a question is about, as far as the systems tell. Pure. */
export function editorsOf(options: readonly ConflictOption[], approvers: readonly Approver[]): Editor[] {
  const changes = options.flatMap(({ connection, changedBy, asAgreed }) =>
    asAgreed || changedBy === null ? [] : [{ connection, by: spoken(changedBy) }],
  );
  return approvers.flatMap(({ slack, names }) => {
    const own = changes.filter(({ by }) => names.some((name) => spoken(name) === by));
    return own.length > 0 ? [{ slack, connections: own.map(({ connection }) => connection) }] : [];
  });
}

/** Slack user ids of who may approve, beside `first`: whoever made none of the changes. Pure. */
export function secondsOf(
  options: readonly ConflictOption[],
  approvers: readonly Approver[],
  first: string | null,
): string[] {
  const isOne = onePerson(approvers);
  const taken = [...editorsOf(options, approvers).map(({ slack }) => slack), ...(first ? [first] : [])];
  return approvers.map(({ slack }) => slack).filter((slack) => !taken.some((one) => isOne(one, slack)));
}

/** A name or e-mail address however it is spaced and written. */
const spoken = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

import type { Asker } from '../answers/asker.ts';
import type { Desk, Reply } from '../desk.ts';

/** One press on a button, in a message or in an ephemeral answer. It was acknowledged before a listener sees it. */
export interface Press {
  readonly desk: Desk;
  readonly asker: Asker;
  /** What follows the colon of the action's name: the choice, the page. */
  readonly detail: string;
  /** The button's value: ids and the revision, as they were sent to Slack. */
  readonly value: string;
  /** Good for opening one modal within three seconds. */
  readonly triggerId: string;
  /** Where the message is; null for a press inside a modal. */
  readonly channel: string | null;
  /** The modal that was pressed in; null for a press on a message. */
  readonly view: { readonly id: string; readonly metadata: string } | null;
  /** The press was on an answer that only the asker sees: it may be edited. */
  readonly onAnswer: boolean;
  readonly reply: Reply;
}

export type PressListener = (press: Press) => Promise<void>;

/** `<change id>/<field>/<choice>/r<revision>` of a decision's buttons; null for anything else. */
export function readDecisionValue(
  value: string,
): { changeId: string; field: string; choice: string; revision: number } | null {
  const found = /^(tr-[0-9A-Z]{10})\/([^/]+)\/([^/]+)\/r(\d+)$/.exec(value);
  const [, changeId, field, choice, revision] = found ?? [];
  return changeId && field && choice && revision
    ? { changeId, field, choice, revision: Number(revision) }
    : null;
}

/** `<alert number>/<what>/r<revision>` of an alert's buttons; null for anything else. */
export function readAlertValue(value: string): { number: number; what: string; revision: number } | null {
  const [, number, what, revision] = /^(\d+)\/([a-z]+)\/r(\d+)$/.exec(value) ?? [];
  return number && what ? { number: Number(number), what, revision: Number(revision) } : null;
}

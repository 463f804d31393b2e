import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';

/** Who somebody is, by Slack's word. What they may do is the agreement's. */
export interface PersonFacts {
  readonly id: string;
  /** The workspaces that the person is a full part of. */
  readonly teams: readonly string[];
  readonly isBot: boolean;
  readonly deactivated: boolean;
  readonly guest: boolean;
  /** From another company, through a shared channel. */
  readonly stranger: boolean;
}

/** Null = Slack could not say who it is: that means no. */
export type Known = PersonFacts | null;

export type Verdict =
  | { readonly kind: 'yes' }
  /** Slack could not say who it is. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_member' }
  /** A member, but somebody else's: these Slack user ids can. */
  | { readonly kind: 'others'; readonly who: readonly string[] };

const yes: Verdict = { kind: 'yes' };

/** A person of this workspace: no guest, no bot, nobody deactivated, nobody of another workspace. */
export function membership(person: Known, home: string): Verdict {
  if (person === null) return { kind: 'unknown' };
  const outside =
    person.isBot || person.deactivated || person.guest || person.stranger || !person.teams.includes(home);
  return outside ? { kind: 'not_member' } : yes;
}

/** May this person choose between values of this flow? */
export const mayDecide = (person: Known, flow: Flow, home: string): Verdict =>
  among(person, home, decidersOf(flow));

/** May this person say that a new version of the agreement counts for this flow? */
export const mayAgree = (person: Known, flow: Flow, home: string): Verdict =>
  among(person, home, [flow.owners.business.slack]);

/** May this person run the flow, run a change again, take an alert? */
export const mayOperate = (person: Known, flow: Flow, home: string): Verdict =>
  among(person, home, [flow.owners.business.slack, flow.owners.technical.slack]);

/** May this person connect this connection, or approve what is set up in its account? */
export const mayConnect = (
  person: Known,
  agreement: ActiveAgreement,
  connection: string,
  home: string,
): Verdict => among(person, home, connectorsOf(agreement, connection));

/** Slack user ids of who may connect it: the technical owners of the flows that use it. */
export const connectorsOf = (agreement: ActiveAgreement, connection: string): string[] => [
  ...new Set(
    Object.values(agreement.flows)
      .filter((flow) => flow.connections.includes(connection))
      .map((flow) => flow.owners.technical.slack),
  ),
];

/** May this person read records, values and amounts of this flow? */
export const maySee = (person: Known, flow: Flow, home: string): boolean =>
  among(person, home, [...decidersOf(flow), flow.owners.technical.slack]).kind === 'yes';

/** The flows whose records this person may read. */
export const visibleFlows = (person: Known, agreement: ActiveAgreement, home: string): Flow[] =>
  Object.values(agreement.flows).filter((flow) => maySee(person, flow, home));

/** Slack user ids of who may choose; the business owner is always among them. */
export const decidersOf = (flow: Flow): string[] => [
  ...new Set([flow.owners.business.slack, ...flow.deciders.map((person) => person.slack)]),
];

function among(person: Known, home: string, who: readonly string[]): Verdict {
  const member = membership(person, home);
  if (member.kind !== 'yes' || person === null) return member;
  return who.includes(person.id) ? yes : { kind: 'others', who };
}

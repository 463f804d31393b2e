import type { ActiveAgreement, Flow, Person } from '../agreement/agreement.ts';
import { actingFor, actingName, speaksFor } from '../agreement/deputies.ts';

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
  among(person, home, [flow.owners.business, ...flow.deciders]);

/** May this person say that a new version of the agreement counts for this flow? */
export const mayAgree = (person: Known, flow: Flow, home: string): Verdict =>
  among(person, home, [flow.owners.business]);

/** May this person run the flow, run a change again, take an alert? */
export const mayOperate = (person: Known, flow: Flow, home: string): Verdict =>
  among(person, home, [flow.owners.business, flow.owners.technical]);

/** May this person connect this connection, or approve what is set up in its account? */
export const mayConnect = (
  person: Known,
  agreement: ActiveAgreement,
  connection: string,
  home: string,
): Verdict => among(person, home, technicalOwnersOf(agreement, connection));

/** Slack user ids of who may connect it: the technical owners of the flows that use it, and who stands in for them today. */
export const connectorsOf = (agreement: ActiveAgreement, connection: string): string[] =>
  everybody(technicalOwnersOf(agreement, connection));

const technicalOwnersOf = (agreement: ActiveAgreement, connection: string): Person[] =>
  Object.values(agreement.flows)
    .filter((flow) => flow.connections.includes(connection))
    .map((flow) => flow.owners.technical);

/** May this person read records, values and amounts of this flow? */
export const maySee = (person: Known, flow: Flow, home: string): boolean =>
  among(person, home, [flow.owners.business, ...flow.deciders, flow.owners.technical]).kind === 'yes';

/** The flows whose records this person may read. */
export const visibleFlows = (person: Known, agreement: ActiveAgreement, home: string): Flow[] =>
  Object.values(agreement.flows).filter((flow) => maySee(person, flow, home));

/** Slack user ids of who may choose; the business owner is always among them, and so is who stands in for somebody today. */
export const decidersOf = ({ owners, deciders }: Flow): string[] => everybody([owners.business, ...deciders]);

/** Names of who can choose today: of somebody who is away, who stands in for them. */
export const deciderNames = ({ owners, deciders }: Flow): string[] => [
  ...new Set([owners.business, ...deciders].map(actingName)),
];

const everybody = (people: readonly Person[]): string[] => [
  ...new Set(people.flatMap(({ slack, standIn }) => (standIn ? [standIn.slack, slack] : [slack]))),
];

function among(person: Known, home: string, who: readonly Person[]): Verdict {
  const member = membership(person, home);
  if (member.kind !== 'yes' || person === null) return member;
  if (who.some((one) => speaksFor(person.id, one))) return yes;
  // Those are named who are there.
  return { kind: 'others', who: [...new Set(who.map((one) => actingFor(one).slack))] };
}

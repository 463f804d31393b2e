import type { IncidentCause, IncidentState } from '../../../ledger/tables/incidents.ts';
import type { HeldUpFacts } from '../decision/held-up.ts';

/** Everything that an alert's message shows. */
export interface AlertFacts {
  /** The 118 of "alert 118". */
  readonly number: number;
  readonly revision: number;
  readonly drawing: number;
  readonly cause: IncidentCause;
  readonly state: IncidentState;
  readonly flowId: string;
  readonly flowName: string;
  /** "customer", "customers" */
  readonly noun: { readonly one: string; readonly many: string };
  /** The system that the problem is with, as people call it; null for Truce's own. */
  readonly system: string | null;
  /** "HubSpot, Xero and Cin7 Core" */
  readonly between: string;
  readonly channel: string;
  readonly reference: string;
  /** What happened, the newest event's words. */
  readonly message: string;
  readonly openedAt: Date;
  readonly recoveredAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedUntil: Date | null;
  readonly returns: number;
  /** The same problem as alerts of its own before; null = not lately. */
  readonly earlier: {
    /** How many times by now, with this one; since when the first of them. */
    readonly times: number;
    readonly since: Date;
    /** The newest of them, and the link to its message. */
    readonly number: number;
    readonly link: string | null;
  } | null;
  /** True where the technical owner was called since it opened or came back. */
  readonly called: boolean;
  /** True where others were asked since, because nobody took it on. */
  readonly escalated: boolean;
  /** Who is asked next, and when; null at the end of the ladder. */
  readonly next: { readonly at: Date; readonly who: string } | null;
  /** Somebody put it off. */
  readonly snoozed: { readonly by: string; readonly until: Date } | null;
  readonly waiting: number | null;
  /** What these come to, where they are about money: "$38,400". */
  readonly worth?: string | null;
  /** Records of other kinds that wait for records of this sync. */
  readonly heldUp?: HeldUpFacts;
  readonly caughtUp: number | null;
  readonly resumeAt: Date | null;
  readonly missedSlot: Date | null;
  readonly field: string | null;
  /** For an unusual number of changes: fewer than usual, not more. */
  readonly fewer: boolean;
  /** Slack user id of the technical owner, who is asked. */
  readonly technicalOwner: string;
  /** Where the credentials of the system come from, for a refused sign-in; never a credential. */
  readonly credentialsNote: string | null;
  /** What to type to sign the system in again: "/sync connect xero"; null where that is not done on its own page. */
  readonly connectCommand: string | null;
  readonly zone: string;
}

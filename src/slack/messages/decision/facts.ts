import type { ApprovalEnd, ChangeState, ConflictState } from '../../../ledger/tables/changes.ts';
import type { UndoItem } from '../rollback/facts.ts';
import type { HeldUpFacts } from './held-up.ts';

/** Everything that a decision's message shows, in words; gathered by `slack/facts/decision.ts`, drawn by `decision.ts`. */
export interface DecisionFacts {
  /** The reference, `tr-…`. */
  readonly changeId: string;
  readonly revision: number;
  /** Counts every drawing of this message. */
  readonly drawing: number;
  readonly title: string;
  /** "customer" */
  readonly noun: string;
  readonly flowName: string;
  readonly agreement: number;
  readonly zone: string;
  readonly state: ChangeState;
  /** "no ABN", for a change that waits. */
  readonly waitsFor: string | null;
  readonly waitsDetail: string | null;
  /** Names of who may choose. */
  readonly deciders: readonly string[];
  /** The name of who is told where the time of one that goes on waiting is over. */
  readonly helper?: string;
  readonly fields: readonly FieldFacts[];
  /** Records of other kinds that wait for it. */
  readonly heldUp?: HeldUpFacts;
  /** How far the saving is, system by system. */
  readonly saves: readonly SaveFacts[];
  /** Details that something keeps changing back: nothing is written there until a person says so. */
  readonly tugs: readonly TugFacts[];
  /** A system lets nothing be written to it: what is agreed may be kept instead. */
  readonly locked?: boolean;
  /** Its sync stands still, and nothing of it is under way: what was decided goes out once it goes on; `until` null = when somebody says so. */
  readonly paused?: { readonly until: Date | null } | null;
  readonly closedAt: Date | null;
  /** Days after which it shows no values, where these have passed; else null. */
  readonly forgottenAfterDays: number | null;
  /** Whether a person may have it undone; `two_people` = one alone may not. */
  readonly undoable: 'yes' | 'two_people' | 'no';
  /** A system whose value people always take for a detail of it: it could become a rule. */
  readonly custom: { readonly field: string; readonly system: string } | null;
  /** What was undone of it. */
  readonly undone: UndoneDecision | null;
}

/** A decision that was undone, or is being. */
export interface UndoneDecision {
  /** Its own reference. */
  readonly reference: string;
  /** The name of who undid it. */
  readonly by: string;
  readonly at: Date;
  readonly isUnderWay: boolean;
  readonly back: readonly UndoItem[];
  readonly left: readonly UndoItem[];
  /** Names of the fields that are back as before. */
  readonly fields: readonly string[];
  /** How many details are put aside by it now, and whose values end that. */
  readonly aside: number;
  readonly owners: readonly string[];
}

export interface FieldFacts {
  readonly name: string;
  readonly label: string;
  /** Personal or secret: values are not shown in the channel. */
  readonly hidden: boolean;
  /** In a form for one person: long values are not cut. */
  readonly whole?: boolean;
  readonly state: ConflictState;
  readonly groups: readonly ValueGroup[];
  /** What was agreed before, in words; null where nothing was. */
  readonly agreedBefore: string | null;
  readonly deadline: Date | null;
  readonly fallback: 'keep' | 'owner_wins' | 'hold';
  /** Its time is over, and it goes on waiting for a person. */
  readonly isLate?: boolean;
  /** "Xero": whose value counts when nobody chooses and the fallback says so. */
  readonly ownerLabel: string;
  readonly chosen: ChosenFacts | null;
  /** Set where a new value needs two people. */
  readonly twoPeople: TwoPeopleFacts | null;
  /** Why it was withdrawn or did not work, where the ledger says. */
  readonly note: string | null;
  /** How it ended without anybody deciding; null where it did not. `settledOn` = what the systems agree on, where they do. */
  readonly withdrawn: {
    readonly reason: string | null;
    readonly settledOn: { readonly shown: string | null } | null;
  } | null;
}

/** One distinct value and the systems that hold it. */
export interface ValueGroup {
  readonly systems: readonly { readonly id: string; readonly label: string; readonly url: string | null }[];
  /** Null = empty there. */
  readonly shown: string | null;
  /** What looks odd about a changed value and may yet be right, as a sentence. */
  readonly odd: string | null;
  readonly asAgreed: boolean;
  readonly changedAt: Date | null;
  readonly changedBy: string | null;
}

export interface ChosenFacts {
  readonly shown: string | null;
  /** A connection's label, "as agreed before", or null for a typed value. */
  readonly from: string | null;
  /** A Slack user id, or a rule's name. */
  readonly by: string;
  readonly at: Date;
  /** Slack user id of who approved it first, where it needed two people. */
  readonly first?: string;
}

/** How far two people are with a new value. */
export interface TwoPeopleFacts {
  /** The first approval, by name, while it waits for the second: a mention would have them hear of the call to the others. */
  readonly first: (ChosenFacts & { readonly group: number | null }) | null;
  /** Names of who can give the next approval; empty = nobody can. */
  readonly can: readonly string[];
  /** Names of those who made one of the changes, and so do not approve it. */
  readonly editors: readonly string[];
  /** A first approval that counts no longer, and why. */
  readonly lapsed: { readonly by: string; readonly because: ApprovalEnd } | null;
}

/** A value that was put back again and again, and is something else again. */
export interface TugFacts {
  readonly label: string;
  readonly hidden: boolean;
  /** What Truce put back; null = empty. */
  readonly shown: string | null;
  /** "Xero": whose value counts. */
  readonly ownerLabel: string;
  readonly undone: readonly UndoneFacts[];
}

/** A value that did not last, and who had put it there, where the system tells. */
export interface UndoneFacts {
  readonly system: string;
  readonly shown: string | null;
  readonly by: string | null;
}

export interface SaveFacts {
  readonly label: string;
  /** True where the record itself is made there. */
  readonly makes: boolean;
  readonly outcome: 'has_it' | 'saved' | 'saving' | 'checking' | 'refused';
  /** Labels of the details that were sent there last, as they stand in a sentence. */
  readonly what: readonly string[];
  /** The system's own words, for `refused`; or Truce's, where it did not ask. */
  readonly reason: string | null;
  /** The record lacks something: the system was not asked to make it. */
  readonly unasked?: boolean;
}

import type { ChangeState, StoryKind } from '../../../ledger/tables/changes.ts';
import type { RunState, RunTrigger } from '../../../ledger/tables/runs.ts';

/** One line of a change's story, with its ids already turned into words. */
export interface StoryFacts {
  readonly at: Date;
  readonly kind: StoryKind;
  /** "HubSpot" */
  readonly system: string | null;
  /** "Billing address" */
  readonly field: string | null;
  /** A Slack user id, `rule:…`, or null for Truce itself. */
  readonly actor: string | null;
  /** The value that the line is about, as the asker may see it. */
  readonly value: string | null;
  /** From where a value was taken: a system's name, "as agreed before" or "typed". */
  readonly from: string | null;
  /** A reason or a vendor's answer, in words. */
  readonly detail: string | null;
}

export interface CallFacts {
  readonly at: Date;
  readonly system: string;
  readonly purpose: string;
  readonly method: string;
  readonly url: string;
  readonly attempt: number;
  readonly status: number | null;
  readonly durationMs: number;
  readonly error: string | null;
}

export interface ChangeLookup {
  readonly kind: 'change';
  readonly reference: string;
  readonly command: string;
  readonly title: string;
  readonly noun: string;
  readonly flowName: string;
  readonly agreement: number;
  readonly state: ChangeState;
  readonly waitsFor: string | null;
  readonly waitsDetail: string | null;
  readonly details: number;
  readonly systems: number;
  /** Where it can be opened in the systems' own products. */
  readonly places: readonly { readonly label: string; readonly url: string }[];
  readonly closedAt: Date | null;
  readonly story: readonly StoryFacts[];
  readonly calls: readonly CallFacts[];
  /** It wrote something that may be undone. */
  readonly undoable?: boolean;
  /** A system locks it: what is agreed may be kept instead, as of this revision. */
  readonly keepable?: { readonly revision: number };
  readonly zone: string;
}

export interface RunLookup {
  readonly kind: 'run';
  readonly reference: string;
  readonly command: string;
  readonly flowName: string;
  readonly state: RunState;
  readonly trigger: RunTrigger;
  readonly askedBy: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly counts: readonly { readonly n: number; readonly what: string }[];
  /** What went wrong, in words for people. */
  readonly failures: readonly string[];
  readonly changes: readonly { readonly reference: string; readonly title: string; readonly state: string }[];
  readonly calls: readonly CallFacts[];
  /** It wrote something that may be undone. */
  readonly undoable?: boolean;
  readonly zone: string;
}

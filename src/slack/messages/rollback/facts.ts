import type { RollbackScope, RollbackState, RollbackWhy } from '../../../ledger/tables/rollbacks.ts';

/** One value of one record in one system, in words. */
export interface UndoItem {
  readonly title: string;
  /** "Billing address" */
  readonly field: string;
  readonly system: string;
  /** Personal or secret: no value is shown. */
  readonly hidden: boolean;
  /** What Truce wrote, and what was there before; null = empty. */
  readonly written: string | null;
  readonly before: string | null;
  /** What is there now, where somebody changed it. */
  readonly found: string | null;
  readonly verdict: 'goes_back' | 'changed_since' | 'cannot';
  readonly why: RollbackWhy | null;
  /** The vendor's own words of a refusal. */
  readonly refusal: string | null;
  /** Who changed it since: a name, or the reference of what Truce wrote later. */
  readonly changedBy: string | null;
  readonly outcome: 'put_back' | 'refused' | 'moved' | null;
  /** Whose value wins for it: "Xero". */
  readonly owner: string;
}

/** Putting back what was there before, as its preview, its message and its lookup show it. */
export interface UndoFacts {
  /** Its own reference. */
  readonly reference: string;
  readonly command: string;
  readonly zone: string;
  /** Counts every drawing of the message. */
  readonly drawing: number;
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly scope: RollbackScope;
  /** The reference of what is undone. */
  readonly target: string;
  /** The one record that it is about, if it is one. */
  readonly about: string | null;
  /** The one system of a single write. */
  readonly system: string | null;
  readonly state: RollbackState;
  /** Why nothing came of it. */
  readonly note: string | null;
  /** The name of who undoes it. */
  readonly by: string;
  readonly askedAt: Date;
  readonly approvedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly counts: {
    readonly goesBack: number;
    readonly changedSince: number;
    readonly cannot: number;
    readonly asBefore: number;
    readonly putBack: number;
    readonly moved: number;
    readonly refused: number;
    readonly open: number;
    /** Records of which something goes back. */
    readonly records: number;
  };
  /** The first of what goes back, or went. */
  readonly back: readonly UndoItem[];
  /** The first of what does not. */
  readonly left: readonly UndoItem[];
  /** What is put aside by it now, and whose value ends that. */
  readonly aside: { readonly fields: number; readonly records: number; readonly owners: readonly string[] };
}

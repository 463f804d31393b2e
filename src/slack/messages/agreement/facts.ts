/** What the message of a new version of the agreement shows, for one sync; gathered by `slack/facts/agreement.ts`, drawn by `agreement.ts`. */
export interface AgreementFacts {
  readonly version: number;
  /** The version that counts while this one waits. */
  readonly against: number;
  readonly revision: number;
  readonly drawing: number;
  readonly flowId: string;
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly zone: string;
  readonly state: AgreementStanding;
  /** What it says otherwise, a sentence each. */
  readonly says: readonly string[];
  /** Records that it treats otherwise than the version before. */
  readonly records: number;
  readonly details: readonly DetailEffect[];
  /** What was counted beside the details, a sentence each. */
  readonly besides: readonly string[];
  /** True where the sync itself ends. */
  readonly ends: boolean;
  readonly countedAt: Date;
  /** Slack user ids; the names are for those who cannot see mentions. */
  readonly approver: { readonly id: string; readonly name: string };
  readonly technicalOwner: { readonly id: string; readonly name: string };
  /** The rule that it is about, where it was proposed in Slack; null where the file said something new. */
  readonly ruling: RulingFacts | null;
}

export interface RulingFacts {
  /** "Billing address" */
  readonly label: string;
  /** Whose value counts: "Xero". */
  readonly system: string;
  /** Slack user id. */
  readonly proposedBy: string;
  /** What it would have done in the days before it was proposed. */
  readonly tested: { readonly days: number; readonly same: number; readonly different: number };
  /** Whose word it needs, each person once, and whether it was given. */
  readonly words: readonly {
    readonly as: 'business owner' | 'technical owner' | 'business and technical owner';
    readonly id: string;
    readonly said: { readonly by: string; readonly at: Date } | null;
  }[];
  /** As `truce.yml` would say it. */
  readonly line: string;
}

export type AgreementStanding =
  /** It waits for this sync's owner. */
  | { readonly kind: 'asks' }
  /** Approved here; these others have not said yes yet: "Products (Sam Lee)". */
  | { readonly kind: 'waits'; readonly by: string; readonly at: Date; readonly others: readonly string[] }
  /** It counts; null = nobody had to be asked in this sync. */
  | { readonly kind: 'counts'; readonly approved: { readonly by: string; readonly at: Date } | null }
  | { readonly kind: 'refused'; readonly by: string; readonly at: Date }
  /** By this version; null = the file went back to what counts. */
  | { readonly kind: 'replaced'; readonly newer: number | null };

/** How many values of one detail it would write, ask about, put on hold, and how many open questions it would end; with examples by title. */
export interface DetailEffect {
  readonly label: string;
  readonly writes: Counted;
  readonly asks: Counted;
  readonly withdraws: Counted;
  readonly holds: Counted;
}

interface Counted {
  readonly n: number;
  readonly examples: readonly string[];
}

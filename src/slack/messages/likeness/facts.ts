/** Everything that the message of a "same customer?" question shows, in words; gathered by `slack/facts/likeness.ts`. */
export interface LikenessFacts {
  readonly id: number;
  readonly revision: number;
  /** Counts every drawing of this message. */
  readonly drawing: number;
  readonly noun: { readonly one: string; readonly many: string };
  readonly flowName: string;
  readonly agreement: number;
  readonly zone: string;
  readonly state:
    | 'open'
    /** Said, and not carried out by a run yet. */
    | 'linking'
    | 'same'
    | 'different'
    | 'parting'
    | 'undone'
    | 'withdrawn';
  readonly sides: readonly [SideFacts, SideFacts];
  readonly evidence: readonly EvidenceFacts[];
  /** Names of who may answer. */
  readonly deciders: readonly string[];
  /** Systems in which one of them is not made while this is open. */
  readonly keepsFrom: readonly string[];
  readonly answer: { readonly what: 'same' | 'different'; readonly by: string; readonly at: Date } | null;
  readonly undone: { readonly by: string; readonly at: Date } | null;
  /** References of changes that were written while the two were one, the newest first; a few. */
  readonly writtenMeanwhile: readonly string[];
  /** References of what waits for the answer. */
  readonly references: readonly string[];
  /** Why nobody has to answer any more. */
  readonly note: string | null;
}

export interface SideFacts {
  readonly title: string;
  readonly systems: readonly { readonly label: string; readonly url: string | null }[];
}

export interface EvidenceFacts {
  /** "Name", "ABN". */
  readonly label: string;
  /** Personal or secret: that it is the same may be seen, what it is may not. */
  readonly hidden: boolean;
  readonly says: 'same' | 'alike' | 'different' | 'missing' | 'merged';
  readonly left: string | null;
  readonly right: string | null;
}

/** Everything that `connections` shows of one connection. */
export interface ConnectionFacts {
  readonly id: string;
  /** The product, as people call it: "Cin7 Core". */
  readonly label: string;
  /** The account's name at the vendor. */
  readonly account: string | null;
  readonly signIn: SignInFacts;
  /** What we were granted; null where the system knows no permissions, or was never asked. */
  readonly scopes: readonly string[] | null;
  readonly missingScopes: readonly string[];
  readonly expiresAt: Date | null;
  /** It has ended, or ends so soon that somebody has to see to it. */
  readonly endsSoon: boolean;
  /** Null for systems of the company's own, which count none. */
  readonly calls: CallsFacts | null;
  readonly checkedAt: Date | null;
  /** Why it could not be asked the last time. */
  readonly error: string | null;
  readonly problems: readonly string[];
  /** What is worth knowing and needs nobody; none = left out. */
  readonly notes?: readonly string[];
  readonly steps: readonly StepFacts[];
  /** How far Truce is with writing its own ids, where that was approved; none = left out. */
  readonly marks?: readonly MarkFacts[];
  /** The asker may connect it and approve its steps. */
  readonly mine: boolean;
}

export type SignInFacts =
  /** On the vendor's own page; null where nobody has yet. `by` is a Slack user id. */
  | { readonly kind: 'page'; readonly connected: { readonly by: string; readonly at: Date } | null }
  /** With credentials from these environment variables. */
  | { readonly kind: 'environment'; readonly variables: readonly string[] }
  | { readonly kind: 'none' };

interface CallsFacts {
  readonly leftToday: number;
  readonly perDay: number;
  /** Of those of a day, kept back for what people ask for. */
  readonly forPeople: number;
  readonly leftThisMinute: number;
  readonly perMinute: number;
  /** Null where any 24 hours count as a day. */
  readonly dayEnds: Date | null;
  /** The vendor asked us to stay away until then. */
  readonly closedUntil: Date | null;
}

export interface StepFacts {
  /** As {@link readStep} reads it. Ids only. */
  readonly value: string;
  readonly label: string;
  readonly details: readonly string[];
  /** Nothing is missing without it. */
  readonly optional?: true;
}

/** How far Truce is with writing its ids into records of one kind. */
export interface MarkFacts {
  /** "customers". */
  readonly many: string;
  readonly marked: number;
  readonly due: number;
  readonly left: number;
  /** Why those were left, each with how many. */
  readonly reasons: readonly { readonly reason: string; readonly records: number }[];
}

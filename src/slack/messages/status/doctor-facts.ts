/** Something that a person has to see to. */
export interface Need {
  /** Names what is wrong, so that nobody is told twice. */
  readonly cause: string;
  /** One sentence; plain text. */
  readonly what: string;
  /** What to do about it, in one line; plain text. */
  readonly remedy: string;
  /** Slack user ids of the technical owners whom it concerns; none = all. */
  readonly owners: readonly string[];
}

/** One part of what Truce stands on. */
export interface Check {
  readonly name: string;
  /** What was looked at, where all is well: "1 of 1 can be posted to". */
  readonly fine: string;
  readonly needs: readonly Need[];
}

export interface DoctorFacts {
  readonly at: Date;
  readonly zone: string;
  readonly command: string;
  readonly checks: readonly Check[];
}

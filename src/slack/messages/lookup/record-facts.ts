/** One record as `lookup` by a name, an ABN or an id shows it. */
export interface RecordFacts {
  readonly title: string;
  /** "customer" */
  readonly noun: string;
  readonly command: string;
  readonly zone: string;
  /** Where it can be opened in the systems' own products. */
  readonly places: readonly { readonly label: string; readonly url: string }[];
  /** Names of systems. */
  readonly in: readonly string[];
  readonly archivedIn: readonly string[];
  readonly missingIn: readonly string[];
  /** Newest first. */
  readonly changes: readonly RecordChange[];
  /** Who had it erased, and when; left out where nobody did. */
  readonly erased?: { readonly by: string; readonly at: Date };
}

export interface RecordChange {
  readonly reference: string;
  /** "settled" */
  readonly state: string;
  /** "no ABN", for one that waits. */
  readonly waitsFor: string | null;
  readonly open: boolean;
  readonly at: Date;
}

/** One of several records that may be meant. */
export interface RecordLine {
  readonly id: string;
  readonly title: string;
  readonly noun: string;
  /** How its newest change stands; null = it never had one. */
  readonly state: string | null;
  readonly at: Date | null;
}

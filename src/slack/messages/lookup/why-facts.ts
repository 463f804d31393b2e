/** One thing that happened to a value. */
export type WhyStep =
  /** `first` = it was never read there before. */
  | {
      readonly kind: 'seen';
      readonly at: Date;
      readonly system: string;
      readonly value: string;
      readonly by: string | null;
      readonly first: boolean;
    }
  /** Read back after Truce had written it. */
  | { readonly kind: 'saved'; readonly at: Date; readonly system: string; readonly value: string }
  | {
      readonly kind: 'agreed';
      readonly at: Date;
      readonly value: string;
      /** A Slack user id, or `rule:…`, `same`, `first_load`. */
      readonly by: string;
      /** The system that wins for it; for rules that speak of it. */
      readonly owner: string;
      readonly agreement: number;
      readonly reference: string | null;
    };

/** `/sync why`: a value of a record, and how it came there. */
export interface WhyFacts {
  readonly kind: 'why';
  readonly title: string;
  readonly field: string;
  readonly command: string;
  readonly flowName: string;
  readonly zone: string;
  /** The value that all systems agree on; null = nothing was agreed yet. */
  readonly agreed: string | null;
  /** Where the agreed value was seen first, if it was seen before it was agreed; who typed it where the system tells. */
  readonly origin: { readonly system: string; readonly by: string | null; readonly at: Date } | null;
  readonly now: readonly { readonly system: string; readonly value: string }[];
  /** Oldest first. */
  readonly steps: readonly WhyStep[];
}

/** What was typed does not name one record and one field. */
export type WhyUnclear =
  | { readonly kind: 'which_field'; readonly title: string; readonly fields: readonly string[] }
  | { readonly kind: 'which_record'; readonly records: readonly string[]; readonly field: string }
  | { readonly kind: 'erased'; readonly by: string; readonly at: Date; readonly zone: string }
  | { readonly kind: 'nothing'; readonly words: string };

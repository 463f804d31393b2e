import type { Asker } from '../answers/asker.ts';
import type { Desk } from '../desk.ts';
import type { TellOne } from '../tell-one.ts';

/** Inputs of a modal by block id and action id: the text, the chosen option's value, or null when untouched. */
export type Inputs = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

/** A modal that somebody submitted. */
export interface Submission {
  readonly desk: Pick<Desk, 'agreement' | 'entity'>;
  readonly metadata: string;
  readonly values: Inputs;
}

/** What follows once Slack has its answer. */
export interface Afterwards {
  readonly desk: Desk;
  readonly asker: Asker;
  /** Tells the one who submitted. Never rejects. */
  readonly tell: TellOne;
  /** The modal that lay below the one that was submitted, if one did. */
  readonly beneath: string | null;
}

/** Decided from what was typed alone, since Slack waits for the answer: what is wrong by block id, or what to do afterwards. */
export type SubmissionListener = (
  submission: Submission,
) =>
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'done'; readonly afterwards: (after: Afterwards) => Promise<void> };

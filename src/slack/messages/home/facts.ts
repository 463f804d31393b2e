import type { ConnectionFacts } from '../connections/facts.ts';
import type { HeldUpFacts } from '../decision/held-up.ts';
import type { FlowStatus } from '../status/facts.ts';
import type { HomeDecisions } from './decisions.ts';

/** What one person's board shows. */
export type HomeFacts =
  /** A guest, or somebody of another workspace. */
  | { readonly kind: 'stranger'; readonly company: string }
  /** Slack did not say who it is. */
  | { readonly kind: 'unknown' }
  | BoardFacts;

export interface BoardFacts {
  readonly kind: 'board';
  readonly now: Date;
  readonly zone: string;
  readonly agreement: number;
  readonly command: string;
  /** All flows, worst first. */
  readonly flows: readonly FlowStatus[];
  readonly view: 'mine' | 'all';
  readonly unfolded: boolean;
  /** They have never opened it before. */
  readonly isFirst: boolean;
  /** Ids of the flows whose questions this person answers. */
  readonly decides: readonly string[];
  /** What the decisions of these hold up. */
  readonly heldUp?: HeldUpFacts;
  /** The oldest of them, one by one. */
  readonly decisions: HomeDecisions;
  /** When they are told what waits for them. */
  readonly told: 'twice' | 'morning';
  /** Of the flows of which this person is the technical owner. */
  readonly connections: readonly ConnectionFacts[];
}

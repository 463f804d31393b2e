/** What became of a flow's newest changes. */
export interface Outcomes {
  /** Those that are in every system. */
  readonly settled: number;
  /** Those that a system refused, and that still are not everywhere. */
  readonly refused: number;
}

/** Fewer refused records than this are no share of anything: each has its own message. */
export const refusedAtLeast = 3;

/** The share of records that were refused, in percent. Pure. */
export const refusedPercent = ({ settled, refused }: Outcomes): number =>
  refused === 0 ? 0 : (100 * refused) / (settled + refused);

/** Whether too large a share is refused for the flow; null = it has no such limit. Pure. */
export const isTooMuchRefused = (outcomes: Outcomes, alertAfterPercent: number | null): boolean =>
  alertAfterPercent !== null &&
  outcomes.refused >= refusedAtLeast &&
  refusedPercent(outcomes) >= alertAfterPercent;

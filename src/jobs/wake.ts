import type { RunTrigger } from '../ledger/tables/runs.ts';

/** A wake-up: never work itself. Whatever wakes a flow, and however often, the ledger says what is to be done. */
export interface Wake {
  readonly flow: string;
  readonly trigger: RunTrigger;
  /** Record ids, for a run of these records only. */
  readonly targets?: readonly string[];
  /** Slack user id of who asked. */
  readonly askedBy?: string;
}
export type WakeUp = (wake: Wake) => Promise<void>;

import type { FlowHeldUp, HeldUpFacts } from '../decision/held-up.ts';

/** The closed list of state words. `unknown` = the watch has not heard from the runner; it is never shown as fine. */
export type StatusWord =
  | 'fine'
  | 'running'
  | 'late'
  | 'waiting for you'
  | `waiting for ${string}`
  | 'stopped'
  | 'paused'
  | 'needs a look'
  | 'draft'
  | 'unknown';

export interface FlowStatus {
  readonly id: string;
  readonly name: string;
  readonly state: StatusWord;
  readonly since: Date | null;
  /** Somebody has it stand still; `by` is a name. */
  readonly paused: { readonly by: string; readonly at: Date; readonly until: Date | null } | null;
  readonly noun: { readonly one: string; readonly many: string };
  /** "HubSpot, Xero and Cin7 Core" */
  readonly between: string;
  /** "every minute", or the cron line. */
  readonly schedule: string;
  readonly problem: {
    readonly words: string;
    readonly alert: number;
    readonly reference: string;
    readonly takenBy: string | null;
    readonly takenUntil: Date | null;
  } | null;
  /** The version of the agreement that waits for this sync's owner. */
  readonly proposed: { readonly version: number; readonly waitsFor: readonly string[] } | null;
  readonly decisions: { readonly open: number; readonly oldest: Date | null };
  /** What the last look at the money found: "every cent has its reason"; only of invoices, and where `mine`. */
  readonly money?: { readonly at: Date; readonly words: string };
  /** Records of other kinds that wait for records of this sync; only where `mine`. */
  readonly heldUp?: FlowHeldUp;
  /** Pairs of which a person is asked whether they are one. */
  readonly alike: number;
  /** What waits for something else than a decision: "no ABN" → 7. */
  readonly waiting: readonly { readonly words: string; readonly n: number }[];
  /** What somebody undid and put aside: Truce writes nothing to it. `reference` = the newest undoing. */
  readonly aside: { readonly fields: number; readonly records: number; readonly reference: string } | null;
  /** Changes that could not be saved everywhere. */
  readonly failed: number;
  /** What is in some system and not in all for more than a few minutes, and when the first of it is tried again by itself. */
  readonly partial: { readonly n: number; readonly nextTryAt: Date | null };
  /** What Truce has still to work off by itself, where it is worth a line; `tries` = the most that one record has had. */
  readonly backlog: { readonly n: number; readonly oldest: Date; readonly tries: number } | null;
  /** What the newest run says of itself: the day's calls will not do for it. */
  readonly short: string | null;
  /** The newest of those that wait or failed: a name from a vendor, why, and the reference. */
  readonly stuck: readonly { readonly title: string; readonly why: string; readonly reference: string }[];
  readonly last: { readonly at: Date; readonly changed: number; readonly reference: string } | null;
  readonly lastGood: Date | null;
  readonly next: Date | null;
  /** Settled by this time of day on days like this one; null where too few are known. `weekday` = "Tuesday", where they have that name. */
  readonly usual: { readonly from: number; readonly to: number; readonly weekday: string | null } | null;
  /** Within what time half of what came by itself was everywhere, and within what time 95 %, in the last seven days; ms. */
  readonly arrival: { readonly median: number; readonly p95: number } | null;
  readonly week: { readonly moved: number; readonly asked: number };
  /** Of the systems that count calls. */
  readonly calls: readonly { readonly label: string; readonly left: number; readonly perDay: number }[];
  /** Addresses in Slack: the oldest open decision, and the problem's message. */
  readonly links: { readonly decision: string | null; readonly alert: string | null };
  readonly today: { readonly runs: number; readonly settled: number; readonly decided: number };
  readonly owners: { readonly business: string; readonly technical: string };
  /** Who stands in for them today; left out = nobody. */
  readonly standIns?: { readonly business: string | null; readonly technical: string | null };
  /** The asker owns or decides it: amounts and records may be told. */
  readonly mine: boolean;
}

export interface StatusFacts {
  readonly now: Date;
  readonly zone: string;
  readonly agreement: number;
  /** As the person typed it: `/sync`. */
  readonly command: string;
  readonly flows: readonly FlowStatus[];
  /** What the decisions of all syncs of the asker hold up. */
  readonly heldUp?: HeldUpFacts;
}

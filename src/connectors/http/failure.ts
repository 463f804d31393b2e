import type { FailureCause } from '../connector.ts';
import { VendorError } from '../connector.ts';

/** What is known of a call that did not work, before it becomes an error. */
export interface Failure {
  readonly cause: FailureCause;
  /** For people: what happened, without a full stop. */
  readonly message: string;
  /** The vendor's own words, where it gave any; else the message. Goes behind "Xero refused:". */
  readonly reason: string;
  /** True when the vendor may have carried the request out, whatever came back. */
  readonly mayHaveArrived: boolean;
  /** True when the same call may well work in a moment. */
  readonly passing: boolean;
  readonly resumeAt: Date | null;
}

/** A VendorError that also says what a connector must know to settle its writes. */
export class CallFailed extends VendorError {
  readonly reason: string;
  readonly mayHaveArrived: boolean;
  readonly passing: boolean;

  constructor(
    connection: string,
    failure: Failure,
    more: { status?: number | null; exchangeId?: number | null } = {},
  ) {
    super(failure.cause, connection, failure.message, { ...more, resumeAt: failure.resumeAt });
    this.reason = failure.reason;
    this.mayHaveArrived = failure.mayHaveArrived;
    this.passing = failure.passing;
  }
}

/** A failure with the usual defaults: nothing arrived, no use in trying again at once. */
export function failure(cause: FailureCause, message: string, more: Partial<Failure> = {}): Failure {
  return {
    cause,
    message,
    reason: message,
    mayHaveArrived: false,
    passing: false,
    resumeAt: null,
    ...more,
  };
}

/** The vendor, or what it told us earlier, wants us to stay away until then. */
export function busy(label: string, until: Date, now: Date): Failure {
  const wait = waitInWords(until.getTime() - now.getTime());
  return failure('busy', `${label} asks us to wait ${wait}`, { resumeAt: until });
}

/** A wait as people say it: "40 s", "5 min", "2 h". */
export function waitInWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

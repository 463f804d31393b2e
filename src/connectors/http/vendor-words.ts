/** A response as it came. Header names are in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What the vendor's own headers say is left. */
export interface Remaining {
  readonly minute?: number;
  readonly day?: number;
}

/** How a vendor says the things that every vendor says differently. All pure. */
export interface VendorWords {
  /** As people call the product: "Xero". */
  readonly label: string;
  /**
   * Null when the answer is no "too many calls"; else when the vendor lets us go on. Without this hook (or its hint) a 429
   * waits for `Retry-After`, else for the next full minute. `attempt` is 1 for the first try.
   */
  busyUntil?(answer: RawAnswer, now: Date, attempt: number): Date | null;
  /** The vendor's own reason for a refusal, for people; null where it gives none. */
  reason?(body: unknown): string | null;
  remaining?(headers: Readonly<Record<string, string>>): Remaining;
}

/** `Retry-After` as an instant: it comes in seconds or as an HTTP date. Null when absent or unreadable. */
export function retryAfter(headers: Readonly<Record<string, string>>, now: Date): Date | null {
  const value = headers['retry-after']?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return new Date(now.getTime() + Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : new Date(date);
}

/** The start of the next full minute, where the limits that reset by the minute open again. */
export function nextMinute(now: Date): Date {
  return new Date((Math.floor(now.getTime() / 60_000) + 1) * 60_000);
}

/** A whole number in a header, null when absent or no number. */
export function numberIn(headers: Readonly<Record<string, string>>, name: string): number | undefined {
  const value = headers[name];
  return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

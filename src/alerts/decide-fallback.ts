export interface FallbackFacts {
  /** Since when Slack has not been reached; null = it is. */
  readonly away: Date | null;
  /** Since when it had not been, as the webhook was told last; null where it was told that it is back, or nothing. */
  readonly before: Date | null;
  readonly afterMinutes: number;
  readonly now: Date;
}

export type FallbackNews =
  | { readonly kind: 'away'; readonly since: Date; readonly at: Date }
  | { readonly kind: 'back'; readonly since: Date; readonly at: Date };

/** What the fallback webhook is to be told now: that Slack is away, once, and that it is back. Pure. */
export function decideFallback({ away, before, afterMinutes, now }: FallbackFacts): FallbackNews | null {
  if (before) return away ? null : { kind: 'back', since: before, at: now };
  const isLong = away && now.getTime() - away.getTime() >= afterMinutes * 60_000;
  return isLong ? { kind: 'away', since: away, at: now } : null;
}

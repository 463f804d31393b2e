import type { BacklogSample, Queue } from '../ledger/runs/backlog.ts';

/** Fewer records than this are no backlog, however old. */
const many = 50;
/** Older than this, in ms, and not becoming fewer: then they are not worked off. */
const oldMs = 15 * 60_000;
/** How far apart two counts are that say whether it becomes fewer, in ms. */
const sampleEveryMs = 5 * 60_000;

/**
 * Whether a flow has more waiting than is worked off: many, the oldest for long, and not fewer than some minutes ago. Once it is
 * told, it is over when few are left or none is old. Pure.
 */
export function isBacklog(
  { waiting, oldest }: Queue,
  {
    before,
    wasOpen,
    now,
  }: { readonly before: BacklogSample | null; readonly wasOpen: boolean; readonly now: Date },
): boolean {
  if (oldest === null || now.getTime() - oldest.getTime() < oldMs) return false;
  if (wasOpen) return waiting >= many / 2;
  if (waiting < many || before === null) return false;
  const age = now.getTime() - before.at.getTime();
  return age >= sampleEveryMs && waiting >= before.waiting;
}

/** Whether a new count is kept to compare later ones with. Pure. */
export const isSampleDue = (before: BacklogSample | null, now: Date): boolean =>
  before === null || now.getTime() - before.at.getTime() >= sampleEveryMs;

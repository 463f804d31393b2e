import { previousSlot } from '../slots.ts';

export interface LatenessInput {
  readonly cron: string;
  readonly timeZone: string;
  /** Minutes after its slot until a run that did not start is late. */
  readonly lateAfterMinutes: number;
  /** Since when Truce has been running without a break: a slot that passed while it was off is caught up, not late. */
  readonly since: Date;
  /** The newest slot for which a run of the whole flow was started; null before the first. */
  readonly newestSlot: Date | null;
  /** Since when this flow could have run at all, where it never did. */
  readonly bornAt: Date;
  /** True while a run of the flow is under way and its process lives. */
  readonly underWay: boolean;
  /** A vendor asked us to wait until then. */
  readonly resumeAt: Date | null;
  readonly now: Date;
}

/** The slot whose run should have started by now and did not; null when all is well. Pure. */
export function lateSlot(input: LatenessInput): Date | null {
  const grace = input.lateAfterMinutes * 60_000;
  const slot = previousSlot(input.cron, input.timeZone, new Date(input.now.getTime() - grace));
  if (!slot || input.underWay) return null;
  if (input.newestSlot ? input.newestSlot >= slot : slot < input.bornAt) return null;
  const couldStart = Math.max(slot.getTime(), input.since.getTime(), input.resumeAt?.getTime() ?? 0);
  return couldStart + grace <= input.now.getTime() ? slot : null;
}

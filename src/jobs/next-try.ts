import type { RunResult } from '../sync/run.ts';

/** When a run is to be followed by another, whatever the schedule: once the vendor that asked us to wait lets us, or more can be done. */
export function nextTry({ failures, againAt }: RunResult): Date | null {
  const resumeAt = failures
    .flatMap((failure) => failure.resumeAt ?? [])
    .sort()
    .at(-1);
  return resumeAt === undefined ? againAt : new Date(resumeAt);
}

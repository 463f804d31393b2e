import type { RunContext } from '../context.ts';
import { connectorOf } from '../context.ts';
import { lackingSince, listedUntil, wantedIn } from './lacking.ts';

/**
 * When what this run saw for the first time can be made in the systems that lack it: once their lists reach to when it was seen, so
 * that what they list late is not made a second time. Null = nothing waits for that. Without it a deal that is won would have its
 * invoice a whole slot later.
 */
export async function lookAgainAt(context: RunContext): Promise<Date | null> {
  if (!context.firstLoadApproved) return null;
  let latest: Date | null = null;
  for (const target of wantedIn(context)) {
    const { lagMs } = connectorOf(context, target.connection);
    const listed = await listedUntil(context, target.connection);
    if (lagMs === 0 || listed === null) continue;
    const seen = await lackingSince(context, target, listed);
    if (seen === null) continue;
    const at = new Date(seen.getTime() + lagMs);
    if (latest === null || at > latest) latest = at;
  }
  return latest;
}

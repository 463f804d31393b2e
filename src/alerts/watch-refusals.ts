import type { Flow } from '../agreement/agreement.ts';
import { entityNamed } from '../entities/named.ts';
import { outcomesSince } from '../ledger/changes/outcomes.ts';
import type { Tx } from '../ledger/db.ts';
import { isTooMuchRefused, refusedPercent } from './refusals.ts';
import type { WorkProblem } from './watch-work.ts';
import { refusalWords } from './words.ts';

/** Of the records whose change began within so much time. What is older and not everywhere is told as such. */
const lookBackMs = 24 * 3_600_000;

/** More of the last day's records are refused than the flow's agreement lets pass without a word. */
export async function findRefusals(
  tx: Tx,
  flow: Flow,
  { now }: { readonly now: Date },
): Promise<WorkProblem[]> {
  const limit = flow.alertAfterPercent;
  if (limit === null) return [];
  const outcomes = await outcomesSince(tx, flow.id, new Date(now.getTime() - lookBackMs));
  if (!isTooMuchRefused(outcomes, limit)) return [];
  const { refused, settled } = outcomes;
  const { noun } = entityNamed(flow.entity);
  const words = { refused, of: refused + settled, percent: refusedPercent(outcomes), limit, noun };
  const about = { cause: 'refusals', connection: null, field: null } as const;
  return [{ ...about, message: refusalWords(words), data: { waiting: refused } }];
}

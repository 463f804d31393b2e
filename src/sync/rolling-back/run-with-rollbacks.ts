import type { RunContext } from '../context.ts';
import type { Scope } from '../pull.ts';
import { type RunResult, run, stateOf } from '../run.ts';
import { countOpen } from '../tally.ts';
import { rollBack } from './roll-back.ts';

/**
 * A run, with what people want put back before it: what it reads then is what they left. Without a scope that is all it does, for
 * somebody waits for it.
 */
export async function runWithRollbacks(context: RunContext, scope: Scope | null): Promise<RunResult> {
  const back = await rollBack(context);
  const rest = scope === null ? await nothingElse(context) : await run(context, scope);
  const { read, written } = rest.counts;
  const failures = [...back.failures, ...rest.failures];
  return {
    ...rest,
    state: back.failures.length > 0 && rest.state === 'done' ? stateOf(back.failures) : rest.state,
    counts: { ...rest.counts, read: read + back.read, written: written + back.written },
    failures,
  };
}

async function nothingElse(context: RunContext): Promise<RunResult> {
  const { conflicts, held } = await countOpen(context);
  const counts = { read: 0, changed: 0, written: 0, settled: 0, conflicts, held, malformed: 0 };
  return { state: 'done', counts, failures: [], notes: [], againAt: null };
}

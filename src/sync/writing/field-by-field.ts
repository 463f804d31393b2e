import { randomUUID } from 'node:crypto';
import { VendorError, type WriteOutcome } from '../../connectors/connector.ts';
import { isActive } from '../../ledger/agreement/agreements.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { abandonIntents, commitOutcomes, type Sent, storeIntents } from './intents.ts';

/** What was sent, and what became of it. */
export interface Answered {
  readonly one: Sent;
  readonly outcome: WriteOutcome;
}

/** As many refused writes are tried field by field; more of them are the system's doing, and not some field's. */
const mostRecords = 10;

/**
 * A system that refuses a write of several fields may refuse it for one of them: they are sent one by one, so that what it does take
 * is not kept waiting for what it does not. Returns one answer for what was taken, and one for what was not; the other answers as
 * they are.
 */
export async function fieldByField(
  context: RunContext,
  connection: string,
  answered: readonly Answered[],
): Promise<Answered[]> {
  const refused = answered.filter(({ outcome }) => outcome.kind === 'refused');
  const several = refused.filter(({ one }) => Object.keys(one.fields).length > 1);
  if (several.length === 0 || refused.length > mostRecords) return [...answered];
  const results: Answered[] = answered.filter((one) => !several.includes(one));
  for (const one of several) results.push(...(await splitOne(context, connection, one)));
  return results;
}

async function splitOne(context: RunContext, connection: string, whole: Answered): Promise<Answered[]> {
  const parts: Answered[] = [];
  for (const field of Object.keys(whole.one.fields)) {
    const part = await sendPart(context, connection, partOf(whole.one, [field]));
    // It cannot be reached any more, or nobody knows what it did: the rest waits for the next run, which reads first.
    if (part === null || part.outcome.kind === 'unknown') return [...parts, ...(part ? [part] : [])];
    parts.push(part);
  }
  return (['saved', 'refused'] as const).flatMap((kind) => joined(whole.one, parts, kind));
}

function partOf(one: Sent, fields: readonly string[]): Sent {
  const only = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)));
  return { ...one, key: randomUUID(), fields: only(one.fields), before: only(one.before) };
}

/** Null where nothing was sent. */
async function sendPart(context: RunContext, connection: string, one: Sent): Promise<Answered | null> {
  const stored = await commit(context, async (tx) => {
    if (!(await isActive(tx, context.agreement.version))) return false;
    await storeIntents(context, tx, [one]);
    return true;
  });
  if (!stored) return null;
  try {
    const { key, changeId, externalId, fields } = one;
    const call = callFor(context, [changeId]);
    const write = { key, changeId, externalId, fields };
    const [outcome] = await connectorOf(context, connection).write([write], call);
    if (!outcome) return null;
    await commitOutcomes(context, [one], [outcome]);
    return { one, outcome };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await abandonIntents(context, [one], error.message);
    return null;
  }
}

/** What became of several parts, as one write: its key is that of the first of them. */
function joined(one: Sent, parts: readonly Answered[], kind: 'saved' | 'refused'): Answered[] {
  const some = parts.filter(({ outcome }) => outcome.kind === kind);
  const [first] = some;
  if (!first) return [];
  const whole = {
    ...partOf(
      one,
      some.flatMap((part) => Object.keys(part.one.fields)),
    ),
    key: first.one.key,
  };
  const reasons = new Set(
    some.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.reason] : [])),
  );
  const outcome =
    first.outcome.kind === 'refused' ? { ...first.outcome, reason: [...reasons].join('; ') } : first.outcome;
  return [{ one: whole, outcome }];
}

import type { Flow } from '../../agreement/agreement.ts';
import { differencesOf, type FlowDifference } from '../../agreement/differences.ts';
import { hasFollowed, toFollow } from '../../ledger/activate.ts';
import { agreementVersion, bodyOf } from '../../ledger/agreements.ts';
import { commit, type RunContext } from '../context.ts';
import { scan } from './scan.ts';

/** What a run has to follow: the flow's terms as its records were last looked at, beside those that count. */
export interface Amendment {
  readonly before: Flow;
  readonly difference: FlowDifference;
}

const nothing: FlowDifference = {
  fields: {},
  joins: [],
  leaves: [],
  readsAnew: [],
  makes: {},
  archives: false,
};

/** What the active version decides otherwise of this flow, and no run has followed yet; null where nothing. */
export async function amendmentOf(context: RunContext): Promise<Amendment | null> {
  const { db, flow, agreement } = context;
  const mark = await toFollow(db, flow.id);
  // A run that began before the version was activated decides by the old one, and nothing of it goes out.
  if (mark?.to !== agreement.version) return null;
  const row = await agreementVersion(db, mark.from);
  const before = row && bodyOf(row);
  const last = before?.flows[flow.id];
  if (!before || !last) return null;
  return { before: last, difference: differencesOf(before, agreement).get(flow.id) ?? nothing };
}

/** The records of which the new terms make something else: all are looked at, most are left alone. */
export async function apartRecords(context: RunContext, { difference }: Amendment): Promise<string[]> {
  if (!context.firstLoadApproved || Object.keys(difference.fields).length === 0) return [];
  const ids: string[] = [];
  for await (const scanned of scan(context.db, context, difference)) {
    for (const { state, planned } of scanned)
      if (planned.some(({ step }) => step.kind !== 'nothing')) ids.push(state.record.id);
  }
  return ids;
}

/** From here on the flow's records are looked at as usual again. */
export const noteFollowed = (context: RunContext): Promise<void> =>
  commit(context, (tx) => hasFollowed(tx, context.flow.id, context.agreement.version));

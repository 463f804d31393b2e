import type { Flow } from '../../agreement/agreement.ts';
import { differencesOf, type FlowDifference } from '../../agreement/differences.ts';
import { hasFollowed, toFollow } from '../../ledger/agreement/activate.ts';
import { agreementVersion, bodyOf } from '../../ledger/agreement/agreements.ts';
import { commit, type RunContext } from '../context.ts';
import { noteApproved } from './approved-amounts.ts';
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

/** Records of which the new terms make something else, and those of them that they write. */
export interface Apart {
  readonly ids: readonly string[];
  readonly written: readonly string[];
}

/** All records are looked at; most are left alone. */
export async function apartRecords(context: RunContext, { difference }: Amendment): Promise<Apart> {
  const [ids, written]: [string[], string[]] = [[], []];
  if (!context.firstLoadApproved || Object.keys(difference.fields).length === 0) return { ids, written };
  for await (const scanned of scan(context.db, context, difference)) {
    for (const { state, planned } of scanned) {
      const kinds = planned.map(({ step }) => step.kind);
      if (kinds.some((kind) => kind !== 'nothing')) ids.push(state.record.id);
      // What a run brought that died before it could say so is on its way already.
      const isOnItsWay = [...state.pending.values()].some(
        ({ field, by }) => difference.fields[field] && by.startsWith('rule:'),
      );
      if (kinds.includes('bring') || isOnItsWay) written.push(state.record.id);
    }
  }
  return { ids, written };
}

/** From here on the flow's records are looked at as usual again. */
export const noteFollowed = (context: RunContext, amendment: Amendment, { written }: Apart): Promise<void> =>
  commit(context, async (tx) => {
    await noteApproved(context, tx, amendment.difference, written);
    await hasFollowed(tx, context.flow.id, context.agreement.version);
  });

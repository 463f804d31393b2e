import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Incident } from '../ledger/alerts/incidents.ts';
import type { Tx } from '../ledger/db.ts';
import { unseenAlerts, wentThrough, whyUnplaced } from '../ledger/posts/unplaced.ts';
import { roomWords } from './room-words.ts';
import type { WorkProblem } from './watch-work.ts';

const about = { cause: 'room', connection: null, field: null } as const;
const mostNamed = 5;

/**
 * Nothing can be posted in the flow's channel. Told once for each channel, by the first of the flows that talk there; over once a post
 * has gone through again.
 */
export async function findRoom(
  tx: Tx,
  flow: Flow,
  { agreement, known }: { readonly agreement: ActiveAgreement; readonly known: readonly Incident[] },
): Promise<WorkProblem[]> {
  const there = Object.values(agreement.flows).filter(({ channel }) => channel === flow.channel);
  if (there[0]?.id !== flow.id) return [];
  const flows = there.map(({ id }) => id);
  const reason = await whyUnplaced(tx, flows);
  if (reason) return [{ ...about, message: wordsOf(flow, reason, await unseenAlerts(tx, flows)), data: {} }];
  // Between two tries nothing says why: it is as it was.
  const open = known.find(({ cause, state }) => cause === 'room' && state !== 'recovered');
  return open && !(await wentThrough(tx, flows, open.lastAt))
    ? [{ ...about, message: open.message, data: {} }]
    : [];
}

function wordsOf({ channel }: Flow, reason: string, alerts: readonly number[]): string {
  const head = `I cannot post in #${channel.replace(/^#/, '')}: ${roomWords(reason)}.`;
  if (alerts.length === 0) return head;
  const named = alerts.slice(0, mostNamed).join(', ');
  const more = alerts.length > mostNamed ? ` and ${alerts.length - mostNamed} more` : '';
  return `${head} Nobody has seen alert ${named}${more} for that.`;
}

import type { Flow } from '../agreement/agreement.ts';
import { isAnyUnplaceable, type OutboxRow, outboxRow } from '../ledger/posts/outbox-sending.ts';
import { changeById } from '../ledger/records/lookup.ts';
import { type FactSources, flowOf } from './deps.ts';
import { ruleThatWaits } from './facts/agreement.ts';
import { callsOfRow } from './facts/calls.ts';
import { digestFacts } from './facts/digest.ts';
import { overLimitNow } from './facts/over-limit.ts';
import { stillOpen } from './facts/still-open.ts';
import { secondApproval } from './facts/two-people.ts';
import { drawStillOpen } from './messages/alert/still-open.ts';
import { section } from './messages/blocks.ts';
import { drawDigest } from './messages/digest.ts';
import { lineWords } from './messages/lines.ts';
import { escaped, spoken } from './messages/text.ts';
import { drawn, nothing, type Placed, split } from './placed.ts';

/** Draws what is said once: a line in the thread of a card, or a note of its own. */
export async function drawSentence(sources: FactSources, row: OutboxRow): Promise<Placed> {
  const flow = flowOf(sources.agreement(), row.flow);
  const thread = row.kind === 'line' ? await outboxRow(sources.db, `card:${row.subject}`) : null;
  if (row.kind === 'line' && !thread?.ts) {
    // A card that is never posted has no thread; one that is under way will have.
    return thread && thread.state !== 'sent'
      ? { kind: 'wait', reason: 'its message is not posted yet' }
      : nothing;
  }
  if (!flow || !row.template) return nothing;
  if (ownDigests.has(row.template ?? '')) return drawOwnDigest(sources, row);
  if (row.template === 'still_open') return drawMorningLine(sources, row, flow);
  const params = await paramsNow(sources, row);
  if (!params) return nothing;
  const calls = await callsOfRow(sources, { ...row, params }, flow);
  if (calls.kind === 'wait') return { kind: 'wait', reason: 'nobody is called now', until: calls.until };
  // It is there to call somebody; who is not called now is told at the next slot.
  if (row.template === 'second_approval' && calls.called.length === 0) return nothing;
  return said(sources, { row, flow, params, called: calls.called, threadTs: thread?.ts ?? null });
}

/** Somebody who did something in an owner's place, by name. */
function standingIn({ owners }: Flow, by: unknown): { readonly by?: string } {
  const { business, technical } = owners;
  if (by === business.slack || by === technical.slack) return {};
  const [as, standIn] =
    technical.standIn?.slack === by ? ['technical', technical.standIn] : ['business', business.standIn];
  return standIn && standIn.slack === by ? { by: `${escaped(standIn.name)}, for the ${as} owner,` } : {};
}

interface Saying {
  readonly row: OutboxRow;
  readonly flow: Flow;
  readonly params: OutboxRow['params'];
  readonly called: readonly string[];
  readonly threadTs: string | null;
}

async function said(sources: FactSources, { row, flow, params, called, threadTs }: Saying): Promise<Placed> {
  const [kind, id] = split(row.subject);
  const words = lineWords(row.template ?? '', {
    flowName: flow.name,
    noun: sources.entity(flow.entity).noun,
    channel: flow.channel,
    title: kind === 'change' ? ((await changeById(sources.db, id))?.subject ?? '') : '',
    zone: sources.agreement().timeZone,
    technicalOwner: flow.owners.technical.slack,
    ...standingIn(flow, params.by),
    called,
    params,
  });
  return words === null
    ? nothing
    : drawn({ text: spoken(words), blocks: [section(`words.${row.wanted}`, words)] }, threadTs);
}

/** What a sentence is about, as it is now; null where that is over. */
async function paramsNow(
  { db, ...sources }: FactSources,
  row: OutboxRow,
): Promise<OutboxRow['params'] | null> {
  const { template, params, flow } = row;
  if (template === 'second_approval') return secondApproval({ db, ...sources }, params.approval);
  if (template === 'ruling_proposed') return ruleThatWaits({ db, ...sources }, params);
  const own = template === 'over_limit' ? flowOf(sources.agreement(), flow) : null;
  if (own) return overLimitNow({ db, ...sources }, own, row);
  if (template === 'channel_broken' && !(await isAnyUnplaceable(db, flow))) return null;
  return params;
}

/** What one person is told of what waits for them. */
const ownDigests: ReadonlySet<string> = new Set(['digest', 'limit_near', 'money_waits']);

/** What waits for one person; where decisions are named, those alone: their time ends soon, or much money waits for them. */
async function drawOwnDigest(sources: FactSources, { template, params }: OutboxRow): Promise<Placed> {
  if (typeof params.to !== 'string') return nothing;
  const about = { person: params.to, morning: params.morning === true };
  const only = Array.isArray(params.changes) ? params.changes.map(String) : null;
  const facts = await digestFacts(sources, { ...about, only: template === 'digest' ? null : only });
  const digest = drawDigest({ ...facts, ending: template === 'limit_near' });
  return digest ? drawn(digest) : nothing;
}

async function drawMorningLine(sources: FactSources, { params }: OutboxRow, flow: Flow): Promise<Placed> {
  const before = new Date(String(params.before));
  const problems = await stillOpen(sources, { channel: flow.channel, before });
  const drawing = drawStillOpen(problems, sources.agreement().timeZone);
  return drawing ? drawn(drawing) : nothing;
}

import type { OutboxRow } from '../ledger/posts/outbox-sending.ts';
import { overInLine } from '../ledger/questions/over-in-line.ts';
import { changeById } from '../ledger/records/lookup.ts';
import { rollbackById } from '../ledger/rollback/rollbacks.ts';
import { type FactSources, flowOf } from './deps.ts';
import { heldBack } from './direct-alert.ts';
import { drawSentence } from './draw-sentence.ts';
import { agreementFacts } from './facts/agreement.ts';
import { alertFacts } from './facts/alert.ts';
import { decisionFacts } from './facts/decision.ts';
import { firstLoadFacts } from './facts/first-load.ts';
import { goneFacts } from './facts/gone.ts';
import { heldUpByFlow } from './facts/held-up.ts';
import { likenessFacts } from './facts/likeness.ts';
import { moneyProofFacts } from './facts/money-proof.ts';
import { pauseFacts } from './facts/pause.ts';
import { putBackFacts } from './facts/put-back.ts';
import { nameOf, undoFacts } from './facts/rollback.ts';
import { safetyStopFacts } from './facts/safety-stop.ts';
import { timeAwayFacts } from './facts/time-away.ts';
import { lineSince } from './line.ts';
import { lineOf } from './lines-of-decisions.ts';
import { lineOfLikenesses } from './lines-of-likenesses.ts';
import { drawAgreement } from './messages/agreement/agreement.ts';
import { drawFirstLoad } from './messages/agreement/first-load.ts';
import { drawAlert } from './messages/alert/alert.ts';
import { drawSafetyStop } from './messages/alert/safety-stop.ts';
import { drawTimeAway } from './messages/alert/time-away.ts';
import { drawDecision } from './messages/decision/decision.ts';
import type { DecisionFacts } from './messages/decision/facts.ts';
import { drawQueue } from './messages/decision/queue.ts';
import { drawGone } from './messages/gone.ts';
import { drawLikeness } from './messages/likeness/likeness.ts';
import { drawLikenessQueue } from './messages/likeness/queue.ts';
import { drawMoneyProof } from './messages/money-proof/money-proof.ts';
import { drawPutBack } from './messages/rollback/put-back.ts';
import { drawUndo } from './messages/rollback/rollback.ts';
import { drawPause } from './messages/status/pause.ts';
import { isUserId } from './messages/text.ts';
import { drawn, nothing, type Placed, split } from './placed.ts';

/** Draws a row from the facts as they are now: ten changes in a second are one message. */
export async function drawRow(sources: FactSources, row: OutboxRow): Promise<Placed> {
  if (row.kind !== 'card') return drawSentence(sources, row);
  const [kind, id] = split(row.subject);
  switch (kind) {
    case 'change':
      return drawChange(sources, row, id);
    case 'incident': {
      const facts = await alertFacts(sources, Number(id), row.wanted);
      if (!facts) return nothing;
      return heldBack(facts, row, sources.clock.now()) ?? drawn(drawAlert(facts));
    }
    case 'queue':
      return drawLine(sources, row, id);
    case 'rollback':
      return drawRollback(sources, row, id);
    case 'pause': {
      const facts = await pauseFacts(sources, Number(id), row.wanted);
      return facts ? drawn(drawPause(facts)) : nothing;
    }
    case 'time_away': {
      const facts = await timeAwayFacts(sources, id, row.wanted);
      return facts ? drawn(drawTimeAway(facts)) : nothing;
    }
    case 'put_back': {
      const facts = await putBackFacts(sources, id, row.wanted);
      return facts ? drawn(drawPutBack(facts)) : nothing;
    }
    case 'proof': {
      const facts = await moneyProofFacts(sources, Number(id), row.wanted);
      return facts ? drawn(drawMoneyProof(facts)) : nothing;
    }
    case 'likeness':
      return drawAlike(sources, row, id);
    case 'alike':
      return drawAlikeLine(sources, row, id);
    case 'gone': {
      const facts = await goneFacts(sources, Number(id), row.wanted);
      // What is not asked about, or not yet, needs no message of its own; lookup tells it.
      const asks = facts?.state === 'asked' && !facts.inLine;
      return facts && (row.ts || asks) ? drawn(drawGone(facts)) : nothing;
    }
    case 'safety_stop': {
      const facts = await safetyStopFacts(sources, Number(id), row.wanted);
      return facts && (row.ts || facts.state === 'open') ? drawn(drawSafetyStop(facts)) : nothing;
    }
    case 'agreement':
      return drawVersion(sources, row, id);
    case 'first_load': {
      const facts = await firstLoadFacts(sources, id, row.wanted);
      // Approved before anybody was asked, or nothing left to ask about: then no message is needed.
      const asks = facts && facts.approved === null && facts.records > 0;
      return facts && (row.ts || asks) ? drawn(drawFirstLoad(facts)) : nothing;
    }
    default:
      return nothing;
  }
}

/** One that was over before anybody was asked needs no message. */
async function drawAlike(sources: FactSources, row: OutboxRow, id: string): Promise<Placed> {
  const facts = await likenessFacts(sources, Number(id), row.wanted);
  return facts && (row.ts || facts.state === 'open') ? drawn(drawLikeness(facts)) : nothing;
}

async function drawAlikeLine(sources: FactSources, row: OutboxRow, flowId: string): Promise<Placed> {
  const flow = flowOf(sources.agreement(), flowId);
  if (!flow) return nothing;
  const line = await lineOfLikenesses(sources.db, flowId);
  if (!row.ts && line.waiting === 0) return nothing;
  const { noun } = sources.entity(flow.entity);
  const about = { flowId, flowName: flow.name, drawing: row.wanted, zone: sources.agreement().timeZone };
  return drawn(drawLikenessQueue({ ...about, ...line, noun }));
}

async function drawRollback(sources: FactSources, row: OutboxRow, id: string): Promise<Placed> {
  const rollback = await rollbackById(sources.db, id);
  if (!rollback?.approvedAt) return nothing;
  const facts = await undoFacts(sources, rollback, { drawing: row.wanted });
  return facts ? drawn(drawUndo(facts)) : nothing;
}

/** One that was over before anybody was asked needs no message. */
async function drawVersion(sources: FactSources, row: OutboxRow, id: string): Promise<Placed> {
  const [version = '', flowId = ''] = id.split('/');
  const facts = await agreementFacts(sources, { version: Number(version), flowId }, row.wanted);
  const isOver = facts?.state.kind === 'refused' || facts?.state.kind === 'replaced';
  return facts && (row.ts || !isOver) ? drawn(drawAgreement(facts)) : nothing;
}

async function drawChange(sources: FactSources, row: OutboxRow, id: string): Promise<Placed> {
  const facts = await decisionFacts(sources, id, row.wanted);
  if (!facts) return nothing;
  if (!row.ts && !isWorthAMessage(facts)) return nothing;
  // What Truce tries again by itself is said once; where a person has it tried again, that person hears of it.
  const byItself = ((await changeById(sources.db, id))?.attempts ?? 0) > 1;
  const notice = byItself ? null : noticeOf(facts, sources.clock.now());
  return { kind: 'draw', drawn: drawDecision(facts), threadTs: null, ...(notice ? { notice } : {}) };
}

/** Whoever decided something that could not be saved must hear of it; for one cause once an hour. */
function noticeOf({ changeId, state, fields }: DecisionFacts, now: Date) {
  const by = fields.map((field) => field.chosen?.by ?? '').find(isUserId);
  if (state !== 'failed' || !by) return null;
  const hour = Math.floor(now.getTime() / 3_600_000);
  return {
    key: `failed:${changeId}:${hour}`,
    template: 'decision_failed',
    params: { by, reference: changeId },
  };
}

/**
 * Most changes flow by their rules and need no message. Told is what asks a person, and what could not be saved. What was decided, or
 * ran out of time, before it was shown needs none either: the message of its line counts it.
 */
function isWorthAMessage({ state, fields, tugs, locked }: DecisionFacts): boolean {
  if (fields.some((field) => field.state === 'open') || state === 'failed') return true;
  if (state !== 'held') return false;
  return tugs.length > 0 || (locked === true && fields.some((field) => field.state === 'decided_pending'));
}

async function drawLine(sources: FactSources, row: OutboxRow, flowId: string): Promise<Placed> {
  const flow = flowOf(sources.agreement(), flowId);
  if (!flow) return nothing;
  const line = await lineOf(sources.db, flowId);
  if (!row.ts && line.waiting === 0) return nothing;
  return drawn(
    drawQueue({
      flowId,
      flowName: flow.name,
      drawing: row.wanted,
      ...line,
      heldUp: (await heldUpByFlow(sources, [flowId])).decisions,
      over: (await overInLine(sources.db, { flow: flowId, since: lineSince(row) })).map(({ by, n }) => ({
        by: by === null ? null : nameOf(sources.agreement(), by),
        n,
      })),
      command: sources.agreement().command,
      zone: sources.agreement().timeZone,
    }),
  );
}

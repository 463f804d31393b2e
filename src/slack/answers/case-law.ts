import { proposeRuling } from '../../ledger/agreement/rulings.ts';
import type { Desk } from '../desk.ts';
import { makeRuleFacts, type RuleAsked } from '../facts/case-law.ts';
import { customIsOver, ruleProposed, ruleWaits } from '../messages/agreement/case-law.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer } from '../messages/refusals.ts';
import type { Asker } from './asker.ts';
import { decidable } from './decide.ts';

/** Proposes what people always choose as a rule, if they still do. Both owners are asked in the sync's channel. */
export async function proposeRule(desk: Desk, asker: Asker, asked: RuleAsked): Promise<Drawn> {
  await desk.look?.();
  const found = await decidable(desk, asker, asked.changeId);
  if ('answer' in found) return found.answer;
  const { flow } = found;
  const facts = await makeRuleFacts(desk, flow, asked);
  if (!facts) return answer(customIsOver);
  const { systemOfRecord, days, same, different } = facts;
  const result = await proposeRuling(desk.db, {
    flow: flow.id,
    field: asked.field,
    systemOfRecord,
    by: asker.id,
    tested: { days, same, different: different.length },
    now: desk.clock.now(),
    count: desk.count ?? (async () => null),
  });
  if (result.kind === 'moot') return answer(customIsOver);
  if (result.kind !== 'proposed') return ruleWaits(facts, result);
  const { version } = result;
  desk.log.info(
    { event: 'rule_proposed', version, flow: flow.id },
    `Version ${version} of the agreement is proposed in Slack: ${flow.name}, ${asked.field}, ${facts.system} decides. It waits for both owners`,
  );
  return ruleProposed(facts, version);
}

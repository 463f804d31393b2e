import { keepAgreed } from '../../../ledger/changes/keep-agreed.ts';
import { decidable } from '../../answers/decide.ts';
import { wakeFor } from '../../desk.ts';
import { fieldNamed } from '../../facts/fields.ts';
import { oldButton, otherAgreement, outdatedNow } from '../../messages/refusals.ts';
import { drawKept, noLongerLocked, nothingAgreed } from '../../messages/rollback/locked.ts';
import type { Press } from '../press.ts';

/** "Keep as agreed", of a change that a system lets nobody write. Counts for what was shown. */
export async function keepLocked({ desk, asker, value, reply }: Press): Promise<void> {
  const [, changeId, revision] = /^(tr-[0-9A-Z]{10})\/r(\d+)$/.exec(value) ?? [];
  if (!changeId) return reply(oldButton(asker.command));
  const found = await decidable(desk, asker, changeId);
  if ('answer' in found) return reply(found.answer);
  const { change, flow } = found;
  const result = await keepAgreed(desk.db, {
    changeId,
    revision: Number(revision),
    by: asker.id,
    now: desk.clock.now(),
    agreementVersion: desk.agreement().version,
  });
  switch (result.kind) {
    case 'kept': {
      const entity = desk.entity(flow.entity);
      const labels = result.fields.map((name) => fieldNamed(entity, name).label);
      await reply(drawKept(change.subject, labels));
      const targets = change.recordId ? { targets: [change.recordId] } : {};
      return wakeFor(desk, { flow: flow.id, trigger: 'decision', askedBy: asker.id, ...targets });
    }
    case 'outdated':
      return reply(outdatedNow());
    case 'other_agreement':
      return reply(otherAgreement());
    case 'nothing_agreed':
      return reply(nothingAgreed());
    case 'over':
      return reply(noLongerLocked());
  }
}

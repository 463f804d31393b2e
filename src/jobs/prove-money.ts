import type { Logger } from 'pino';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import { freshFindings } from '../entities/proof/findings.ts';
import type { Db } from '../ledger/db.ts';
import { keepProof, newestProof } from '../ledger/money/proofs.ts';
import { proofNow } from '../ledger/money/prove.ts';
import { announceCards, rank } from '../ledger/posts/outbox.ts';
import type { ProofFound } from '../ledger/tables/money-proofs.ts';
import { previousSlot } from '../slots.ts';

export interface ProofParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly agreement: () => ActiveAgreement;
}

/**
 * Holds deals against invoices and payments in each flow whose time for that has come, once among all replicas, and tells its channel
 * where something has no reason. Never throws: what fails is tried again at the next look.
 */
export async function proveMoney(parts: ProofParts): Promise<void> {
  for (const flow of Object.values(parts.agreement().flows)) {
    try {
      await proveWhenDue(parts, flow);
    } catch (error) {
      parts.log.warn(
        { flow: flow.id, err: error },
        `${flow.name}: the money could not be proved; it is tried again.`,
      );
    }
  }
}

async function proveWhenDue({ db, clock, log, agreement }: ProofParts, flow: Flow): Promise<void> {
  const { timeZone } = flow.schedule;
  const now = clock.now();
  const slot = flow.moneyProof === null ? null : previousSlot(flow.moneyProof, timeZone, now);
  const before = slot && (await newestProof(db, flow.id));
  if (!slot || (before && before.slot >= slot)) return;
  const found = await proofNow(db, { flow, connections: agreement().connections }, now);
  // Before the first deal was read there is nothing to prove.
  if (!found || (!before && isEmpty(found))) return;
  const fresh = freshFindings(found, before?.found ?? null);
  const told = await newestProof(db, flow.id, 'told');
  const id = await db.transaction(async (tx) => {
    const kept = await keepProof(tx, { flow: flow.id, slot, at: now, found, fresh });
    if (kept === null) return null;
    // The one that was told last says on its message what has become of it.
    const subjects = [...(fresh > 0 ? [kept] : []), ...(told ? [told.id] : [])].map((one) => `proof:${one}`);
    await announceCards(tx, { subjects, flow: flow.id, rank: rank.decision, now });
    return kept;
  });
  if (id !== null)
    log.info({ event: 'money_proof', flow: flow.id, fresh }, `${flow.name}: the money was proved`);
}

const isEmpty = ({ proofs, gaps, clashes }: ProofFound): boolean =>
  proofs.length + gaps.length + clashes.length === 0;

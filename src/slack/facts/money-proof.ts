import type { Flow } from '../../agreement/agreement.ts';
import { findingKeys } from '../../entities/proof/findings.ts';
import { newestProof, proofById, type StoredProof } from '../../ledger/money/proofs.ts';
import { proofNow } from '../../ledger/money/prove.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { MoneyProofFacts } from '../messages/money-proof/facts.ts';

/** A proof, and what has become of its findings; null where it or its flow are gone. */
export async function moneyProofFacts(
  sources: FactSources,
  id: number,
  drawing: number,
): Promise<MoneyProofFacts | null> {
  const proof = await proofById(sources.db, id);
  const newest = proof && (await newestProof(sources.db, proof.flow));
  return proof && factsOf(sources, proof, { drawing, newest });
}

/** The proof of a flow as it is now; null where its deals and invoices are not in two systems. */
export async function proofNowFacts(
  { db, clock, agreement }: FactSources,
  flow: Flow,
): Promise<MoneyProofFacts | null> {
  const at = clock.now();
  const { timeZone: zone, command, connections } = agreement();
  const found = await proofNow(db, { flow, connections }, at);
  const about = { id: 0, drawing: 0, flowId: flow.id, flowName: flow.name, still: null };
  return found && { ...about, at, zone, found, command };
}

function factsOf(
  { agreement }: FactSources,
  proof: StoredProof,
  { drawing, newest }: { readonly drawing: number; readonly newest: StoredProof | null },
): MoneyProofFacts | null {
  const active = agreement();
  const flow = flowOf(active, proof.flow);
  if (!flow) return null;
  const left = new Set(newest ? findingKeys(newest.found) : []);
  // A number that is missing stays so for ever.
  const mendable = findingKeys({ ...proof.found, gaps: [] });
  return {
    id: proof.id,
    drawing,
    flowId: flow.id,
    flowName: flow.name,
    at: proof.at,
    zone: active.timeZone,
    found: proof.found,
    still:
      !newest || newest.id === proof.id || mendable.length === 0
        ? null
        : mendable.filter((key) => left.has(key)).length,
    command: active.command,
  };
}

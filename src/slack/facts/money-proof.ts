import { findingKeys } from '../../entities/proof/findings.ts';
import { newestProof, proofById, type StoredProof } from '../../ledger/money-proofs.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { MoneyProofFacts } from '../messages/money-proof-facts.ts';

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

/** The newest proof of a flow; null where nobody has looked yet. */
export async function newestProofFacts(sources: FactSources, flow: string): Promise<MoneyProofFacts | null> {
  const proof = await newestProof(sources.db, flow);
  return proof && factsOf(sources, proof, { drawing: 0, newest: proof });
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
  return {
    id: proof.id,
    drawing,
    flowId: flow.id,
    flowName: flow.name,
    at: proof.at,
    zone: active.timeZone,
    found: proof.found,
    still:
      !newest || newest.id === proof.id
        ? null
        : findingKeys(proof.found).filter((key) => left.has(key)).length,
    command: active.command,
  };
}

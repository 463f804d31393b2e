import { eq } from 'drizzle-orm';
import { activate, announceAgreement } from './activate.ts';
import { type AgreementVersion, activeAgreement, agreementVersion, bodyOf } from './agreements.ts';
import type { Db, Tx } from './db.ts';
import { agreementVersions } from './tables/index.ts';

export interface ProposalPress {
  readonly version: number;
  /** The flow on whose message was pressed. */
  readonly flow: string;
  /** The revision of the preview that the message showed. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
}

export type ProposalAnswer =
  /** It counts from now on. */
  | { readonly kind: 'active' }
  /** Said for this flow; it counts once these flows were approved too. */
  | { readonly kind: 'waits'; readonly flows: readonly string[] }
  | { readonly kind: 'refused' }
  /** This flow's word was given before. */
  | { readonly kind: 'already'; readonly by: string; readonly at: Date }
  /** The counts have moved since the message was drawn. */
  | { readonly kind: 'outdated' }
  /** It is not proposed any more, or never was. */
  | { readonly kind: 'over'; readonly state: AgreementVersion['state'] | 'unknown' };

/** One flow's yes to a proposed version. With the last one it becomes the active version, in this very transaction. */
export function approveProposal(db: Db, press: ProposalPress): Promise<ProposalAnswer> {
  return onProposal(db, press, async (tx, proposal) => {
    const { flow, by, now } = press;
    const given = proposal.approvals[flow];
    if (given) return { kind: 'already', by: given.by, at: new Date(given.at) };
    const approvals = { ...proposal.approvals, [flow]: { by, at: now.toISOString() } };
    await tx
      .update(agreementVersions)
      .set({ approvals })
      .where(eq(agreementVersions.version, proposal.version));
    const left = Object.keys(proposal.preview?.flows ?? {}).filter((id) => !approvals[id]);
    if (left.length === 0)
      await activate(tx, { from: await activeAgreement(tx), to: bodyOf(proposal), by, now });
    await announceAgreement(tx, proposal, now);
    return left.length === 0 ? { kind: 'active' } : { kind: 'waits', flows: left };
  });
}

/** One no is enough: the version never counts, and is not proposed again while the file says the same. */
export function refuseProposal(db: Db, press: ProposalPress): Promise<ProposalAnswer> {
  return onProposal(db, press, async (tx, proposal) => {
    await tx
      .update(agreementVersions)
      .set({ state: 'refused', decidedBy: press.by, decidedAt: press.now })
      .where(eq(agreementVersions.version, proposal.version));
    await announceAgreement(tx, proposal, press.now);
    return { kind: 'refused' };
  });
}

/** Clicks, imports and other replicas come one after the other. */
function onProposal(
  db: Db,
  press: ProposalPress,
  carryOut: (tx: Tx, proposal: AgreementVersion) => Promise<ProposalAnswer>,
): Promise<ProposalAnswer> {
  return db.transaction(async (tx) => {
    await tx.execute('lock table agreement_versions in share row exclusive mode');
    const proposal = await agreementVersion(tx, press.version);
    if (proposal?.state !== 'proposed') return { kind: 'over', state: proposal?.state ?? 'unknown' };
    if (proposal.revision !== press.revision || !proposal.preview?.flows[press.flow])
      return { kind: 'outdated' };
    return carryOut(tx, proposal);
  });
}

import { eq } from 'drizzle-orm';
import type { Db, Tx } from '../db.ts';
import { agreementVersions } from '../tables/index.ts';
import { activate, announceAgreement } from './activate.ts';
import { type AgreementVersion, activeAgreement, agreementVersion, bodyOf } from './agreements.ts';

export interface ProposalPress {
  readonly version: number;
  /** The flow on whose message was pressed. */
  readonly flow: string;
  /** The revision of the preview that the message showed. */
  readonly revision: number;
  readonly by: string;
  /** As which owner of the flow; where the file says something new, its business owner's word is enough. */
  readonly as?: readonly OwnerRole[];
  readonly now: Date;
}

export type OwnerRole = 'business' | 'technical';

/** Whose word a version waits for, by flow and owner. */
interface Word {
  readonly flow: string;
  readonly as: OwnerRole;
}

const keyOf = ({ flow, as }: Word): string => (as === 'business' ? flow : `${flow}/${as}`);

/** Every word that a version needs: of each flow that it sets apart its business owner's, of a rule proposed in Slack both owners'. */
export function wordsFor({ preview, proposes }: Pick<AgreementVersion, 'preview' | 'proposes'>): Word[] {
  const roles: readonly OwnerRole[] = proposes ? ['business', 'technical'] : ['business'];
  return Object.keys(preview?.flows ?? {}).flatMap((flow) => roles.map((as) => ({ flow, as })));
}

/** Who said yes as that owner; null while nobody has. */
export function wordOf(
  { approvals }: Pick<AgreementVersion, 'approvals'>,
  word: Word,
): { readonly by: string; readonly at: Date } | null {
  const given = approvals[keyOf(word)];
  return given ? { by: given.by, at: new Date(given.at) } : null;
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

/** A flow's yes to a proposed version, by one of its owners. With the last one it becomes the active version, in this very transaction. */
export function approveProposal(db: Db, press: ProposalPress): Promise<ProposalAnswer> {
  return onProposal(db, press, async (tx, proposal) => {
    const { flow, as = ['business'], by, now } = press;
    const words = wordsFor(proposal).filter((word) => word.flow === flow && as.includes(word.as));
    const fresh = words.filter((word) => !wordOf(proposal, word));
    const given = words[0] && wordOf(proposal, words[0]);
    if (fresh.length === 0 && given) return { kind: 'already', ...given };
    const own = fresh.map((word) => [keyOf(word), { by, at: now.toISOString() }]);
    const approvals = { ...proposal.approvals, ...Object.fromEntries(own) };
    await tx
      .update(agreementVersions)
      .set({ approvals })
      .where(eq(agreementVersions.version, proposal.version));
    const left = [
      ...new Set(
        wordsFor(proposal)
          .filter((word) => !approvals[keyOf(word)])
          .map((word) => word.flow),
      ),
    ];
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

import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, gt, isNull, ne, type SQL } from 'drizzle-orm';
import type { ActiveAgreement, Agreement } from '../../agreement/agreement.ts';
import { completed } from '../../agreement/complete.ts';
import { hashOf } from '../../agreement/hash.ts';
import { withRulings } from '../../agreement/rulings.ts';
import type { Db, DbOrTx, Tx } from '../db.ts';
import type { AgreementPreview, Ruling } from '../tables/agreement.ts';
import { agreementVersions, facts } from '../tables/index.ts';
import { activate, announceAgreement } from './activate.ts';

export type AgreementVersion = typeof agreementVersions.$inferSelect;

/** The agreement that all replicas work by, or null before the first import. */
export async function activeAgreement(db: DbOrTx): Promise<ActiveAgreement | null> {
  const [row] = await db.select().from(agreementVersions).where(eq(agreementVersions.active, true));
  return row ? bodyOf(row) : null;
}

/** The number of the active version alone; null before the first import. */
export async function activeVersion(db: DbOrTx): Promise<number | null> {
  const [row] = await db
    .select({ version: agreementVersions.version })
    .from(agreementVersions)
    .where(eq(agreementVersions.active, true));
  return row?.version ?? null;
}

/**
 * True iff this version is still the active one: a plan made under another must be decided again. In a transaction it stays so
 * until that ends: activating another waits.
 */
export async function isActive(tx: Tx, version: number): Promise<boolean> {
  const [row] = await tx
    .select({ version: agreementVersions.version })
    .from(agreementVersions)
    .where(eq(agreementVersions.active, true))
    .for('share');
  return row?.version === version;
}

export async function agreementVersion(db: DbOrTx, version: number): Promise<AgreementVersion | null> {
  const [row] = await db.select().from(agreementVersions).where(eq(agreementVersions.version, version));
  return row ?? null;
}

/** The proposal that waits for its approvals, if there is one. */
export async function openProposal(db: DbOrTx): Promise<AgreementVersion | null> {
  const [row] = await db
    .select()
    .from(agreementVersions)
    .where(eq(agreementVersions.state, 'proposed'))
    .orderBy(desc(agreementVersions.version))
    .limit(1);
  return row ?? null;
}

/** What a version says, with the terms that an older Truce did not know. */
export const bodyOf = ({ body, version }: Pick<AgreementVersion, 'body' | 'version'>): ActiveAgreement => ({
  ...completed(body as Agreement),
  version,
});

/** Counts what a version would set apart against the active one; null where it sets nothing apart. */
export type Counting = (active: ActiveAgreement, next: Agreement) => Promise<AgreementPreview | null>;

/**
 * Takes in what `truce.yml` says. The content of the active version changes nothing, and takes back what was proposed. Another
 * content is the next numbered version: it counts at once where it sets nothing apart, else it is proposed, and the active
 * version goes on. What was refused stays refused until the file says something else. What both owners agreed in Slack stays laid
 * over the file while that says nothing else of it. Returns what counts now.
 */
export async function importAgreement(
  db: Db,
  agreement: Agreement,
  { source, now, count = async () => null }: { source: string; now: Date; count?: Counting },
): Promise<ActiveAgreement> {
  const fileHash = hashOf(agreement);
  for (;;) {
    const before = await standing(db);
    const laid = withRulings(agreement, before.active?.rulings ?? []);
    const hash = hashOf(laid.agreement);
    const isNews = before.active !== null && before.active.hash !== hash && before.refused !== fileHash;
    // Long, so without a lock: what stands may have moved since.
    const preview = isNews && before.active ? await count(bodyOf(before.active), laid.agreement) : null;
    const taken = await db.transaction(async (tx) => {
      // Replicas that start together must not both become the next version.
      await tx.execute('lock table agreement_versions in share row exclusive mode');
      const active = await standing(tx);
      if (active.mark !== before.mark) return false;
      await takeIn(tx, { ...laid, hash, fileHash, source, preview, now }, active);
      return true;
    });
    if (!taken) continue;
    const active = await activeAgreement(db);
    if (active) return active;
  }
}

export interface Standing {
  readonly active: AgreementVersion | null;
  readonly proposal: AgreementVersion | null;
  readonly newest: number;
  /** The hash of the file that was refused, while it says nothing else. */
  readonly refused: string | null;
  /** Another one when anything of this moved. */
  readonly mark: string;
}

/** What there is of versions, at this moment. */
export async function standing(db: DbOrTx): Promise<Standing> {
  const { version, hash, fileHash, state, proposes } = agreementVersions;
  const newestOf = (of?: SQL) =>
    db
      .select({ version, hash, fileHash, state })
      .from(agreementVersions)
      .where(of)
      .orderBy(desc(version))
      .limit(1);
  const [newest] = await newestOf();
  const [ofFile] = await newestOf(isNull(proposes));
  const [active] = await db.select().from(agreementVersions).where(eq(agreementVersions.active, true));
  const proposal = await openProposal(db);
  const [file] = await db.select().from(facts).where(eq(facts.name, fileFact));
  const lastSaid = ofFile?.fileHash ?? ofFile?.hash;
  const refused = ofFile?.state === 'refused' && lastSaid === file?.value ? (lastSaid ?? null) : null;
  return {
    active: active ?? null,
    proposal,
    newest: newest?.version ?? 0,
    refused,
    mark: JSON.stringify([
      active?.version,
      active?.rulings,
      proposal?.version,
      proposal?.revision,
      newest,
      refused,
    ]),
  };
}

/** What the file said when it was read last. */
const fileFact = 'agreement_file';

interface Import {
  /** What the file says, with the rulings that stand laid over it. */
  readonly agreement: Agreement;
  readonly rulings: readonly Ruling[];
  readonly hash: string;
  /** Of the file alone. */
  readonly fileHash: string;
  readonly source: string;
  readonly preview: AgreementPreview | null;
  readonly now: Date;
}

async function takeIn(tx: Tx, file: Import, { active, proposal, newest, refused }: Standing): Promise<void> {
  const { agreement: body, rulings, hash, fileHash, source, preview, now } = file;
  await tx
    .insert(facts)
    .values({ name: fileFact, value: fileHash, at: now })
    .onConflictDoUpdate({ target: facts.name, set: { value: fileHash, at: now } });
  if (fileHash === refused) return;
  if (proposal?.hash === hash) return recount(tx, proposal, preview, now);
  const isNothingNew = active?.hash === hash;
  // What is proposed in Slack waits on while the file says nothing new.
  if (proposal && !(isNothingNew && proposal.proposes)) await putAside(tx, proposal, now);
  if (isNothingNew) return noteRulings(tx, active, file);
  const version = newest + 1;
  const state = active && preview ? 'proposed' : 'replaced';
  const nothing = active ? { against: active.version, countedAt: now.toISOString(), flows: {} } : null;
  const counted = preview ?? nothing;
  const [row] = await tx
    .insert(agreementVersions)
    .values({
      version,
      hash,
      fileHash,
      rulings,
      body,
      importedAt: now,
      source,
      active: false,
      state,
      preview: counted,
    })
    .returning();
  if (!row) throw new Error(`version ${version} of the agreement could not be stored`);
  if (state === 'proposed') await announceAgreement(tx, row, now);
  else await activate(tx, { from: active ? bodyOf(active) : null, to: bodyOf(row), now });
}

/** The file says by now what was agreed in Slack: from here on the rule is the file's, and goes with it. */
async function noteRulings(tx: Tx, active: AgreementVersion, { rulings, fileHash }: Import): Promise<void> {
  if (rulings.length === active.rulings.length) return;
  await tx
    .update(agreementVersions)
    .set({ rulings, fileHash })
    .where(eq(agreementVersions.version, active.version));
}

/** The same file again, while its proposal waits: the counts may have moved since, and a yes was given to the old ones. */
async function recount(
  tx: Tx,
  proposal: AgreementVersion,
  preview: AgreementPreview | null,
  now: Date,
): Promise<void> {
  // What sets nothing apart any more waits for its approval all the same: people were asked.
  if (!preview || isDeepStrictEqual(preview.flows, proposal.preview?.flows)) return;
  const set = { preview, approvals: {}, revision: proposal.revision + 1 };
  await tx.update(agreementVersions).set(set).where(eq(agreementVersions.version, proposal.version));
  await announceAgreement(tx, { ...proposal, ...set }, now, proposal);
}

/** Another version takes a proposal's place, or the file went back to what counts: its buttons go. */
async function putAside(tx: Tx, proposal: AgreementVersion, now: Date): Promise<void> {
  await tx
    .update(agreementVersions)
    .set({ state: 'replaced' })
    .where(and(eq(agreementVersions.version, proposal.version), ne(agreementVersions.active, true)));
  await announceAgreement(tx, proposal, now);
}

/** The next version that was imported after this one; null where there is none. */
export async function versionAfter(db: DbOrTx, version: number): Promise<number | null> {
  const [row] = await db
    .select({ version: agreementVersions.version })
    .from(agreementVersions)
    .where(gt(agreementVersions.version, version))
    .orderBy(agreementVersions.version)
    .limit(1);
  return row?.version ?? null;
}

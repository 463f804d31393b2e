import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Agreement } from '../../agreement/agreement.ts';
import { hashOf } from '../../agreement/hash.ts';
import { insteadOf, withRulings } from '../../agreement/rulings.ts';
import type { Db, DbOrTx, Tx } from '../db.ts';
import { announceLine, rank } from '../posts/outbox.ts';
import type { AgreementPreview, FlowPreview, Ruling } from '../tables/agreement.ts';
import { agreementVersions } from '../tables/index.ts';
import { announceAgreement } from './activate.ts';
import { type AgreementVersion, bodyOf, type Counting, standing } from './agreements.ts';

export type RulingAnswer =
  /** It is proposed as this version, and waits for both owners. */
  | { readonly kind: 'proposed'; readonly version: number }
  /** The same waits already. */
  | { readonly kind: 'already'; readonly version: number }
  /** Another version waits for its approvals first. */
  | { readonly kind: 'another'; readonly version: number }
  /** The agreement says so already, or of this field nothing that could be ruled. */
  | { readonly kind: 'moot' };

export interface Proposing extends Pick<Ruling, 'flow' | 'field' | 'systemOfRecord' | 'by' | 'tested'> {
  readonly now: Date;
  readonly count: Counting;
}

/**
 * Proposes a rule of one field as the next version of the agreement. Nothing of it counts before both owners of the flow approved
 * it. Clicks, imports and other replicas come one after the other; the same proposal twice is one.
 */
export async function proposeRuling(db: Db, proposing: Proposing): Promise<RulingAnswer> {
  for (;;) {
    const before = await standing(db);
    const { active } = before;
    const ruled = active && nextOf(active, before.newest + 1, proposing);
    if (!ruled) return { kind: 'moot' };
    if (before.proposal) return waits(before.proposal, proposing);
    // Long, so without a lock: what stands may have moved since.
    const preview = await proposing.count(bodyOf(active), ruled.body);
    const answer = await db.transaction(async (tx) => {
      await tx.execute('lock table agreement_versions in share row exclusive mode');
      if ((await standing(tx)).mark !== before.mark) return null;
      return store(tx, { active, ...ruled, preview }, proposing);
    });
    if (answer) return answer;
  }
}

interface Ruled {
  /** As it is stored: in the order of the active one, by which two agreements are known to be the same. */
  readonly body: Agreement;
  readonly ruling: Ruling;
}

/** What the active version would say with the rule; null where that changes nothing. */
function nextOf(active: AgreementVersion, version: number, proposing: Proposing): Ruled | null {
  const { flow, field, systemOfRecord, by, tested, now } = proposing;
  const terms = bodyOf(active).flows[flow]?.fields[field];
  if (!terms || terms.rule === 'overwrite' || terms.twoPeople) return null;
  const about = { flow, field, systemOfRecord, instead: insteadOf(terms) };
  const ruling = { ...about, version, by, at: now.toISOString(), tested };
  const { version: _, ...body } = bodyOf(active);
  const laid = withRulings(body, [ruling]);
  return laid.rulings.length > 0 ? { body: laid.agreement, ruling } : null;
}

function waits(
  { proposes, version }: AgreementVersion,
  { flow, field, systemOfRecord }: Proposing,
): RulingAnswer {
  const isSame =
    proposes?.flow === flow && proposes.field === field && proposes.systemOfRecord === systemOfRecord;
  return { kind: isSame ? 'already' : 'another', version };
}

/** People are asked whatever it sets apart: it is a rule, and theirs to agree. */
const nothingApart: FlowPreview = {
  records: 0,
  fields: {},
  makes: {},
  unknown: {},
  leaves: [],
  archives: 0,
  ends: false,
};

async function store(
  tx: Tx,
  { active, body, ruling, preview }: Ruled & { active: AgreementVersion; preview: AgreementPreview | null },
  { now }: Proposing,
): Promise<RulingAnswer> {
  const { version, flow } = ruling;
  const counted: AgreementPreview = {
    against: active.version,
    countedAt: preview?.countedAt ?? now.toISOString(),
    flows: { [flow]: preview?.flows[flow] ?? nothingApart },
  };
  const [row] = await tx
    .insert(agreementVersions)
    .values({
      version,
      hash: hashOf(body),
      fileHash: active.fileHash ?? active.hash,
      rulings: [...active.rulings, ruling],
      proposes: ruling,
      body,
      importedAt: now,
      source: 'Slack',
      active: false,
      state: 'proposed',
      preview: counted,
    })
    .returning();
  if (!row) throw new Error(`version ${version} of the agreement could not be stored`);
  await announceAgreement(tx, row, now);
  await askOwners(tx, ruling, body, now);
  return { kind: 'proposed', version };
}

/** Each owner is called once, in the thread; whoever proposed it knows of it. */
async function askOwners(tx: Tx, ruling: Ruling, body: Agreement, now: Date): Promise<void> {
  const { version, flow } = ruling;
  const owners = body.flows[flow]?.owners;
  const asked = new Set([owners?.business.slack, owners?.technical.slack].filter((one) => one !== ruling.by));
  for (const to of asked)
    await announceLine(tx, {
      key: `ruling:${version}/${to}`,
      subject: `agreement:${version}/${flow}`,
      flow,
      template: 'ruling_proposed',
      params: { version, to },
      rank: rank.decision,
      now,
    });
}

/** When this very rule was refused last, or taken back; null where it never was. */
export async function refusedRuling(
  db: DbOrTx,
  { flow, field, systemOfRecord }: Pick<Ruling, 'flow' | 'field' | 'systemOfRecord'>,
): Promise<Date | null> {
  const [row] = await db
    .select({ at: agreementVersions.decidedAt })
    .from(agreementVersions)
    .where(
      and(
        isNotNull(agreementVersions.proposes),
        eq(agreementVersions.state, 'refused'),
        sql`${agreementVersions.proposes} ->> 'flow' = ${flow}`,
        sql`${agreementVersions.proposes} ->> 'field' = ${field}`,
        sql`${agreementVersions.proposes} ->> 'systemOfRecord' = ${systemOfRecord}`,
      ),
    )
    .orderBy(desc(agreementVersions.version))
    .limit(1);
  return row?.at ?? null;
}

/** What of the version that counts was agreed in Slack, and the file does not say. */
export async function activeRulings(db: DbOrTx): Promise<readonly Ruling[]> {
  return (await standing(db)).active?.rulings ?? [];
}

import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { RulingTerms } from '../../agreement/rulings.ts';
import { instant, json, jsonb } from './columns.ts';

export type AgreementState = 'active' | 'proposed' | 'replaced' | 'refused';

/** What a new version would set apart, counted from the ledger alone when it was imported. Only flows of which it sets something apart. */
export interface AgreementPreview {
  /** The version that was active, against which it was counted. */
  against: number;
  /** ISO 8601. */
  countedAt: string;
  flows: Record<string, FlowPreview>;
}
export interface FlowPreview {
  /** Records that are set apart in at least one field. */
  records: number;
  /** By field. */
  fields: Record<string, PreviewCounts>;
  /** By connection: records that would be made there. */
  makes: Record<string, number>;
  /** Connections that join, or are read otherwise: what they hold is not known before; how many records will be compared anew. */
  unknown: Record<string, number>;
  /** Connections that take part no longer. */
  leaves: string[];
  /** Records that are gone from a system, and would be archived in the others. */
  archives: number;
  /** True where the flow itself would be no more. */
  ends: boolean;
}
/** Records, and at most five of each by title. */
export interface PreviewCounts {
  writes: number;
  asks: number;
  withdraws: number;
  holds: number;
  examples: { writes: string[]; asks: string[]; withdraws: string[]; holds: string[] };
}

/** Who said yes to a proposed version, by flow; a flow's technical owner, where asked too, as `<flow>/technical`. */
export type AgreementApprovals = Record<string, { by: string; at: string }>;

/** A rule of one field that both owners agreed in Slack: it stands beside the file, as long as the file says what it said then. */
export interface Ruling extends RulingTerms {
  /** The version that brought it, who proposed it, and when. */
  readonly version: number;
  readonly by: string;
  readonly at: string;
  /** What it would have done in the days before. */
  readonly tested: { readonly days: number; readonly same: number; readonly different: number };
}

/** Each imported version of the agreement; exactly one is active for all replicas, and every write cites it. */
export const agreementVersions = pgTable(
  'agreement_versions',
  {
    version: integer('version').primaryKey(),
    hash: text('hash').notNull(),
    /** Flows, fields and connections in the order of `truce.yml`, in which people read them. */
    body: json('body').notNull(),
    importedAt: instant('imported_at').notNull(),
    source: text('source').notNull(),
    active: boolean('active').notNull(),
    state: text('state').$type<AgreementState>().notNull().default('replaced'),
    preview: jsonb('preview').$type<AgreementPreview>(),
    /** A proposal counts once every flow that it sets apart is in here. */
    approvals: jsonb('approvals').$type<AgreementApprovals>().notNull().default({}),
    /** Counts the previews that people were shown; a press made on an older one is refused. */
    revision: integer('revision').notNull().default(1),
    /** Who refused it, or gave the last approval; null where nobody was asked. */
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    /** Of what the file said when this was imported; null = it is all that the version says, as `hash`. */
    fileHash: text('file_hash'),
    /** What of it owners agreed in Slack, and the file does not say. */
    rulings: jsonb('rulings').$type<readonly Ruling[]>().notNull().default([]),
    /** The one of the rulings that a proposal from Slack is about; null where the file said something new. */
    proposes: jsonb('proposes').$type<Ruling>(),
  },
  (t) => [uniqueIndex('agreement_one_active').on(t.active).where(sql`${t.active}`)],
);

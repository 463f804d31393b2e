import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { AccountReport } from '../../connectors/connection.ts';
import { instant, jsonb } from './columns.ts';

/** What vendors gave us when somebody connected them; one row per connection, encrypted with `TRUCE_SECRET_KEY`. */
export const tokens = pgTable('tokens', {
  connection: text('connection').primaryKey(),
  /** `v1.<key id>.<nonce>.<tag>.<text>`, base64url; what is inside is a `TokenSet`. */
  sealed: text('sealed').notNull(),
  /** Counts renewals. */
  revision: integer('revision').notNull(),
  connectedBy: text('connected_by').notNull(),
  connectedAt: instant('connected_at').notNull(),
  renewedAt: instant('renewed_at').notNull(),
});

/** A sign-in under way at a vendor's page: good for ten minutes, and once. */
export const signIns = pgTable('sign_ins', {
  /** SHA-256 of the `state` that goes through the browser: who reads the table cannot finish a sign-in. */
  stateHash: text('state_hash').primaryKey(),
  connection: text('connection').notNull(),
  /** PKCE's verifier, encrypted as tokens are. */
  sealedVerifier: text('sealed_verifier').notNull(),
  by: text('by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
});

/** What each connection's account said of itself when it was last asked. */
export const connectionChecks = pgTable('connection_checks', {
  connection: text('connection').primaryKey(),
  at: instant('at').notNull(),
  /** Null where it could not be asked; then `error` says why. */
  report: jsonb('report').$type<AccountReport>(),
  error: text('error'),
});

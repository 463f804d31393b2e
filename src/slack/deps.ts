import type { Logger } from 'pino';
import type { ActiveAgreement, Flow, SystemName } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Entity } from '../entities/field.ts';
import type { Checked } from '../jobs/check-connections.ts';
import type { WakeUp } from '../jobs/wake.ts';
import type { Counting } from '../ledger/agreement/agreements.ts';
import type { Db } from '../ledger/db.ts';

/** What people can do with a connection from Slack. Given from outside, since the Slack side itself talks to no system. */
export interface ConnectionDesk {
  /** Begins a sign-in on the vendor's page for one person, and gives the link to it. */
  link(connection: string, by: string): Promise<{ readonly url: string; readonly expiresAt: Date }>;
  /** Asks the account about itself. */
  check(connection: string): Promise<Checked>;
  /** Carries out a step in the vendor's account that `by` approved. Throws VendorError. */
  setUp(step: { readonly connection: string; readonly step: string; readonly by: string }): Promise<Checked>;
}

/** What the Slack side is built from. It reads facts from the ledger and never calls the engine: it only wakes it. */
export interface SlackSideDeps {
  readonly slack: {
    readonly botToken: string;
    /** For Socket Mode; null where Slack calls us over HTTP. */
    readonly appToken: string | null;
    /** By which requests of Slack are known; null over Socket Mode. */
    readonly signingSecret: string | null;
    /** Where the Web API is, when not at Slack's own address. */
    readonly apiUrl: string | null;
  };
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly agreement: () => ActiveAgreement;
  /** A connection's product, as people call it: "Cin7 Core". */
  readonly labels: (connectionId: string) => string;
  /** The same of a system that may be no connection of this agreement: one that a new version brings. */
  readonly product?: (system: SystemName) => string;
  readonly entity: (name: string) => Entity;
  readonly wake: WakeUp;
  /** Where a connection's credentials come from, in words; never a credential. */
  readonly credentialsNote?: (connectionId: string) => string | null;
  readonly connections: ConnectionDesk;
  /** The address of a message, for people; null before Slack has told where the workspace is. */
  readonly linkTo?: (post: { readonly channel: string; readonly ts: string }) => string | null;
  /** The address of the app's Home tab; null before Slack has told which app this is. */
  readonly board?: () => string | null;
  /** Of Truce itself: "0.1.0". */
  readonly version: string;
  /** Counts what a new version of the agreement would set apart, from the ledger alone. Given from outside: it is the engine's. */
  readonly count?: Counting;
  /** Takes the agreement that counts now, if it is another than this process knows. */
  readonly look?: () => Promise<void>;
  /** Called when Slack refuses a token that was never any good: whoever set Truce up has to see it. */
  readonly onFatal?: (error: Error) => void;
}

/** What reading facts for messages needs. */
export type FactSources = Pick<
  SlackSideDeps,
  'db' | 'clock' | 'agreement' | 'labels' | 'product' | 'entity' | 'credentialsNote' | 'linkTo' | 'board'
>;

/** A flow of the active agreement, or null where it was taken out of it. */
export const flowOf = (agreement: ActiveAgreement, id: string): Flow | null => agreement.flows[id] ?? null;

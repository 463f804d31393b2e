import type { CallContext, Connector } from './connector.ts';
import type { OAuth } from './oauth.ts';

/** A one-time step that changes something in the vendor's account, such as making properties; done only once a person approved it. */
export interface SetUpStep {
  /** `properties`. */
  readonly id: string;
  /** "Create 6 properties on companies". */
  readonly label: string;
  /** What exactly, a line each. */
  readonly details: readonly string[];
  /** True where nothing is missing without it: nobody is called for its sake. Approved, it is done by and by, some with each run. */
  readonly optional?: true;
}

/** What a connection's account says of itself. JSON-safe. */
export interface AccountReport {
  /** The account's name at the vendor; null where it tells none. */
  readonly account: string | null;
  /** What we were granted; null where the system knows no scopes. */
  readonly scopes: readonly string[] | null;
  /** What the flow's fields need and we were not granted. */
  readonly missingScopes: readonly string[];
  /** When the sign-in ends unless it is renewed or used, ISO 8601; null where it does not end. */
  readonly expiresAt: string | null;
  /** What a person has to see to at the vendor, each a sentence: a webhook that was switched off, terms that are not active. */
  readonly problems: readonly string[];
  /** What is worth knowing and needs nobody, each a sentence: up to when the books are closed. None = left out. */
  readonly notes?: readonly string[];
  readonly steps: readonly SetUpStep[];
}

export interface WebhookRequest {
  readonly method: string;
  /** Full URL as the vendor called it (HubSpot signs it). */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly receivedAt: Date;
}

/** A record that a webhook said has changed. */
export interface Hinted {
  readonly entity: string;
  readonly externalId: string;
}

export type WebhookVerdict =
  | { readonly kind: 'hints'; readonly hints: readonly Hinted[] }
  | {
      readonly kind: 'refused';
      readonly status: 400 | 401;
      readonly reason: string;
      /** True where the vendor tries on purpose whether a wrong signature is refused: nothing to worry about. */
      readonly isProbe?: boolean;
    };

/** One account of a system: signing in, webhooks, what it says of itself, and the records that it keeps. One folder per system implements it. */
export interface Connection {
  readonly system: string;
  /** As people call the product: "Cin7 Core". */
  readonly label: string;
  /** Signing in through the vendor's own page; null where the connection has its credentials in the environment. */
  readonly oauth: OAuth | null;
  /** Its records, by entity. */
  readonly keeps: ReadonlyMap<string, Connector>;
  /** Verifies and reads a webhook. Pure but for cryptography. */
  webhook(request: WebhookRequest): WebhookVerdict;
  /** Asks the account about itself, in a call or two, and about what these entities need of it. Throws VendorError. */
  account(entities: readonly string[], call: CallContext): Promise<AccountReport>;
  /** Carries a step of `account` out; done twice it does no harm. Throws VendorError. */
  setUp(step: string, call: CallContext): Promise<void>;
}

/** The records of one entity, by connection id; a connection that keeps none of them is left out. */
export const connectorsFor = (
  connections: ReadonlyMap<string, Connection>,
  entity: string,
): ReadonlyMap<string, Connector> =>
  new Map(
    [...connections].flatMap(([id, { keeps }]) => {
      const connector = keeps.get(entity);
      return connector ? [[id, connector] as const] : [];
    }),
  );

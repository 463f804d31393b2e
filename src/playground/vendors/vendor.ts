/** The systems of which there is a practice vendor. */
export type PracticeSystem = 'hubspot' | 'xero' | 'cin7-core';

/** What the cards beside the channel show and let a person edit: the vendor's own fields, under the vendor's own names. */
export interface CardField {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}
export interface Card {
  readonly system: PracticeSystem;
  readonly label: string;
  readonly externalId: string;
  readonly title: string;
  readonly abn: string;
  readonly fields: readonly CardField[];
  readonly updatedAt: string;
}

/** How a practice vendor can be made to misbehave from the page, by a script or by a test. */
export type Fault =
  | { readonly kind: 'server_error' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'renamed' }
  | { readonly kind: 'html' }
  | { readonly kind: 'half_json' }
  | { readonly kind: 'malformed_record'; readonly externalId: string }
  | { readonly kind: 'writes_refused'; readonly message: string }
  /** The write is carried out, then the connection is cut before the answer: `times` times. */
  | { readonly kind: 'cut_after_write'; readonly times: number };

/** A practice vendor: the vendor's real API over HTTP on a port of its own, and, in process, what a person in its product can do. */
export interface PracticeVendor {
  readonly system: PracticeSystem;
  readonly label: string;
  /** What goes into the agreement as `base_url` and `auth_url`. */
  readonly baseUrl: string;
  readonly authUrl: string | null;
  /** Environment variables that hold valid credentials, by the names in the repository's `truce.yml`. */
  readonly env: Readonly<Record<string, string>>;
  cards(): readonly Card[];
  card(externalId: string): Card | null;
  /** As a person typing into the vendor's own screen: one save of several fields, stamped with the vendor's clock, followed by its webhooks. */
  edit(externalId: string, values: Readonly<Record<string, string>>, editor: string): void;
  setFault(fault: Fault | null): void;
  readonly fault: Fault | null;
  /** Calls back after every change of a record, by a person or through the API. Returns the way to stop it. */
  onChange(listener: (externalId: string) => void): () => void;
  /** The newest requests, oldest first, for tests. `query` is without its `?`; status 0 = not answered (yet), or cut. */
  readonly log: readonly {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  }[];
  /** Where the vendor sends its webhooks, once Truce listens. */
  setWebhookTarget(url: string | null): void;
  close(): Promise<void>;
}

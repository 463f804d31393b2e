/** The systems of which there is a practice vendor. */
export type PracticeSystem = 'hubspot' | 'xero' | 'cin7-core';

/** What the cards beside the channel show and let a person edit: the vendor's own fields, under the vendor's own names. */
export interface CardField {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  /** Not for typing: the system works it out, or a deed moves it. */
  readonly isFixed?: true;
  /** The name that fields have in common which are one thing to the eye: a line of a paper, the stock in one place. */
  readonly group?: string;
}
/** What can be done with a record beside typing into it: a button of the vendor's own screen. */
export interface Deed {
  readonly id: string;
  /** On the button: "Approve". */
  readonly label: string;
  /** Said before it is done, of what cannot be taken back. */
  readonly note?: string;
  /** What has to be typed for it; `value` stands there to begin with. */
  readonly asks?: readonly Ask[];
}
export interface Ask {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly kind: 'number' | 'day';
}
export interface Card {
  readonly system: PracticeSystem;
  readonly label: string;
  readonly externalId: string;
  readonly title: string;
  /** Empty for what is no customer. */
  readonly abn: string;
  readonly fields: readonly CardField[];
  /** What can be done with it as it stands now. */
  readonly deeds?: readonly Deed[];
  readonly updatedAt: string;
}

/** What can become of one call. Those that name a write let everything else through. */
export type Trouble =
  | { readonly kind: 'server_error' }
  /** 502 with a web page, as a proxy before the vendor sends it. */
  | { readonly kind: 'bad_gateway' }
  /** A web page with status 200. */
  | { readonly kind: 'html' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  /** Taken and never answered, nothing done: a time-out before the commit. */
  | { readonly kind: 'silent' }
  /** Carried out and never answered: a time-out after the commit. */
  | { readonly kind: 'silent_after_write' }
  /** Carried out at once, answered so many real seconds later: clients' time-outs are real too. */
  | { readonly kind: 'slow'; readonly seconds: number }
  | { readonly kind: 'cut_before_write' }
  | { readonly kind: 'cut_after_write' }
  /** The connection is reset in the middle of the body. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'half_json' }
  | { readonly kind: 'renamed' }
  | { readonly kind: 'malformed_record'; readonly externalId: string }
  | { readonly kind: 'writes_refused'; readonly message: string };

/** A step of a script: a trouble, or a call that goes well. `on` holds it back for a read or a write. */
export type FaultStep = (Trouble | { readonly kind: 'fine' }) & { readonly on?: 'read' | 'write' };

/**
 * How a practice vendor can be made to misbehave from the page, by a script or by a test: a trouble that lasts until it is
 * mended (`busy` until its seconds are over) or hits `times` calls; several in order, one for each call that fits; or chance
 * that is the same for the same seed, at a `rate` of 0 to 1.
 */
export type Fault =
  | (Trouble & { readonly times?: number })
  | { readonly kind: 'script'; readonly steps: readonly FaultStep[] }
  | {
      readonly kind: 'seed';
      readonly seed: number;
      readonly rate: number;
      readonly of?: readonly Trouble[];
    };

/** What a person sees and does with the records of one kind in the vendor's product. */
export interface Screen {
  cards(): readonly Card[];
  card(externalId: string): Card | null;
  /** As a person typing into the vendor's own screen: one save of several fields, stamped with the vendor's clock, followed by its webhooks. */
  edit(externalId: string, values: Readonly<Record<string, string>>, editor: string): void;
  /** As a person filling in a new one. Returns its id. */
  add(values: Readonly<Record<string, string>>, editor: string): string;
  /** As a person pressing one of the card's buttons, with what it asked for. Throws what the vendor would say. */
  press?(externalId: string, deed: string, typed: Readonly<Record<string, string>>, editor: string): void;
}

/**
 * A practice vendor: the vendor's real API over HTTP on a port of its own, and, in process, what a person in its product can do:
 * with customers on the screen that it is itself, with other records on those of `screens`.
 */
export interface PracticeVendor extends Screen {
  readonly system: PracticeSystem;
  readonly label: string;
  /** What goes into the agreement as `base_url` and `auth_url`. */
  readonly baseUrl: string;
  readonly authUrl: string | null;
  /** Environment variables that hold valid credentials, by the names in the repository's `truce.yml`. */
  readonly env: Readonly<Record<string, string>>;
  /** The screens of what it keeps beside customers, by entity: `product`, `stock_level`, `invoice`, `payment`. */
  readonly screens: Readonly<Record<string, Screen>>;
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
  /**
   * Where the vendor sends its webhooks, once Truce listens. With `unruly` some come twice and out of order, as vendors say
   * theirs may; the same ones for the same seed.
   */
  setWebhookTarget(url: string | null, manners?: { readonly unruly: number }): void;
  close(): Promise<void>;
}

/** What the business decided, as validated from `truce.yml`. Plain data: stored as a numbered version in the ledger. */
export interface Agreement {
  readonly company: string;
  /** IANA zone in which people read times. */
  readonly timeZone: string;
  /** The slash command as installed, with its slash: `/sync`. */
  readonly command: string;
  readonly people: Readonly<Record<string, Person>>;
  readonly connections: Readonly<Record<string, ConnectionTerms>>;
  readonly flows: Readonly<Record<string, Flow>>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Slack user id: people are pinned by it, never by name or e-mail. */
  readonly slack: string;
}

export type SystemName = 'hubspot' | 'xero' | 'cin7-core';

export interface ConnectionTerms {
  readonly id: string;
  readonly system: SystemName;
  /** Where the system's API is, when not at the vendor's own address. */
  readonly baseUrl: string | null;
  readonly authUrl: string | null;
  /** Credential name → name of the environment variable that holds it. Never a credential itself. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  readonly timeoutSeconds: number;
}

export type Rule = 'overwrite' | 'read_only' | 'review' | 'approve' | 'latest';
/** What happens when nobody chooses in time: nothing is written, the system of record's value goes out, or it keeps waiting. */
export type Fallback = 'keep' | 'owner_wins' | 'hold';

export interface FieldTerms {
  readonly field: string;
  readonly rule: Rule;
  /** The connection that wins. */
  readonly systemOfRecord: string;
  /** Hours a person has to choose; null = no limit. */
  readonly decideWithinHours: number | null;
  readonly ifNobodyChooses: Fallback;
}

export interface Flow {
  readonly id: string;
  /** As people call it: "Customers". */
  readonly name: string;
  readonly entity: 'customer';
  readonly connections: readonly string[];
  /** The strong key by which records are linked. */
  readonly matchBy: string;
  readonly schedule: { readonly cron: string; readonly timeZone: string };
  /** Slack channel name without `#`, or a channel id. */
  readonly channel: string;
  readonly owners: { readonly business: Person; readonly technical: Person };
  /** Who may choose; the business owner is always among them. */
  readonly deciders: readonly Person[];
  readonly fields: Readonly<Record<string, FieldTerms>>;
  /** Minutes after its slot until a run that did not start is late. */
  readonly lateAfterMinutes: number;
  /** Failed runs in a row until the alert opens; 1 = at once. */
  readonly alertAfterFailures: number;
}

/** An agreement with its place in the ledger. */
export interface ActiveAgreement extends Agreement {
  readonly version: number;
}

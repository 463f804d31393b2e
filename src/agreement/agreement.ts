import type { EntityName } from './kept-entities.ts';

/** What the business decided, as validated from `truce.yml`. Plain data: stored as a numbered version in the ledger. */
export interface Agreement {
  readonly company: string;
  /** IANA zone in which people read times. */
  readonly timeZone: string;
  /** The slash command as installed, with its slash: `/sync`. */
  readonly command: string;
  /** When people may be called. */
  readonly hours: WorkingHours;
  readonly outside: Outside;
  readonly people: Readonly<Record<string, Person>>;
  readonly connections: Readonly<Record<string, ConnectionTerms>>;
  readonly flows: Readonly<Record<string, Flow>>;
}

/** Who watches Truce from outside of Slack: names of environment variables that hold addresses, never the addresses. */
export interface Outside {
  /** Told after each good round of the watch; null = nobody. */
  readonly heartbeat: string | null;
  /** Told when Slack has not been reached for so many minutes, and when it is again; null = nobody. */
  readonly fallback: { readonly variable: string; readonly afterMinutes: number } | null;
}

/** Working days, 1 = Monday to 7 = Sunday, and from when to when on them: minutes since midnight, local time. */
export interface WorkingHours {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** IANA zone in which this person works; the company's if left out. */
  readonly timeZone?: string;
  /** Slack user id: people are pinned by it, never by name or e-mail. */
  readonly slack: string;
  /** Names and e-mail addresses under which systems know this person: who made a change does not approve it. */
  readonly knownAs: readonly string[];
  /** Who is called and may decide in this person's place, on which days; left out = nobody. */
  readonly deputies?: readonly Deputy[];
  /** Who stands in today. Never stored: set where an agreement is looked at for a day. */
  readonly standIn?: Person;
}

export interface Deputy {
  /** Short name of one of the people. */
  readonly person: string;
  /** The first and the last day: calendar dates ("2026-12-21") in the zone of the person who is away. */
  readonly from: string;
  readonly to: string;
}

export type SystemName = SystemTerms['system'];

/** Where HubSpot keeps whom invoices go to: in a property of the company, or in a contact of the company. */
export type BillingContact =
  | { readonly kind: 'property' }
  /** The contact that is associated under this label. */
  | { readonly kind: 'label'; readonly label: string }
  /** The company's only contact; with several it is nobody. */
  | { readonly kind: 'only' };

/** Our tax treatment → the code or name under which this account has it. What is not in the table is never guessed. */
export type TaxCodes = Readonly<Record<string, string>>;

/** What an agreement may say of one system alone. */
export type SystemTerms =
  | {
      readonly system: 'hubspot';
      readonly signIn: 'token' | 'oauth';
      readonly billingContact: BillingContact;
      /** The stages of deals, by their ids in HubSpot, in which a deal is won: of those an invoice is made. */
      readonly wonStages: readonly string[];
      /** The first day ("2026-07-01", in the company's zone) whose deals are made into invoices; null = all that were ever won. */
      readonly wonSince: string | null;
    }
  | {
      readonly system: 'xero';
      readonly signIn: 'custom_connection' | 'oauth';
      /** Name or id of the organisation, for a sign-in that may reach several; null = the only one. */
      readonly organisation: string | null;
      readonly taxCodes: TaxCodes;
      /** How an invoice begins that is made there; null = none are made. */
      readonly newInvoices: NewXeroInvoices | null;
    }
  | {
      readonly system: 'cin7-core';
      readonly taxCodes: TaxCodes;
      /** What Cin7 Core demands of every new customer and no other system knows; null = none are made there. */
      readonly newCustomers: NewCin7Customers | null;
      /** The same of every new product. */
      readonly newProducts: NewCin7Products | null;
      /** The connection into which Cin7 Core posts its invoices by itself; `nobody`; null = nobody has said. */
      readonly postsInvoicesTo: string | null;
    }
  | ({ readonly system: 'postgresql' } & TableTerms)
  | ({ readonly system: 'csv' } & SheetTerms);

/** What nobody but the company itself can say of an invoice that is made from a deal. */
export interface NewXeroInvoices {
  /** Whether a bookkeeper approves it first. */
  readonly status: 'draft' | 'authorised';
  /** The code of the account that a line is booked to, where its item names none. */
  readonly account: string;
  /** Days from the invoice's date. */
  readonly dueDays: number;
}

/** By name or code, as the account has them. */
export interface NewCin7Customers {
  readonly currency: string;
  readonly paymentTerm: string;
  readonly accountReceivable: string;
  readonly revenueAccount: string;
  readonly taxRule: string;
}

/** By name, as the account has them. The unit is taken where the product itself names none. */
export interface NewCin7Products {
  readonly category: string;
  readonly unit: string;
  readonly costingMethod: string;
  readonly type: string;
}

/** Field → its column; a field of several parts (an address, terms) names a column for each part. */
export type Columns = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A table of the company's own database. */
export interface TableTerms {
  /** `customers` or `crm.customers`. */
  readonly table: string;
  /** The primary key's column. */
  readonly key: string;
  readonly columns: Columns;
  /** How changes are found: by a column that every write moves, or by triggers that Truce puts there in an approved step. */
  readonly changes: { readonly kind: 'column'; readonly column: string } | { readonly kind: 'trigger' };
  /** A text column for our own record id; null = none, and no rows are made. */
  readonly marker: string | null;
}

/** A CSV file or a spreadsheet, only ever read. */
export interface SheetTerms {
  /** Its path; one that `truce.yml` gives from its own folder has that folder in front. */
  readonly file: string;
  /** The column whose values tell the rows apart. */
  readonly key: string;
  readonly columns: Columns;
}

export type ConnectionTerms = CommonTerms & SystemTerms;

interface CommonTerms {
  readonly id: string;
  /** Where the system's API is, when not at the vendor's own address. */
  readonly baseUrl: string | null;
  readonly authUrl: string | null;
  /** Credential name → name of the environment variable that holds it. Never a credential itself. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  /** Calls of each day that only what a person asked for may use. */
  readonly callsForPeople: number;
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
  /** A second person has to approve what the first one chose; neither may have made the change. */
  readonly twoPeople: boolean;
  /** The connections that take part with this field; the others are neither heard nor written. */
  readonly between: readonly string[];
}

/** What follows when a record is gone from a system, confirmed by its id: it is archived elsewhere, the owner is asked, or nothing. */
export type WhenGone = 'archive' | 'ask' | 'ignore';

/** How much at once is no longer usual: then nothing is written before a person approved it. */
export interface SafetyStop {
  /** Records that a run may write before it counts as much at all. */
  readonly records: number;
  /** Share of the flow's records, in percent. */
  readonly percent: number;
}

/** One step of a flow's ladder. */
export interface Escalation {
  /** Minutes after a problem opened: working minutes, unless the flow is urgent. */
  readonly afterMinutes: number;
  /** Slack ids of people or user groups, and what they are called in a sentence: "the business owner". */
  readonly ask: readonly { readonly slack: string; readonly name: string }[];
}

export interface Flow {
  readonly id: string;
  /** As people call it: "Customers". */
  readonly name: string;
  readonly entity: EntityName;
  readonly connections: readonly string[];
  /** The strong key by which records are linked. */
  readonly matchBy: string;
  /** What becomes of a record without it, or that only one system has and none is to get: it waits and says so, or is left alone. */
  readonly unmatched: 'wait' | 'leave';
  /** Where missing records are made: the connection → the connections in one of which a record must be for that. */
  readonly createIn: Readonly<Record<string, readonly string[]>>;
  readonly schedule: { readonly cron: string; readonly timeZone: string };
  /** Slack channel name without `#`, or a channel id. */
  readonly channel: string;
  readonly owners: { readonly business: Person; readonly technical: Person };
  /** Who may choose; the business owner is always among them. */
  readonly deciders: readonly Person[];
  readonly fields: Readonly<Record<string, FieldTerms>>;
  /** Minutes after its slot until a run that did not start is late. */
  readonly lateAfterMinutes: number;
  /** Failed runs in a row until the alert opens; 1 = at once, null = however many. */
  readonly alertAfterFailures: number | null;
  /** Minutes of failing until the alert opens, if not before; null = however long. */
  readonly alertAfterMinutes: number | null;
  /** Share of a day's records, in percent, that may be refused before an alert opens; null = each has its own message alone. */
  readonly alertAfterPercent: number | null;
  /** Who is asked when nobody takes a problem on, one step after the other. The technical owner is called when it opens. */
  readonly escalate: readonly Escalation[];
  /** True where its problems call people outside working hours too. */
  readonly urgent: boolean;
  readonly whenGone: WhenGone;
  readonly safetyStop: SafetyStop;
  /** When everything is read, whatever the systems list as changed; null = never. In the schedule's time zone. */
  readonly sweep: string | null;
  /** Hours until a record that was made in one system and is still missing in another raises an alert. */
  readonly partialAfterHours: number;
  /** People are told at once of a decision that holds up more than this, in whole units of any one currency; null = at their next slot. */
  readonly moneyAtOnce: number | null;
  /** When deals, invoices and payments are held against each other, as a cron line in the schedule's time zone; null = never. For invoices alone. */
  readonly moneyProof: string | null;
  /** Days after which messages about what is over show no values any more; the ledger keeps them. */
  readonly forgetValuesAfterDays: number;
}

/** An agreement with its place in the ledger. */
export interface ActiveAgreement extends Agreement {
  readonly version: number;
}

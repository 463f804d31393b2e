import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Card, PracticeSystem } from '../vendors/vendor.ts';

/** What the page and its server say to each other: JSON over `/practice/*`, events over `/practice/events` (server-sent events). */

export interface PageUser {
  readonly id: string;
  readonly name: string;
  /** As the switch names them: "business owner", "technical owner", "bystander", "guest". Null for users one cannot be. */
  readonly part: string | null;
  readonly isBot: boolean;
}
export interface PageChannel {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly isDirect: boolean;
}
export interface PageMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly edited: boolean;
  /** "Only visible to you": gone after a reload, as in Slack. */
  readonly ephemeral: boolean;
  /** A thread reply that is shown in the channel as well. */
  readonly broadcast: boolean;
  readonly replyCount: number;
  /** Files that came with it, whole: they are small. */
  readonly files?: readonly { readonly name: string; readonly content: string }[];
}
export interface PageView {
  readonly id: string;
  readonly view: ModalView;
  /** Messages for inputs, by block id, after a refused submission. */
  readonly errors: Readonly<Record<string, string>>;
}
/** What the app shows one person in its Home tab. */
export interface PageHome {
  readonly id: string;
  readonly view: HomeView;
}
export interface PageNotification {
  readonly id: string;
  readonly to: string;
  readonly at: string;
  /** "#sync-customers" or "Truce" for a direct message. */
  readonly where: string;
  readonly text: string;
}
export interface PageCommand {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

/** What the cards show: customers, products with their stock, or sales, which are deals with their invoices. */
export type Kind = 'customer' | 'product' | 'sale';
/** A customer, product or sale to choose from. */
export interface PageRecord {
  readonly id: string;
  readonly title: string;
  /** An ABN, a SKU; a customer, an invoice's number: what tells it from another of its name. */
  readonly about: string;
}
/** `GET /practice/records?kind=<kind>` */
export interface PageRecords {
  readonly records: readonly PageRecord[];
}

/** `GET /practice/state?as=<user id>` */
export interface PageState {
  readonly me: string;
  readonly users: readonly PageUser[];
  readonly channels: readonly PageChannel[];
  readonly messages: readonly PageMessage[];
  readonly notifications: readonly PageNotification[];
  /** Null until the app has published one. */
  readonly home: PageHome | null;
  readonly commands: readonly PageCommand[];
  /** Entries of the menu of each message of the app. */
  readonly shortcuts: readonly PageShortcut[];
  /** The subcommands, for suggestions while typing: "status", "lookup <reference>" … */
  readonly subcommands: readonly PageCommand[];
  readonly kind: Kind;
  /** The customer, product or sale in the cards, one of each system that has it. */
  readonly cards: readonly Card[];
  readonly faults: Readonly<Partial<Record<PracticeSystem, string>>>;
  /** The one line on top. */
  readonly guide: string;
}

/** `GET /practice/events?as=<user id>` */
export type PageEvent =
  | { readonly type: 'message'; readonly message: PageMessage }
  | { readonly type: 'message_changed'; readonly message: PageMessage }
  | { readonly type: 'message_deleted'; readonly channel: string; readonly ts: string }
  | { readonly type: 'notification'; readonly notification: PageNotification }
  | { readonly type: 'view_opened'; readonly view: PageView }
  | { readonly type: 'view_changed'; readonly view: PageView }
  | { readonly type: 'view_closed'; readonly id: string }
  | { readonly type: 'home'; readonly home: PageHome }
  | { readonly type: 'card'; readonly card: Card }
  /** Somebody types into a card, in sight: the field fills letter by letter before it is saved. */
  | {
      readonly type: 'typing';
      readonly system: PracticeSystem;
      readonly externalId: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly type: 'focus'; readonly kind: Kind; readonly cards: readonly Card[] }
  | { readonly type: 'faults'; readonly faults: PageState['faults'] }
  | { readonly type: 'guide'; readonly guide: string }
  /** What Slack itself tells a person, say "/sync failed because the app did not respond". */
  | { readonly type: 'slackbot'; readonly channel: string; readonly text: string };

/** `POST /practice/command` */
export interface CommandInput {
  readonly as: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** The whole line: "/sync status", or plain words (an ordinary message). */
  readonly text: string;
}
/** `POST /practice/shortcut`: an entry of a message's own menu. */
export interface ShortcutInput {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  readonly id: string;
}
export interface PageShortcut {
  readonly id: string;
  readonly name: string;
}
/** `POST /practice/home`: somebody opens the app's Home tab. */
export interface HomeInput {
  readonly as: string;
}
/** `POST /practice/action`: a click on a button, overflow or select, in a message, in a modal or on the Home tab (by its view's id). */
export interface ActionInput {
  readonly as: string;
  readonly channel: string | null;
  readonly ts: string | null;
  readonly viewId: string | null;
  readonly blockId: string;
  readonly actionId: string;
  /** Button value, or the selected option's value. */
  readonly value: string | null;
  readonly values: StateValues;
}
/** Values of inputs by block id and action id: the text, the selected option's value or values, or null when untouched. */
export type StateValues = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[] | null>>>
>;
/** `POST /practice/submit` and `POST /practice/dismiss` */
export interface ViewInput {
  readonly as: string;
  readonly viewId: string;
  readonly values: StateValues;
}
/** `POST /practice/edit`. Without a kind: of a customer. */
export interface EditInput {
  readonly as: string;
  readonly kind: Kind;
  readonly system: PracticeSystem;
  readonly externalId: string;
  readonly values: Readonly<Record<string, string>>;
}
/** `POST /practice/press`: a click on one of a card's buttons, with what it asked for. */
export interface PressInput {
  readonly as: string;
  readonly kind: Kind;
  readonly system: PracticeSystem;
  readonly externalId: string;
  readonly deed: string;
  readonly typed: Readonly<Record<string, string>>;
}
/** `POST /practice/show`: another kind of record in the cards. */
export interface ShowInput {
  readonly kind: Kind;
}
/** `POST /practice/focus`: another record of a kind. Without a kind: a customer. */
export interface FocusInput {
  readonly kind: Kind;
  readonly id: string;
}
/** `POST /practice/break`: `kind` is a Fault's kind, or null to mend. */
export interface BreakInput {
  readonly system: PracticeSystem;
  readonly kind: string | null;
}
/** `POST /practice/burst` `{ count }`. Every POST answers `{ ok: true }` or `{ ok: false, error }`. */
export type PageAnswer = { readonly ok: true } | { readonly ok: false; readonly error: string };

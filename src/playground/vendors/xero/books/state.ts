import type { Clock } from '../../../../clock.ts';
import type { Store } from '../../../store.ts';
import { plantedCollection } from '../../practice.ts';
import type { Change, News } from '../news.ts';
import type { Contacts } from '../state.ts';
import type { LineAmountTypes, LineFigures } from './figures.ts';

/** A price and what it is booked to. Left out = not set. */
export interface ItemDetails {
  readonly UnitPrice?: string;
  readonly AccountCode?: string;
  readonly TaxType?: string;
}

export interface Item {
  readonly ItemID: string;
  readonly Code: string;
  readonly Name: string;
  readonly Description: string;
  readonly PurchaseDescription: string;
  readonly IsSold: boolean;
  readonly IsPurchased: boolean;
  readonly SalesDetails: ItemDetails;
  readonly PurchaseDetails: ItemDetails;
  readonly updatedAt: string;
}

/** A line of an invoice or credit note. Empty texts are none. */
export interface Line extends LineFigures {
  readonly LineItemID: string;
  readonly Description: string;
  readonly ItemCode: string;
  readonly AccountCode: string;
  readonly TaxType: string;
  /** In cents, where the writer gave it; else it is worked out. */
  readonly givenTax: number | null;
}

export type DocumentStatus = 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED';

/** What invoices and credit notes have in common. Dates are days of the calendar, `2026-11-21`. */
interface Paper {
  readonly contactId: string;
  readonly Date: string;
  readonly Status: DocumentStatus;
  readonly LineAmountTypes: LineAmountTypes;
  readonly lines: readonly Line[];
  readonly Reference: string;
  readonly CurrencyCode: string;
  readonly updatedAt: string;
}

export interface Invoice extends Paper {
  readonly InvoiceID: string;
  readonly Type: 'ACCREC' | 'ACCPAY';
  /** '' for a bill without one. */
  readonly InvoiceNumber: string;
  /** '' where a draft has none yet. */
  readonly DueDate: string;
  readonly Url: string;
  readonly SentToContact: boolean;
  /** The client that made it; null where a person did. */
  readonly madeBy: string | null;
}

export interface Payment {
  readonly PaymentID: string;
  readonly invoiceId: string;
  readonly Date: string;
  readonly cents: number;
  readonly accountCode: string;
  readonly Reference: string;
  readonly Status: 'AUTHORISED' | 'DELETED';
  readonly updatedAt: string;
}

export interface Allocation {
  readonly AllocationID: string;
  readonly invoiceId: string;
  readonly cents: number;
  readonly Date: string;
}

/** A credit note, or what a customer paid too much: both are set off against invoices. */
export interface Credit extends Paper {
  readonly CreditNoteID: string;
  readonly kind: 'credit_note' | 'overpayment';
  readonly CreditNoteNumber: string;
  readonly allocations: readonly Allocation[];
}

/** The last days that are closed, `2026-06-30`; null = none. */
export interface LockDates {
  readonly period: string | null;
  readonly year: string | null;
}

/** What an organisation has beside its contacts, when the store has none of it yet. */
export interface BooksSeed {
  readonly items?: readonly Item[];
  readonly invoices?: readonly Invoice[];
  readonly payments?: readonly Payment[];
  readonly credits?: readonly Credit[];
  readonly locks?: LockDates;
}

export interface Table<T> {
  get(id: string): T | undefined;
  all(): readonly T[];
  /** Saves with the time of now; `quietly` keeps the time that it has, and tells nobody. */
  save(record: T, quietly?: 'quietly'): T;
  delete(id: string): void;
}

/** Items, invoices and what was paid of them: an organisation's books. */
export interface Books {
  readonly items: Table<Item>;
  readonly invoices: Table<Invoice>;
  readonly payments: Table<Payment>;
  readonly credits: Table<Credit>;
  readonly contacts: Contacts;
  locks(): LockDates;
  lock(dates: LockDates): void;
  now(): Date;
  /** All or nothing; told of once it is through. Not to be nested. */
  together<R>(work: () => R): R;
}

interface BooksParts {
  /** What the collections' names end with: '' for the main organisation. */
  readonly suffix: string;
  readonly seed: BooksSeed;
  readonly contacts: Contacts;
  readonly news: News;
}

export function openBooks(store: Store, clock: Clock, { suffix, seed, contacts, news }: BooksParts): Books {
  const locks = plantedCollection(
    store,
    `xero.locks${suffix}`,
    [seed.locks ?? { period: null, year: null }],
    () => 'dates',
  );
  const open = tableOpener(store, clock, news);
  return {
    items: open(`xero.items${suffix}`, seed.items ?? [], ({ ItemID }) => ItemID),
    invoices: open(
      `xero.invoices${suffix}`,
      seed.invoices ?? [],
      ({ InvoiceID }) => InvoiceID,
      () => ({ category: 'INVOICE' }),
    ),
    payments: open(`xero.payments${suffix}`, seed.payments ?? [], ({ PaymentID }) => PaymentID),
    credits: open(
      `xero.credits${suffix}`,
      seed.credits ?? [],
      ({ CreditNoteID }) => CreditNoteID,
      ({ kind, Status }) =>
        kind === 'credit_note'
          ? { category: 'CREDITNOTE', data: { Type: 'ACCRECCREDIT', Status } }
          : { category: null },
    ),
    contacts,
    locks: () => locks.get('dates') ?? { period: null, year: null },
    lock: (dates) => locks.set('dates', dates),
    now: clock.now,
    together: news.together,
  };
}

type Told = Pick<Change, 'category' | 'data'>;

const tableOpener =
  (store: Store, clock: Clock, news: News) =>
  <T extends { readonly updatedAt: string }>(
    name: string,
    seed: readonly T[],
    idOf: (record: T) => string,
    told: (record: T) => Told = () => ({ category: null }),
  ): Table<T> => {
    const records = plantedCollection(store, name, seed, idOf);
    return {
      get: (id) => records.get(id.toLowerCase()),
      all: records.all,
      delete: (id) => records.delete(id.toLowerCase()),
      save: (record, quietly) => {
        const id = idOf(record);
        const type = records.get(id) ? 'UPDATE' : 'CREATE';
        const stamped = quietly ? record : { ...record, updatedAt: clock.now().toISOString() };
        records.set(id, stamped);
        if (!quietly) news.note({ ...told(stamped), id, type, at: clock.now() });
        return stamped;
      },
    };
  };

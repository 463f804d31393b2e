import { type PracticeDealLine, practiceDeals } from './deals.ts';

/** An invoice that somebody wrote in Xero before Truce. Days count back from the start of the practice company's time. */
export interface PracticeInvoice {
  readonly number: string;
  /** The customer's name as it begins in Xero. */
  readonly customer: string;
  readonly reference: string;
  readonly issuedDaysAgo: number;
  readonly dueAfterDays: number;
  readonly lines: readonly PracticeDealLine[];
  readonly status: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'VOIDED';
  /** Dollars, as text; null = whatever is due. */
  readonly payments: readonly { readonly daysAgo: number; readonly amount: string | null }[];
  /** GST included. */
  readonly credits: readonly {
    readonly number: string;
    readonly daysAgo: number;
    readonly amount: string | null;
  }[];
  /** A bill from somebody who sells to us. */
  readonly isBill?: boolean;
}

type Paid = Partial<Pick<PracticeInvoice, 'status' | 'payments' | 'credits' | 'isBill' | 'dueAfterDays'>>;

function invoice(
  number: string,
  [customer, reference, issuedDaysAgo]: readonly [customer: string, reference: string, issuedDaysAgo: number],
  lines: readonly PracticeDealLine[],
  more: Paid = {},
): PracticeInvoice {
  const usual = { dueAfterDays: 30, status: 'AUTHORISED', payments: [], credits: [] } as const;
  return { number, customer, reference, issuedDaysAgo, lines, ...usual, ...more };
}

const inFull = (daysAgo: number) => ({ payments: [{ daysAgo, amount: null }] });

/** How the invoices of deals stand that were won, and invoiced by hand, before Truce. */
const standing: Readonly<Record<string, Paid>> = {
  'INV-2031': inFull(48),
  // Two pallets came back: the rest was paid.
  'INV-2034': {
    payments: [{ daysAgo: 25, amount: null }],
    credits: [{ number: 'CN-0012', daysAgo: 30, amount: '110' }],
  },
  'INV-2036': { payments: [{ daysAgo: 22, amount: '1000' }] },
  // Delivered to the wrong yard, and taken back whole.
  'INV-2038': { credits: [{ number: 'CN-0014', daysAgo: 27, amount: null }] },
  'INV-2041': {},
};

const ofDeals: readonly PracticeInvoice[] = practiceDeals.flatMap((deal) => {
  if (deal.invoice === undefined || deal.customer === null) return [];
  const about = [deal.customer, deal.name, deal.closedDaysAgo - 1] as const;
  return [invoice(deal.invoice, about, deal.lines, standing[deal.invoice])];
});

/** Nobody made a deal of these. */
const byHand: readonly PracticeInvoice[] = [
  // In a quarter whose BAS is lodged.
  invoice(
    'INV-2019',
    ['Bellbird Timber', 'Counter sale', 176],
    [
      { sku: 'CM-GP-20', quantity: '40' },
      { sku: 'FR-METRO', quantity: '1' },
    ],
    inFull(167),
  ),
  // Forgotten there.
  invoice('INV-2022', ['Platypus Windows', 'Samples', 172], [{ sku: 'PV-BLU-400', quantity: '3' }], {
    status: 'DRAFT',
  }),
  invoice('INV-2033', ['Sandpiper Electrical', 'Cut twice', 60], [{ sku: 'DK-SPG-135', quantity: '22.75' }], {
    status: 'VOIDED',
  }),
  // Half a dozen beans against two hundred cups: GST on a part of it.
  invoice(
    'INV-2035',
    ['Corella Irrigation', 'Staff kitchen', 45],
    [
      { sku: 'CF-BEAN-HB1', quantity: '6' },
      { sku: 'CF-CUP-8OZ', quantity: '4', percentOff: '7.5' },
    ],
    inFull(24),
  ),
  invoice('INV-2040', ['Firetail Joinery', 'Pickup 14 Oct', 35], [{ sku: 'PL-10-2412', quantity: '9' }]),
  invoice('INV-2042', ['Bellbird Timber', 'Not sent yet', 23], [{ sku: 'GD-HOSE-20', quantity: '4' }], {
    status: 'SUBMITTED',
  }),
  invoice(
    'SUP-88113',
    ['Bunya', 'Bags and ties', 29],
    [{ sku: null, name: 'Packing material', quantity: '1', price: '412.35' }],
    { isBill: true, ...inFull(23) },
  ),
];

/** The practice company's invoices in Xero, the oldest first. */
export const practiceInvoices: readonly PracticeInvoice[] = [...ofDeals, ...byHand].toSorted(
  (a, b) => b.issuedDaysAgo - a.issuedDaysAgo,
);

import { type Doable, saving, withDeeds } from '../../deeds.ts';
import type { Ask, Card, Screen } from '../../vendor.ts';
import { inWords } from './dates.ts';
import { dollars } from './figures.ts';
import type { InvoiceHands } from './invoice-screen.ts';
import { lockProblems } from './invoices.ts';
import type { Books, Invoice } from './state.ts';
import { standing } from './sums.ts';

/** The button of an item's page. */
export const withItemDeeds = (screen: Screen): Screen =>
  withDeeds(screen, (card) => [
    saving(screen, card, { id: 'price', label: 'Change price', asked: ['SalesUnitPrice'] }),
  ]);

/** Sales without bills, and without drafts that were deleted; with the buttons of an invoice's page. */
export function salesScreen(hands: InvoiceHands, books: Books): Screen {
  const isSale = ({ externalId }: Card) => {
    const { Type, Status } = books.invoices.get(externalId) ?? {};
    return Type === 'ACCREC' && Status !== 'DELETED';
  };
  const screen = withDeeds(hands, (card) => {
    const invoice = books.invoices.get(card.externalId);
    return invoice ? [...ofItself(invoice, hands, books), ...ofPeriod(invoice, hands, books)] : [];
  });
  return { ...screen, cards: () => screen.cards().filter(isSale) };
}

/** What Xero offers for an invoice as it stands. */
function ofItself(invoice: Invoice, hands: InvoiceHands, books: Books): Doable[] {
  const { InvoiceID: id, Status } = invoice;
  const { due, paid, credited } = standing(invoice, books);
  const amount: Ask = { key: 'amount', label: 'Amount', value: dollars(due).toFixed(2), kind: 'number' };
  const approve = { id: 'approve', label: 'Approve', run: () => hands.approve(id) };
  switch (Status) {
    case 'DRAFT':
    case 'SUBMITTED':
      return [
        approve,
        {
          ...{ id: 'delete', label: 'Delete', note: 'A deleted draft cannot be brought back.' },
          run: () => hands.delete(id),
        },
      ];
    case 'AUTHORISED':
      return [
        {
          ...{ id: 'pay', label: 'Take payment', asks: [amount] },
          run: (typed) => void hands.pay(id, { amount: amountIn(typed) }),
        },
        {
          ...{ id: 'credit', label: 'Credit', asks: [amount] },
          run: (typed) => void hands.credit(id, amountIn(typed)),
        },
        ...(paid + credited === 0 ? [voiding(id, hands)] : []),
        ...(paid > 0 ? [takingBack(id, hands)] : []),
      ];
    case 'PAID':
      return paid > 0 ? [takingBack(id, hands)] : [];
    default:
      return [];
  }
}

const voiding = (id: string, hands: InvoiceHands): Doable => ({
  ...{ id: 'void', label: 'Void', note: 'A voided invoice cannot be brought back.' },
  run: () => hands.void(id),
});

const takingBack = (id: string, hands: InvoiceHands): Doable => ({
  ...{ id: 'unpay', label: 'Remove payments' },
  run: () => hands.unpay(id),
});

/** Closing the books up to a day, and opening them again. */
function ofPeriod({ Date: issued }: Invoice, hands: InvoiceHands, books: Books): Doable[] {
  const { period } = books.locks();
  const isLocked = lockProblems(issued, books.locks()).length > 0;
  const until: Ask = { key: 'until', label: 'Up to and with', value: issued, kind: 'day' };
  if (isLocked)
    return [
      {
        ...{ id: 'unlock', label: 'Unlock period' },
        run: () => hands.lock({ period: null, year: null }),
      },
    ];
  const note = period === null ? 'No period is locked now.' : `Locked now: up to ${inWords(period)}.`;
  return [
    {
      ...{ id: 'lock', label: 'Lock period', note, asks: [until] },
      run: ({ until: day = '' }) => {
        if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`“${day}” is not a day`);
        hands.lock({ period: day });
      },
    },
  ];
}

function amountIn({ amount = '' }: Readonly<Record<string, string>>): number {
  const plain = amount.replace(/[$,\s]/g, '');
  const number = Number(plain);
  if (plain === '' || !Number.isFinite(number)) throw new Error(`“${amount}” is not an amount`);
  return number;
}

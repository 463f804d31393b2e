import { describe, expect, test } from 'vitest';
import type { Invoice, Payment } from '#src/playground/vendors/xero/books/state.ts';
import type { PracticeXero } from '#src/playground/vendors/xero/server.ts';
import { practiceStage } from '../../contract/practice-stage.ts';
import { hook, listed, observed, second } from '../../contract/stage.ts';
import { uuid } from '../../contract/xero.ts';
import { invoice, line, practice } from '../../contract/xero-books.ts';
import { call } from '../kit.ts';

async function stage(more: Partial<Invoice> = {}, payments: readonly Payment[] = []) {
  const first = invoice(1, { Status: 'AUTHORISED', lines: [line(1, { UnitAmount: '1234.56' })], ...more });
  const plan = practice(
    'payment',
    () => ({ payments, invoices: [first, invoice(2, { Status: 'AUTHORISED' })] }),
    {
      more: 0,
      moreIds: () => [],
      probeEdit: (InvoiceNumber) => ({ InvoiceNumber }),
      renamed: { expected: '', found: '' },
    },
  );
  const on = await practiceStage(plan);
  const vendor = on.vendor as PracticeXero;
  const told = async () => {
    const { fields } = await observed(on.connector, uuid(1));
    return Object.fromEntries(
      Object.entries(fields).map(([field, one]) => [field, one.state === 'value' ? one.value : one.state]),
    );
  };
  return { ...on, vendor, invoices: vendor.invoices, told };
}

const aud = (minor: number) => ({ minor, currency: 'AUD' });
const nothing = { amount_paid: aud(0), amount_credited: aud(0), paid_on: 'blank', credit_notes: 'blank' };

describe('what was paid of an invoice, to the cent', () => {
  test('nothing, a part, all of it, and nothing again', async () => {
    const { invoices, told } = await stage();
    expect(await told()).toEqual({ number: 'INV-1', payment_status: 'unpaid', ...nothing });
    invoices.pay(uuid(1), { amount: 0.07, on: '2026-11-18' });
    expect(await told()).toMatchObject({
      payment_status: 'part_paid',
      amount_paid: aud(7),
      paid_on: 'blank',
    });
    invoices.pay(uuid(1), { on: '2026-11-19' });
    expect(await told()).toMatchObject({
      payment_status: 'paid',
      amount_paid: aud(135_802),
      paid_on: '2026-11-19',
    });
    invoices.unpay(uuid(1));
    expect(await told()).toEqual({ number: 'INV-1', payment_status: 'unpaid', ...nothing });
  });

  test('credited in part, then paid; credited whole', async () => {
    const { invoices, told } = await stage();
    invoices.credit(uuid(1), 358.02);
    // No money came.
    expect(await told()).toMatchObject({
      payment_status: 'unpaid',
      amount_credited: aud(35_802),
      credit_notes: 'CN-0001 $358.02',
    });
    invoices.credit(uuid(1), 500);
    expect((await told()).credit_notes).toBe('CN-0001 $358.02; CN-0002 $500.00');
    invoices.pay(uuid(1), { amount: 100 });
    expect(await told()).toMatchObject({ payment_status: 'part_paid', amount_paid: aud(10_000) });
    invoices.pay(uuid(1));
    expect(await told()).toMatchObject({ payment_status: 'paid', amount_paid: aud(50_000) });
    const whole = await stage();
    whole.invoices.credit(uuid(1));
    expect(await whole.told()).toMatchObject({ payment_status: 'credited', amount_paid: aud(0) });
  });

  test('over-paid: the invoice has what it came to, and the rest goes to another of the customer’s', async () => {
    const { invoices, connector, told } = await stage();
    invoices.pay(uuid(1), { amount: 1400 });
    expect(await told()).toMatchObject({ payment_status: 'paid', amount_paid: aud(135_802) });
    invoices.useOverpayment(uuid(2));
    const { fields } = await observed(connector, uuid(2));
    expect(fields).toMatchObject({
      payment_status: { value: 'part_paid' },
      amount_credited: { value: aud(4198) },
      credit_notes: { value: 'Overpayment $41.98' },
    });
    // Money came, though Xero counts it as credited.
    const ahead = await stage();
    ahead.invoices.pay(uuid(1), { amount: 5000 });
    ahead.invoices.useOverpayment(uuid(2));
    expect((await observed(ahead.connector, uuid(2))).fields).toMatchObject({
      payment_status: { value: 'paid' },
      amount_paid: { value: aud(0) },
    });
  });

  test('voided; nothing is due, and nothing was paid', async () => {
    const { invoices, told } = await stage();
    invoices.void(uuid(1));
    expect(await told()).toMatchObject({ payment_status: 'voided', ...nothing });
  });

  test('a draft is unpaid, and one of nothing at all is paid once it is approved', async () => {
    const draft = await stage({ Status: 'DRAFT', lines: [line(1, { UnitAmount: '0' })] });
    expect((await draft.told()).payment_status).toBe('unpaid');
    draft.invoices.approve(uuid(1));
    expect((await draft.told()).payment_status).toBe('paid');
  });
});

describe('hears of it', () => {
  test('when a payment is made and when it is taken back', async () => {
    const { connector, clock, invoices } = await stage();
    for (const happens of [() => invoices.pay(uuid(1)), () => invoices.unpay(uuid(1))]) {
      clock.advance(600_000);
      const before = new Date(clock.now().getTime() - second);
      happens();
      clock.advance(connector.lagMs + second);
      const items = (await listed(connector, before, clock.now())).flat();
      expect(items.map((item) => 'observation' in item && item.observation.externalId)).toEqual([uuid(1)]);
    }
  });

  test('even where Xero does not move the invoice with its payment', async () => {
    const payment: Payment = {
      ...{ PaymentID: uuid(60), invoiceId: uuid(1), Date: '2026-11-20', cents: 700, accountCode: '090' },
      ...{ Reference: '', Status: 'AUTHORISED', updatedAt: '2026-11-20T00:59:00.000Z' },
    };
    const { connector, clock, vendor } = await stage({}, [payment]);
    const since = new Date('2026-11-20T00:58:00.000Z');
    const items = (await listed(connector, since, clock.now())).flat();
    expect(items.map((item) => 'observation' in item && item.observation.fields.payment_status)).toEqual([
      { state: 'value', value: 'part_paid' },
    ]);
    const asked = () => vendor.log.filter(({ path }) => path.endsWith('/Payments')).length;
    expect(asked()).toBe(1);
    // The look at everything reads every invoice anyway.
    expect((await listed(connector, null, clock.now())).flat()).toHaveLength(2);
    expect(asked()).toBe(1);
  });

  test('from a credit note’s webhook: the invoices that it was set off against', async () => {
    const { connector, invoices } = await stage();
    const resolve = hook(connector.resolve, 'resolve');
    const note = invoices.credit(uuid(1), 10);
    expect(await resolve([`credit-note:${note}`, uuid(2)], call)).toEqual([uuid(2), uuid(1)]);
    expect(await resolve([`credit-note:${uuid(99)}`], call)).toEqual([]);
  });
});

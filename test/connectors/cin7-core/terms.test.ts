import { expect, test } from 'vitest';
import { termsBook } from '#src/connectors/cin7-core/customers/terms.ts';
import { call, clockAtNoon } from '../kit.ts';

const net = (days: number) => ({ days, from: 'invoice_date' as const });
const endOfMonth = (days: number) => ({ days, from: 'end_of_month' as const });

/** A book over these entries, which can change; counts how often it is asked for. */
function book(start: readonly { Name: string; IsActive?: boolean }[]) {
  const clock = clockAtNoon();
  const held = { listed: start, asked: 0 };
  const { named } = termsBook(
    {
      paymentTerms: async () => {
        held.asked += 1;
        return { data: { PaymentTermList: [...held.listed] }, drifts: [], exchangeId: 1 };
      },
    },
    clock,
  );
  const nameOf = async (payment_terms: object | string | null) =>
    (await named([{ fields: { payment_terms: payment_terms as never, phone: '1' } }], call))[0]?.fields;
  return { clock, held, named, nameOf };
}

test('terms go by the usual name, else by the first active one that is read as the same', async () => {
  const { nameOf } = book([
    { Name: 'COD' },
    { Name: 'Net 14', IsActive: false },
    { Name: 'Nett14' },
    { Name: '14 days from invoice' },
    { Name: 'Net 30' },
    { Name: '30 Days' },
    { Name: '30 days EOM' },
  ]);
  expect(await nameOf(net(0))).toEqual({ payment_terms: 'COD', phone: '1' });
  expect(await nameOf(net(14))).toMatchObject({ payment_terms: '14 days from invoice' });
  expect(await nameOf(net(30))).toMatchObject({ payment_terms: '30 Days' });
  expect(await nameOf(endOfMonth(30))).toMatchObject({ payment_terms: '30 days EOM' });
  expect(await nameOf(endOfMonth(7))).toMatchObject({ payment_terms: '7 days EOM' });
});

test('words, nothing, and other fields stay as they are and cost no call', async () => {
  const { nameOf, named, held } = book([]);
  expect(await nameOf('20th of the next month')).toMatchObject({ payment_terms: '20th of the next month' });
  expect(await nameOf(null)).toMatchObject({ payment_terms: null });
  const other = [{ fields: { phone: '1' } }];
  expect(await named(other, call)).toEqual(other);
  expect(held.asked).toBe(0);
});

test('the list is kept for ten minutes, and asked for again where it lacks what is wanted', async () => {
  const { nameOf, held, clock } = book([{ Name: 'Net 30' }]);
  await nameOf(net(30));
  await nameOf(net(30));
  expect(held.asked).toBe(1);
  held.listed = [{ Name: 'Net 30' }, { Name: 'Net 7' }];
  expect(await nameOf(net(7))).toMatchObject({ payment_terms: 'Net 7' });
  expect(held.asked).toBe(2);
  clock.advance(10 * 60_000);
  await nameOf(net(7));
  expect(held.asked).toBe(3);
});

import { expect, it } from 'vitest';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { describeOn } from '#test/support/database.ts';
import { textOf } from '#test/support/reading.ts';
import { openTruce, type Truce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

const channel = 'C0SYNCINV1';
const deal = 'Espresso corner';

const screen = (truce: Truce, system: PracticeSystem, entity: string) => {
  const found = truce.vendor(system).screens[entity];
  if (!found) throw new Error(`${system} has no page for ${entity}`);
  return found;
};

/** A record's page in one of the systems: what it says by its labels, and its buttons. */
function page(truce: Truce, system: PracticeSystem, entity: string, title: string) {
  const own = screen(truce, system, entity);
  const card = own.cards().find((one) => one.title.includes(title));
  if (!card) throw new Error(`${system} has no ${entity} called ${title}`);
  return {
    says: Object.fromEntries(card.fields.map(({ label, value }) => [label, value])),
    keys: card.fields.map(({ key }) => key),
    press: (deed: string, typed: Readonly<Record<string, string>> = {}) =>
      own.press?.(card.externalId, deed, typed, 'Mia Torres'),
  };
}

/** The invoices in Xero whose page leads to this deal, whatever their number. */
function invoicesOf(truce: Truce, title: string) {
  const id =
    screen(truce, 'hubspot', 'invoice')
      .cards()
      .find((card) => card.title === title)?.externalId ?? '';
  return screen(truce, 'xero', 'invoice')
    .cards()
    .filter(({ fields }) => fields.some(({ key, value }) => key === 'Url' && value.includes(`/${id}#`)));
}

describeOn('PGlite', 'every flow of the example company at once', (_open, kind) => {
  it('makes one invoice of a deal that is won, tells it of its payments, and keeps stock in step', async () => {
    const truce = await openTruce(kind, { allFlows: true });
    const runs = async (...flows: readonly string[]) => {
      for (const flow of flows) {
        truce.clock.advance(20_000);
        await truce.run(flow);
      }
    };
    try {
      // A cut of ten per cent, and GST by the product: nobody types an amount.
      page(truce, 'hubspot', 'invoice', deal).press('win');
      await runs('invoices', 'invoices', 'invoices');
      const [draft, ...others] = invoicesOf(truce, deal);
      expect([draft?.fields.find(({ key }) => key === 'Status')?.value, others]).toEqual(['DRAFT', []]);
      const number = page(truce, 'hubspot', 'invoice', deal).says['Invoice number'] ?? '';
      expect(number).toMatch(/^INV-\d{4}$/);
      expect(page(truce, 'xero', 'invoice', number).says.Total).toBe('1876.05');

      page(truce, 'xero', 'invoice', number).press('approve');
      page(truce, 'xero', 'invoice', number).press('pay', { amount: '1000' });
      await runs('invoices', 'payments');
      expect(page(truce, 'hubspot', 'invoice', deal).says).toMatchObject({
        'Invoice status': 'Approved',
        'Payment status': 'Part paid',
        'Amount paid': '1000.00',
      });

      // What is approved is in the books: the deal may change, the invoice does not.
      const lines = page(truce, 'hubspot', 'invoice', deal);
      const quantity = lines.keys.find((key) => key.endsWith('.quantity')) ?? '';
      lines.press('quantity', { [quantity]: '2' });
      await runs('invoices');
      const [issued] = invoicesOf(truce, deal);
      expect(issued?.fields.find(({ key }) => key === 'Total')?.value).toBe('1876.05');
      const both = await truce.priya.command(`/sync lookup ${number}`, channel);
      expect(textOf(both)).toContain(`2 records match “${number}”`);
      const record = await truce.priya.pressAndRead(both, 'Open 1');
      expect(textOf(record)).toContain('waits: nothing may be changed there any more');
      expect(textOf(await truce.priya.pressAndRead(record, 'Open 1'))).toContain('it is approved');

      const stock = page(truce, 'cin7-core', 'stock_level', 'DK-MER-140');
      const counted = stock.keys.find((key) => key.endsWith(': OnHand')) ?? '';
      stock.press('count', { [counted]: '7.5' });
      await runs('stock');
      expect(page(truce, 'hubspot', 'product', 'Merbau').says['Stock by location']).toContain('7.5 on hand');

      const status = textOf(await truce.priya.command('/sync status', channel));
      for (const name of ['Customers', 'Products', 'Stock', 'Invoices', 'Payments'])
        expect(status).toContain(name);
      // A line that is no product has no GST code, and none is guessed: the people of the flow are told, once.
      const told = await until(() =>
        truce.priya.messages(channel).filter((message) => textOf(message).includes('has no GST code')),
      );
      expect(told.length).toBeGreaterThan(0);
    } finally {
      await truce.stop();
    }
  }, 180_000);
});

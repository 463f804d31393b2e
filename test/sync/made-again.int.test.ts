import { and, eq, isNull } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { absences, changes } from '#src/ledger/tables/index.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { describeOn } from '#test/support/database.ts';
import { openSalesEngine } from '#test/support/sales-engine.ts';

/** Systems over HTTP on a machine that does other things too. */
const patience = 180_000;
const day = 24 * 3_600_000;
const name = 'Verandah renewal';
const dealId = practiceDeals.find((deal) => deal.name === name)?.id ?? '';

describeOn('PGlite', 'a draft invoice that somebody deleted in Xero', (open) => {
  test.each([
    ['at once', 0],
    ['after what was made lately is listed no more', 5 * day],
  ])(
    'is made again where a person says so, %s: a new one, with its own number, dates and totals',
    async (_, later) => {
      const database = await open();
      const engine = await openSalesEngine(database);
      const { db } = database;
      const { xero, hubspot, clock } = engine;
      const invoices = () =>
        (xero.screens.invoice?.cards() ?? [])
          .map(({ externalId: id, fields }) => ({
            id,
            ...Object.fromEntries(fields.map(({ key, value }) => [key, value])),
          }))
          .filter((one: Record<string, string>) => one.Url?.includes(`/${dealId}#`)) as Record<
          string,
          string
        >[];
      const deal = () => {
        const fields = hubspot.screens.invoice?.card(dealId)?.fields ?? [];
        return Object.fromEntries(fields.map(({ label, value }) => [label, value]));
      };
      await engine.run('customers', 'products', 'invoices', 'invoices', 'invoices');
      const [before] = invoices();
      xero.invoices.delete(before?.id ?? '');
      // What it comes to is news as well.
      const quantity = hubspot.screens.invoice
        ?.card(dealId)
        ?.fields.find(({ label }) => label === 'Line 3 quantity');
      hubspot.screens.invoice?.edit(dealId, { [quantity?.key ?? '']: '2' }, 'Priya Nair');
      await engine.run('invoices', 'invoices');
      const [asked] = await db.select().from(absences);
      if (!asked) throw new Error('nobody is asked');
      expect(asked).toMatchObject({ state: 'asked', choices: ['keep', 'make'] });
      expect(invoices()).toEqual([]);
      clock.advance(later);
      await db.transaction((tx) =>
        answerAbsence(tx, {
          id: asked.id,
          revision: asked.revision,
          answer: 'make',
          by: 'U0PRIYA001',
          agreementVersion: 1,
          now: clock.now(),
        }),
      );
      await engine.run('invoices', 'invoices', 'invoices');
      const [again, ...others] = invoices();
      expect([again?.Status, others]).toEqual(['DRAFT', []]);
      expect(again?.id).not.toBe(before?.id);
      expect(again?.InvoiceNumber).not.toBe(before?.InvoiceNumber);
      expect(deal()).toMatchObject({
        'Invoice number': again?.InvoiceNumber,
        'Invoice total': again?.Total,
        'Invoice due': again?.DueDate,
      });
      expect(again?.DueDate).toBe(new Date(clock.now().getTime() + 30 * day).toISOString().slice(0, 10));
      expect(await db.select().from(absences)).toMatchObject([{ state: 'over', ended: 'make' }]);
      const ofRecord = and(eq(changes.recordId, asked.recordId), isNull(changes.closedAt));
      expect(await db.select().from(changes).where(ofRecord)).toEqual([]);
    },
    patience,
  );
});

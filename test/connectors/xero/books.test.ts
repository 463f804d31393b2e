import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookRules, daysAfter, lockWords, todayIn } from '#src/connectors/xero/books.ts';
import { observedLines } from '#src/connectors/xero/invoices/lines.ts';
import { originOf, urlOf } from '#src/connectors/xero/invoices/origin.ts';
import { projectItem } from '#src/connectors/xero/items/map.ts';
import { dayOf } from '#src/connectors/xero/schema.ts';
import { linesOf } from '#src/entities/invoice-lines.ts';
import { totalsOfLines } from '#src/entities/invoice-totals.ts';
import { paperSums } from '#src/playground/vendors/xero/books/sums.ts';
import { line } from '../../contract/xero-books.ts';

describe('where an invoice comes from', () => {
  test.each([
    ['https://app.hubspot.com/contacts/1/record/0-3/9001', '9001'],
    ['https://app.hubspot.com/deal/9001#notes', 'a b/ö&.#'],
    [null, '9001'],
  ])('is read from its link as it was written: %s', (link, source) => {
    const origin = { marker: '0199c7a0-0000-7000-8000-00000000abcd', source, link };
    expect(originOf(urlOf(origin))).toEqual(origin);
    expect(URL.canParse(urlOf(origin))).toBe(true);
  });

  test('whatever deal and page it is', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true }),
        fc.string({ minLength: 1 }),
        fc.uuid(),
        (link, source, marker) => {
          fc.pre(source.isWellFormed());
          expect(originOf(urlOf({ marker, source, link }))).toEqual({ marker, source, link });
        },
      ),
    );
  });

  test.each([null, '', 'https://example.com/1', 'https://example.com/?truce=x.1', '#truce=', 'truce=a.1'])(
    'is nobody’s for %s',
    (url) => expect(originOf(url)).toBeNull(),
  );
});

describe('days of the calendar', () => {
  test('are Xero’s own, whatever the zone', () => {
    expect(dayOf('/Date(1593475200000+0000)/')).toBe('2020-06-30');
    expect(dayOf('/Date(1593475200000+1000)/')).toBe('2020-06-30');
    expect(dayOf(null)).toBeNull();
    expect(dayOf('2020-06-30')).toBeNull();
  });

  test('begin where the organisation is, also when the clocks change', () => {
    expect(todayIn(new Date('2026-11-20T12:59:59Z'), 'Australia/Sydney')).toBe('2026-11-20');
    expect(todayIn(new Date('2026-11-20T13:00:00Z'), 'Australia/Sydney')).toBe('2026-11-21');
    expect(todayIn(new Date('2026-07-01T13:30:00Z'), 'Australia/Sydney')).toBe('2026-07-01');
    expect(daysAfter('2026-03-31', 30)).toBe('2026-04-30');
    expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29');
  });

  test('are closed up to the later lock date, that day included', () => {
    const ms = (day: string) => `/Date(${Date.parse(`${day}T00:00:00Z`)}+0000)/`;
    const rules = bookRules({
      PeriodLockDate: ms('2026-09-30'),
      EndOfYearLockDate: ms('2026-06-30'),
      Timezone: 'EAUSTRALIASTANDARDTIME',
    });
    expect(rules).toEqual({ lockedTo: '2026-09-30', timeZone: 'Australia/Brisbane' });
    expect(lockWords('2026-09-30', rules)).toBe('the period to 30 Sep 2026 is locked');
    expect(lockWords('2026-10-01', rules)).toBeNull();
    expect(bookRules({ Timezone: 'MARSTIME' })).toEqual({ lockedTo: null, timeZone: null });
    expect(lockWords('1999-01-01', bookRules(undefined))).toBeNull();
  });
});

describe('what Xero holds of a product', () => {
  test('a name of 50 characters and prices of four decimals are declared losses; a SKU is never cut', () => {
    const name = 'Corrugated roofing sheet 0.42 BMT 762 mm cover, Surfmist, cut to order';
    expect(projectItem('name', name)).toEqual({ value: name.slice(0, 50), lossy: true });
    expect(projectItem('sell_price', '0.12345')).toEqual({ value: '0.1235', lossy: true });
    expect(projectItem('sell_price', '12.5')).toEqual({ value: '12.5', lossy: false });
    const sku = 'TL-SUBWAY-GLOSS-WHT-75X150-BX44';
    expect(projectItem('sku', sku)).toEqual({ value: sku, lossy: false });
    expect(projectItem('unit', 'Bag')).toEqual({ value: null, lossy: true });
    expect(projectItem('status', 'archived')).toEqual({ value: null, lossy: true });
  });
});

describe('the practice Xero’s sums', () => {
  const decimal = (whole: number, digits: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: whole }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
      .map(([left, right]) => String(Number(`${left}.${String(right).padStart(digits, '0')}`)));
  const oneLine = fc.record({
    Quantity: decimal(5000, 4),
    UnitAmount: decimal(5000, 4),
    DiscountRate: fc.oneof(fc.constant(''), decimal(99, 2)),
    TaxType: fc.constantFrom('OUTPUT', 'EXEMPTOUTPUT', 'EXEMPTEXPORT'),
  });
  const taxCodes = { gst: 'OUTPUT', gst_free: 'EXEMPTOUTPUT', export: 'EXEMPTEXPORT' };

  test('are those that our lines come to, by line, half a cent up: for any invoice', () => {
    fc.assert(
      fc.property(
        fc.array(oneLine, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('Exclusive' as const, 'Inclusive' as const),
        (some, LineAmountTypes) => {
          const lines = some.map((more, n) => line(n, more));
          const theirs = paperSums({ lines, LineAmountTypes });
          const read = observedLines(
            {
              ...{ InvoiceID: 'x', Type: 'ACCREC', Status: 'DRAFT', CurrencyCode: 'AUD', LineAmountTypes },
              LineItems: lines.map((one) => ({
                ...{ Description: one.Description, TaxType: one.TaxType },
                Quantity: Number(one.Quantity),
                UnitAmount: Number(one.UnitAmount),
                ...(one.DiscountRate === '' ? {} : { DiscountRate: Number(one.DiscountRate) }),
              })),
            },
            taxCodes,
          );
          const value = read.state === 'value' ? linesOf(read.value) : null;
          const ours = value && totalsOfLines(value);
          expect(ours).toEqual({
            net: BigInt(theirs.subTotal),
            tax: BigInt(theirs.tax),
            gross: BigInt(theirs.total),
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

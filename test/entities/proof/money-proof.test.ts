import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyProofs } from '#src/entities/proof/money-proof.ts';
import type { Cause, Sale, Span } from '#src/entities/proof/sale.ts';
import { all, deal, invoice, linesFor, payments, sale, totalIn } from './world.ts';

const proofOf = (sales: readonly Sale[], span: Span = all) => {
  const [proof] = moneyProofs(sales, span);
  if (!proof) throw new Error('nothing was proved');
  return proof;
};
const named = (sales: readonly Sale[], span: Span = all) => {
  const { causes, unexplained } = proofOf(sales, span);
  return {
    causes: Object.fromEntries(causes.map(({ step, cause, minor }) => [`${step} ${cause}`, minor])),
    rest: unexplained.map(({ step, minor }) => [step, minor]),
  };
};

/** GST Act s 9-90: by line 117.57, by total 117.56. */
const roundedApart = linesFor(['1', '1141.39'], ['1', '34.25']);
const bigger = linesFor(['3', '100']);
const quarter: Span = { from: '2026-10-01', to: '2026-12-31' };

/** One sale for each cause, with what it comes to. */
const seeded: Readonly<Record<Cause, readonly [Sale, string, number]>> = {
  rounding: [sale({ deal: deal({ lines: roundedApart }) }), 'invoiced rounding', -1],
  not_made: [
    sale({ deal: deal(), invoice: null, payments: null, waitsFor: 'no ABN' }),
    'invoiced not_made',
    22000,
  ],
  no_tax_code: [
    sale({ deal: deal({ lines: linesFor(['1', '100', null]) }), invoice: null, payments: null }),
    'invoiced no_tax_code',
    10000,
  ],
  names_invoice: [
    sale({ deal: deal({ number: 'INV-7' }), invoice: null, payments: null }),
    'invoiced names_invoice',
    22000,
  ],
  draft: [
    sale({ deal: deal(), invoice: invoice({ status: 'draft' }), payments: null }),
    'invoiced draft',
    22000,
  ],
  voided: [
    sale({ deal: deal(), invoice: invoice({ status: 'voided' }), payments: null }),
    'invoiced voided',
    22000,
  ],
  changed_by_hand: [
    sale({
      deal: deal(),
      invoice: invoice({ lines: bigger, total: 33000 }),
      payments: payments({ paid: 33000 }),
    }),
    'invoiced changed_by_hand',
    -11000,
  ],
  deal_changed: [
    sale({
      deal: deal({ lines: bigger }),
      invoice: invoice(),
      payments: payments(),
      agreedLines: deal().lines,
    }),
    'invoiced deal_changed',
    11000,
  ],
  no_longer_won: [sale({ deal: deal({ isWon: false }) }), 'invoiced no_longer_won', -22000],
  not_from_deal: [sale({ deal: null }), 'invoiced not_from_deal', -22000],
  unpaid: [
    sale({ deal: deal(), invoice: invoice({ status: 'authorised', due: 22000 }), payments: null }),
    'paid unpaid',
    22000,
  ],
  part_paid: [
    sale({ invoice: invoice({ status: 'authorised', due: 7000 }), payments: payments({ paid: 15000 }) }),
    'paid part_paid',
    7000,
  ],
  credited: [sale({ payments: payments({ paid: 20000, credited: 2000 }) }), 'paid credited', 2000],
  fee: [sale({ payments: payments({ paid: 21500, fee: 500 }) }), 'paid fee', 500],
  read_apart: [
    sale({ invoice: invoice({ status: 'authorised', due: 22000 }), payments: payments({ isNewer: true }) }),
    'paid read_apart',
    -22000,
  ],
  timing: [
    sale({ invoice: invoice({ on: '2027-01-02' }), payments: payments({ on: '2027-01-20' }) }),
    'invoiced timing',
    22000,
  ],
};

describe('the money proof', () => {
  test('finds nothing where deal, invoice and payment are of one amount', () => {
    expect(proofOf([sale()])).toEqual({
      span: all,
      currency: 'AUD',
      sums: { sold: 22000, invoiced: 22000, paid: 22000 },
      codes: [{ code: 'gst', sold: 22000, invoiced: 22000, paid: 22000 }],
      causes: [],
      unexplained: [],
    });
  });

  test.each(Object.entries(seeded))('names what is %s, and nothing is left', (_, [one, cause, minor]) => {
    const { causes, rest } = named([one]);
    expect(causes).toMatchObject({ [cause]: minor });
    expect(rest).toEqual([]);
  });

  test('names all causes beside each other, and nothing is left', () => {
    const { causes, unexplained } = proofOf(Object.values(seeded).map(([one]) => one));
    expect(new Set(causes.map(({ cause }) => cause))).toEqual(new Set(Object.keys(seeded)));
    expect(unexplained).toEqual([]);
  });

  test('says why an invoice is not there, and whose it is', () => {
    const [cause] = proofOf([seeded.not_made[0]]).causes;
    expect(cause?.records).toEqual([{ recordId: 'r1', title: 'INV-1', minor: 22000, detail: 'no ABN' }]);
  });

  test.each<[string, Sale, [string, number][]]>([
    [
      'an invoice that nothing holds up and that is not there',
      sale({ deal: deal(), invoice: null, payments: null }),
      [['invoiced', 22000]],
    ],
    [
      'an invoice whose total is not that of its lines',
      sale({ invoice: invoice({ total: 22002 }) }),
      [
        ['invoiced', -2],
        ['paid', 2],
      ],
    ],
    [
      'money for an invoice that is void',
      sale({ invoice: invoice({ status: 'voided' }) }),
      [['paid', -22000]],
    ],
    [
      'less money than an invoice that is marked paid',
      sale({ payments: payments({ paid: 21999 }) }),
      [['paid', 1]],
    ],
    ['money that came twice', sale({ payments: payments({ paid: 44000 }) }), [['paid', -22000]]],
  ])('leaves unexplained %s', (_, one, rest) => {
    expect(named([one]).rest).toEqual(rest);
  });

  test('does not let two faults hide each other', () => {
    const more = sale({ payments: payments({ paid: 22100 }) });
    const less = sale({ recordId: 'r2', payments: payments({ paid: 21900 }) });
    expect(proofOf([more, less]).sums).toEqual({ sold: 44000, invoiced: 44000, paid: 44000 });
    expect(proofOf([more, less]).unexplained).toHaveLength(2);
  });

  test('counts what is dated in another quarter there, and says so in both', () => {
    const late = sale({ payments: payments({ on: '2027-01-05' }) });
    expect(named([late], quarter).causes).toEqual({ 'paid timing': 22000 });
    expect(named([late], { from: '2027-01-01', to: '2027-03-31' }).causes).toEqual({ 'paid timing': -22000 });
    expect(proofOf([late], { from: null, to: '2026-09-30' }).sums).toEqual({ sold: 0, invoiced: 0, paid: 0 });
  });

  test('adds up by GST code, payments in the invoice’s shares', () => {
    const mixed = linesFor(['1', '100'], ['1', '50', 'gst_free']);
    const one = sale({ deal: deal({ lines: mixed }), payments: payments({ paid: 8000 }) });
    expect(proofOf([{ ...one, invoice: invoice({ lines: mixed, total: 16000, due: 8000 }) }]).codes).toEqual([
      { code: 'gst', sold: 11000, invoiced: 11000, paid: 5500 },
      { code: 'gst_free', sold: 5000, invoiced: 5000, paid: 2500 },
    ]);
  });

  test('keeps currencies apart', () => {
    expect(moneyProofs([sale(), sale({ currency: 'NZD' })], all).map(({ currency }) => currency)).toEqual([
      'AUD',
      'NZD',
    ]);
  });
});

describe('for any sales', () => {
  const price = fc.integer({ min: 0, max: 500_000 }).map((units) => (units / 100).toFixed(2));
  const item = fc.tuple(
    fc.integer({ min: 1, max: 30 }).map(String),
    price,
    fc.constantFrom('gst', 'gst', 'gst_free', null, 'ODD'),
  );
  const lines = fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => linesFor(...items));
  const day = fc.constantFrom('2026-06-30', '2026-09-30', '2026-10-01', '2026-12-31', '2027-02-01');
  const minor = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000_000 }));
  const anySale: fc.Arbitrary<Sale> = fc.record({
    recordId: fc.uuid(),
    title: fc.constant('A sale'),
    currency: fc.constant('AUD'),
    deal: fc.option(
      fc.record({
        isWon: fc.boolean(),
        on: day,
        lines: fc.option(lines),
        number: fc.option(fc.constant('INV-1')),
      }),
    ),
    invoice: fc.option(
      fc.record({
        number: fc.constant('INV-1'),
        status: fc.constantFrom('draft', 'submitted', 'authorised', 'paid', 'voided'),
        on: day,
        lines: fc.option(lines),
        total: fc.option(minor),
        due: fc.option(minor),
      }),
    ),
    payments: fc.option(
      fc.record({ paid: minor, credited: minor, fee: minor, on: day, isNewer: fc.boolean() }),
    ),
    agreedLines: fc.option(lines),
    waitsFor: fc.option(fc.constant('no ABN')),
    isFresh: fc.boolean(),
  });
  const spans = fc.constantFrom<Span>(all, quarter, { from: null, to: '2026-09-30' });

  test('what is attributed and what is unexplained come to the difference, to the cent (property)', () => {
    fc.assert(
      fc.property(fc.array(anySale, { minLength: 1, maxLength: 12 }), spans, (sales, span) => {
        const { sums, causes, unexplained, codes } = proofOf(sales, span);
        const found = (step: string) =>
          [...causes, ...unexplained].reduce((sum, one) => (one.step === step ? sum + one.minor : sum), 0);
        expect(found('invoiced')).toBe(sums.sold - sums.invoiced);
        expect(found('paid')).toBe(sums.invoiced - sums.paid);
        for (const side of ['sold', 'invoiced', 'paid'] as const)
          expect(codes.reduce((sum, row) => sum + row[side], 0)).toBe(sums[side]);
        for (const { minor: whole, records } of causes)
          expect(records.reduce((sum, record) => sum + record.minor, 0)).toBe(whole);
      }),
      { numRuns: 400 },
    );
  });

  test('two spans that follow each other come to what the whole comes to (property)', () => {
    fc.assert(
      fc.property(fc.array(anySale, { minLength: 1, maxLength: 8 }), (sales) => {
        const [before, after, whole] = [
          proofOf(sales, { from: null, to: '2026-09-30' }),
          proofOf(sales, { from: '2026-10-01', to: '2026-12-31' }),
          proofOf(sales),
        ];
        for (const side of ['sold', 'invoiced', 'paid'] as const)
          expect(before.sums[side] + after.sums[side]).toBe(whole.sums[side]);
      }),
    );
  });

  test('honest ones that are made, changed, credited and paid in part leave nothing unexplained (property)', () => {
    const counted = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 30 }).map(String), price), { minLength: 1, maxLength: 6 })
      .map((items) => linesFor(...items.map(([count, each]) => [count, each] as const)));
    const honest = fc
      .record({
        sold: counted,
        billed: fc.option(counted),
        share: fc.integer({ min: 0, max: 100 }),
        on: day,
        paidOn: day,
      })
      .map(({ sold, billed, share, on, paidOn }): Sale => {
        const listed = billed ?? sold;
        const total = totalIn(listed);
        const paid = Math.floor((total * share) / 100);
        const credited = Math.floor((total - paid) / 2);
        return sale({
          deal: deal({ lines: sold, on, number: 'INV-1' }),
          invoice: invoice({ lines: listed, total, on, due: total - paid - credited, status: 'authorised' }),
          payments: payments({ paid, credited, on: paidOn }),
        });
      });
    fc.assert(
      fc.property(fc.array(honest, { minLength: 1, maxLength: 8 }), spans, (sales, span) => {
        expect(proofOf(sales, span).unexplained).toEqual([]);
      }),
    );
  });

  test('a cent that goes astray stays, whatever else is explained (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (astray) => {
        const one = sale({ recordId: 'odd', payments: payments({ paid: 22000 - astray }) });
        const { unexplained } = proofOf([...Object.values(seeded).map(([good]) => good), one]);
        expect(unexplained).toEqual([{ step: 'paid', recordId: 'odd', title: 'INV-1', minor: astray }]);
      }),
    );
  });
});

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
const twenty = linesFor(...Array.from({ length: 20 }, () => ['1', '10'] as const));
/** The same two for 200, and freight under a code that no table knows. */
const freight = linesFor(['2', '100'], ['1', '15', 'NONE']);
const quarter: Span = { from: '2026-10-01', to: '2026-12-31' };

/** One sale for each cause, with what it comes to. */
const seeded: Readonly<Record<Cause, readonly [Sale, string, number]>> = {
  rounding: [sale({ deal: deal({ lines: roundedApart }) }), 'invoiced rounding', -1],
  not_made: [
    sale({ deal: deal(), invoice: null, payments: null, waitsFor: 'no ABN' }),
    'invoiced not_made',
    22000,
  ],
  no_lines: [
    sale({ deal: deal({ lines: linesFor(), amount: 1_000_000 }), invoice: null, payments: null }),
    'invoiced no_lines',
    1_000_000,
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
    [
      'ten cents on an invoice of twenty lines, which no rule of rounding gives',
      sale({
        deal: deal({ lines: twenty }),
        invoice: invoice({ lines: twenty, total: 21_990 }),
        payments: payments({ paid: 21_990 }),
      }),
      [['invoiced', 10]],
    ],
    [
      'an invoice that is neither a deal’s amount nor that with GST',
      sale({
        deal: deal({ lines: linesFor(), amount: 19_000 }),
        invoice: invoice(),
        payments: payments(),
        agreedLines: null,
      }),
      [['invoiced', -3000]],
    ],
    [
      'a line without a code that nobody can be said to have added',
      sale({
        deal: deal(),
        invoice: invoice({ lines: freight, total: 23_500 }),
        agreedLines: null,
        payments: payments({ paid: 23_500 }),
      }),
      [['invoiced', -1500]],
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

  test('says where a line was moved from one GST code to another, though it comes to the same', () => {
    const taxed = linesFor(['1', '100']);
    const free = linesFor(['1', '110', 'gst_free']);
    const recoded = {
      invoice: invoice({ lines: free, total: 11_000 }),
      payments: payments({ paid: 11_000 }),
    };
    const byHand = sale({ deal: deal({ lines: taxed }), ...recoded, agreedLines: taxed });
    const moved = [
      { code: 'gst', minor: 11_000 },
      { code: 'gst_free', minor: -11_000 },
    ];
    const about = { step: 'invoiced', minor: 0, codes: moved, count: 1, records: [{ title: 'INV-1' }] };
    expect(proofOf([byHand])).toMatchObject({
      codes: [
        { code: 'gst', sold: 11_000, invoiced: 0 },
        { code: 'gst_free', sold: 0, invoiced: 11_000 },
      ],
      causes: [{ cause: 'changed_by_hand', ...about }],
      unexplained: [],
    });
    const byDeal = sale({ deal: deal({ lines: taxed }), ...recoded, agreedLines: free });
    expect(proofOf([byDeal]).causes).toMatchObject([{ cause: 'deal_changed', ...about }]);
  });

  test('names what a person added under a code that nobody knows, and what lost its code', () => {
    const total = { total: 23_500 };
    const paidFor = payments({ paid: 23_500 });
    const added = sale({ deal: deal(), invoice: invoice({ lines: freight, ...total }), payments: paidFor });
    expect(named([added])).toEqual({ causes: { 'invoiced changed_by_hand': -1500 }, rest: [] });
    const text = linesFor(['2', '100'], ['', '', null], ['1', '15', 'gst_free']);
    const told = sale({ deal: deal(), invoice: invoice({ lines: text, ...total }), payments: paidFor });
    expect(named([told])).toEqual({ causes: { 'invoiced changed_by_hand': -1500 }, rest: [] });
    const uncoded = invoice({ lines: linesFor(['2', '100', 'NONE']), total: 20_000 });
    const lost = sale({ deal: deal(), invoice: uncoded, payments: payments({ paid: 20_000 }) });
    expect(named([lost])).toEqual({ causes: { 'invoiced no_tax_code': 2000 }, rest: [] });
  });

  test('names the rule by which GST was rounded, and calls nothing else rounding', () => {
    const details = (total: number) =>
      proofOf([
        sale({
          deal: deal({ lines: roundedApart }),
          invoice: invoice({ lines: roundedApart, total }),
          payments: payments({ paid: total }),
        }),
      ]);
    expect(details(129_321).causes).toMatchObject([
      { cause: 'rounding', minor: -1, records: [{ detail: 'on each line' }] },
    ]);
    expect(details(129_320)).toMatchObject({ causes: [], unexplained: [] });
    expect(details(129_319).unexplained).toMatchObject([{ minor: 2 }]);
  });

  test('knows a deal of an amount alone by what it says', () => {
    const bare = deal({ lines: linesFor(), amount: 20_000 });
    const billed = { invoice: invoice(), payments: payments() };
    const byHand = sale({ deal: bare, ...billed, agreedLines: null });
    expect(named([byHand])).toEqual({ causes: { 'invoiced no_lines': -2000 }, rest: [] });
    // Its lines were taken off after its invoice was approved.
    const emptied = sale({ deal: bare, ...billed, agreedLines: deal().lines });
    expect(named([emptied])).toEqual({ causes: { 'invoiced deal_changed': -2000 }, rest: [] });
    const whole = sale({ deal: deal({ lines: linesFor(), amount: 22_000 }), ...billed, agreedLines: null });
    expect(named([whole])).toEqual({ causes: { 'invoiced no_lines': 0 }, rest: [] });
    expect(
      named([sale({ deal: deal({ lines: linesFor(), amount: 0 }), invoice: null, payments: null })]),
    ).toEqual({
      causes: {},
      rest: [],
    });
  });

  test('does not say that money came where a credit note alone was set off', () => {
    const due = { status: 'authorised', due: 17_000 };
    const one = sale({ invoice: invoice(due), payments: payments({ paid: 0, credited: 5000 }) });
    expect(named([one])).toEqual({ causes: { 'paid unpaid': 17_000, 'paid credited': 5000 }, rest: [] });
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
        lines: fc.option(fc.oneof(lines, fc.constant(linesFor()))),
        amount: fc.option(minor),
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
      { numRuns: 200 },
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

  test('honest ones that are made, changed, credited and paid in part leave nothing unexplained, under no GST code (property)', () => {
    const counted = fc
      .array(
        fc.tuple(fc.integer({ min: 1, max: 30 }).map(String), price, fc.constantFrom('gst', 'gst_free')),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((items) => linesFor(...items));
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
        const { unexplained, causes, codes } = proofOf(sales, span);
        expect(unexplained).toEqual([]);
        const moves = causes.flatMap((cause) => (cause.step === 'invoiced' ? (cause.codes ?? []) : []));
        const named = (code: string | null) =>
          moves.reduce((sum, one) => (one.code === code ? sum + one.minor : sum), 0);
        for (const { code, sold, invoiced } of codes) expect(named(code)).toBe(sold - invoiced);
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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateOf } from '#src/entities/invoice-totals.ts';
import { status } from '#src/entities/status.ts';
import { codeOf, taxTreatment, treatmentOf } from '#src/entities/tax.ts';

const treatments = ['gst', 'gst_free', 'export', 'input_taxed', 'out_of_scope'];
/** Xero's and Cin7 Core's own codes and names, as an agreement lists them. */
const xero = { gst: 'OUTPUT', gst_free: 'EXEMPTOUTPUT', export: 'EXEMPTEXPORT', out_of_scope: 'BASEXCLUDED' };
const cin7 = { gst: 'GST on Income', gst_free: 'GST Free Income', export: 'GST Free Income' };

describe('a tax treatment', () => {
  test('is written with the account’s code for it, and read back from it in any case', () => {
    expect(codeOf(xero, 'gst')).toBe('OUTPUT');
    expect(treatmentOf(xero, 'OUTPUT')).toBe('gst');
    expect(codeOf(cin7, 'gst')).toBe('GST on Income');
    expect(treatmentOf(cin7, ' gst on  INCOME ')).toBe('gst');
  });

  test('with the code of another one is read as the first of them', () => {
    expect(codeOf(cin7, 'export')).toBe('GST Free Income');
    expect(treatmentOf(cin7, 'GST Free Income')).toBe('gst_free');
  });

  test('that is not in the table has no code, and a code that is not stays as the vendor wrote it', () => {
    expect(codeOf(xero, 'input_taxed')).toBeNull();
    expect(codeOf({}, 'gst')).toBeNull();
    expect(codeOf(xero, 'toString')).toBeNull();
    expect(codeOf(xero, 'OUTPUT')).toBeNull();
    expect(treatmentOf(xero, 'ECIMPORTS ')).toBe('ECIMPORTS ');
    expect(treatmentOf({}, 'OUTPUT')).toBe('OUTPUT');
  });

  test('is never guessed from a code that the table does not know, be it named as one of ours in whatever spelling', () => {
    const ours = treatments.flatMap((name) => [name, taxTreatment.show(name)]);
    const spelling = fc
      .tuple(fc.constantFrom(...ours), fc.constantFrom('', ' ', '-', '_', '.', '\u200b'), fc.boolean())
      .map(([name, mark, isUpper]) => {
        const spelt = mark ? `${mark}${name.replaceAll(/[\s_-]/g, mark)}${mark}` : name;
        return isUpper ? spelt.toUpperCase() : spelt;
      });
    fc.assert(
      fc.property(fc.oneof(spelling, fc.string()), fc.constantFrom(xero, cin7, {}), (code, codes) => {
        fc.pre(!Object.values(codes).some((held) => taxTreatment.normal(held) === taxTreatment.normal(code)));
        const read = treatmentOf(codes, code);
        expect(treatments).not.toContain(taxTreatment.normal(read));
        expect(taxTreatment.problem(read)).not.toBeNull();
        expect(rateOf(read)).toBeNull();
        for (const table of [xero, cin7]) expect(codeOf(table, read)).toBeNull();
      }),
    );
    expect(treatmentOf(cin7, 'GST Free')).toBe('GST Free (not in tax_codes)');
    expect(treatmentOf({ export: 'Export' }, 'export')).toBe('export');
  });

  test('survives a round trip through any table that tells it from the others', () => {
    const table = fc
      .uniqueArray(fc.string({ minLength: 1 }), {
        minLength: treatments.length,
        maxLength: treatments.length,
        selector: (code) => taxTreatment.normal(code),
      })
      .map((codes) => Object.fromEntries(treatments.map((name, i) => [name, codes[i] ?? ''])));
    fc.assert(
      fc.property(table, fc.constantFrom(...treatments), (codes, treatment) => {
        expect(treatmentOf(codes, codeOf(codes, treatment) ?? '')).toBe(treatment);
      }),
    );
  });

  test('is shown in words, and a code nobody knows as it is', () => {
    expect(treatments.map((name) => taxTreatment.show(name))).toEqual([
      'GST 10 %',
      'GST-free',
      'Export (GST-free)',
      'Input-taxed',
      'Out of scope',
    ]);
    expect(taxTreatment.show('ECIMPORTS')).toBe('ECIMPORTS');
  });

  test('is one of ours by its name or its words, and nothing else is fit to be saved', () => {
    for (const name of treatments) {
      for (const spelling of [name, name.toUpperCase(), taxTreatment.show(name)]) {
        expect(taxTreatment.normal(spelling)).toBe(name);
        expect(taxTreatment.problem(spelling)).toBeNull();
        expect(codeOf({ [name]: 'X1' }, spelling)).toBe('X1');
      }
    }
    expect(taxTreatment.normal('GST on Income')).toBe('GST ON INCOME');
    expect(taxTreatment.problem('GST on Income')).toBe(
      '“GST on Income” is none of: GST 10 %, GST-free, Export (GST-free), Input-taxed, Out of scope.',
    );
  });
});

describe('a status', () => {
  test('is active or archived, in any case', () => {
    expect(status.normal(' ACTIVE ')).toBe('active');
    expect(status.normal('Archived')).toBe('archived');
    expect(status.show('archived')).toBe('Archived');
    expect(status.problem('Active')).toBeNull();
  });

  test('of another name is kept, shown, and not fit to be saved', () => {
    expect(status.show('GDPRREQUEST')).toBe('GDPRREQUEST');
    expect(status.normal('Gdprrequest')).toBe('GDPRREQUEST');
    expect(status.problem('GDPRREQUEST')).toBe('The status “GDPRREQUEST” is neither active nor archived.');
  });
});

/** A tax rate as an Australian organisation has it from the start, less what no customer needs. */
interface Rate {
  readonly type: string;
  readonly name: string;
  readonly percent: number;
  readonly report: string;
  /** What it can be used on. */
  readonly on: 'sales' | 'purchases' | 'both';
}

/** Source: Xero's page on tax types (Australia), OpenAPI description 16.1.0. */
const rates: readonly Rate[] = [
  { type: 'OUTPUT', name: 'GST on Income', percent: 10, report: 'OUTPUT', on: 'sales' },
  { type: 'INPUT', name: 'GST on Expenses', percent: 10, report: 'INPUT', on: 'purchases' },
  { type: 'CAPEXINPUT', name: 'GST on Capital', percent: 10, report: 'CAPEXINPUT', on: 'purchases' },
  { type: 'EXEMPTOUTPUT', name: 'GST Free Income', percent: 0, report: 'EXEMPTOUTPUT', on: 'sales' },
  {
    type: 'EXEMPTEXPENSES',
    name: 'GST Free Expenses',
    percent: 0,
    report: 'EXEMPTEXPENSES',
    on: 'purchases',
  },
  { type: 'EXEMPTEXPORT', name: 'GST Free Exports', percent: 0, report: 'EXEMPTEXPORT', on: 'sales' },
  { type: 'INPUTTAXED', name: 'Input Taxed', percent: 0, report: 'INPUTTAXED', on: 'both' },
  { type: 'BASEXCLUDED', name: 'BAS Excluded', percent: 0, report: 'BASEXCLUDED', on: 'both' },
  { type: 'GSTONIMPORTS', name: 'GST on Imports', percent: 0, report: 'GSTONIMPORTS', on: 'purchases' },
];

export const isTaxType = (code: string): boolean => rates.some(({ type }) => type === code);

/** In percent; 0 for a code that is none. */
export const percentOf = (code: string): number => rates.find(({ type }) => type === code)?.percent ?? 0;

/** Whether something that is sold (or else bought) can have it. */
export const isTaxOf = (code: string, side: 'sales' | 'purchases'): boolean =>
  rates.some(({ type, on }) => type === code && (on === side || on === 'both'));

/** `GET /TaxRates`: not paged. */
export const taxRateBodies = (): readonly Record<string, unknown>[] =>
  rates.map(({ type, name, percent, report, on }) => ({
    Name: name,
    TaxType: type,
    ReportTaxType: report,
    CanApplyToAssets: true,
    CanApplyToEquity: true,
    CanApplyToExpenses: on !== 'sales',
    CanApplyToLiabilities: true,
    CanApplyToRevenue: on !== 'purchases',
    DisplayTaxRate: percent,
    EffectiveRate: percent,
    Status: 'ACTIVE',
    TaxComponents: [{ Name: 'GST', Rate: percent, IsCompound: false, IsNonRecoverable: false }],
  }));

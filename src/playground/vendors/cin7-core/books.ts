/** The account's reference books, as far as customers and products need them. Source of the keys: the vendor's API description. */

export const paymentTerms = [
  term('0 days', 0, 'number of days', true),
  term('7 days', 7, 'number of days', true),
  term('14 days', 14, 'number of days', true),
  term('30 days', 30, 'number of days', true),
  term('60 days', 60, 'number of days', true),
  term('30 days EOM', 30, 'days since the end of the month', true),
  term('Net 90', 90, 'number of days', true),
  term('45 days', 45, 'number of days', false),
];

function term(Name: string, Duration: number, Method: string, IsActive: boolean) {
  const ID = `70000000-0000-4000-8000-${String(Duration).padStart(11, '0')}${Method === 'number of days' ? 0 : 1}`;
  return { ID, Name, Duration, Method, IsActive, IsDefault: Name === '30 days' };
}

/** Names as Cin7 Core gives them to an Australian account; one was switched off. */
export const taxRules = [
  taxRule(1, 'GST on Income', 10),
  taxRule(2, 'GST Free Income', 0),
  taxRule(3, 'GST Free Exports', 0),
  taxRule(4, 'Input Taxed', 0),
  taxRule(5, 'BAS Excluded', 0),
  taxRule(6, 'GST on Expenses', 10, { IsTaxForSale: false }),
  taxRule(7, 'WET 29 %', 29, { IsActive: false }),
];

function taxRule(
  number: number,
  Name: string,
  TaxPercent: number,
  more: { readonly IsActive?: boolean; readonly IsTaxForSale?: boolean } = {},
) {
  const { IsActive = true, IsTaxForSale = true } = more;
  return {
    ID: `71000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    Name,
    Account: '820',
    IsActive,
    TaxInclusive: false,
    TaxPercent,
    IsTaxForSale,
    IsTaxForPurchase: true,
    Components: [{ Name, Percent: TaxPercent, AccountCode: '820', ComponentOrder: 1 }],
  };
}

export const accounts = [
  account('200', 'Sales', 'REVENUE', 'REVENUE', null),
  account('260', 'Other Revenue', 'REVENUE', 'REVENUE', null),
  account('310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'EXPENSE', null),
  account('610', 'Accounts Receivable', 'CURRENT', 'ASSET', 'Accounts receivable'),
  account('630', 'Inventory', 'CURRENT', 'ASSET', null),
  account('800', 'Accounts Payable', 'CURRLIAB', 'LIABILITY', 'Accounts payable'),
  account('820', 'GST', 'CURRLIAB', 'LIABILITY', null),
];

function account(Code: string, Name: string, Type: string, Class: string, SystemAccount: string | null) {
  return {
    Code,
    Name,
    Type,
    Status: 'ACTIVE',
    Description: null,
    Class,
    SystemAccount,
    ForPayments: false,
    DisplayName: `${Code}: ${Name}`,
    OldCode: null,
    BankAccountNumber: null,
  };
}

export const me = {
  Company: 'Example Trading Co (practice)',
  Currency: 'AUD',
  TimeZone: 'AUS Eastern Standard Time',
  DefaultWeightUnits: 'kg',
  DefaultDimensionsUnits: 'cm',
  LockDate: null,
  OpeningBalanceDate: '2019-07-01T00:00:00',
  TaxCalculationMethod: 'Total',
};

/** What a customer names out of a book: the key → what it is called in a refusal, and what may be named. */
export const namedInBooks: Readonly<
  Record<string, { readonly called: string; readonly names: readonly string[] }>
> = {
  PaymentTerm: { called: 'Payment term', names: active(paymentTerms) },
  TaxRule: { called: 'Tax rule', names: active(taxRules.filter(({ IsTaxForSale }) => IsTaxForSale)) },
  PriceTier: { called: 'Price tier', names: ['Tier 1', 'Tier 2', 'Tier 3'] },
  AccountReceivable: {
    called: 'Accounts receivable account',
    names: codes((one) => one.SystemAccount === 'Accounts receivable'),
  },
  RevenueAccount: { called: 'Revenue account', names: codes((one) => one.Class === 'REVENUE') },
  Currency: { called: 'Currency', names: ['AUD', 'NZD', 'USD'] },
};

function active(book: readonly { readonly Name: string; readonly IsActive: boolean }[]): string[] {
  return book.filter(({ IsActive }) => IsActive).map(({ Name }) => Name);
}

function codes(fits: (account: (typeof accounts)[number]) => boolean): string[] {
  return accounts.filter(fits).map(({ Code }) => Code);
}

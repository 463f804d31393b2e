import { msDate } from '../wire.ts';

interface Account {
  readonly code: string;
  readonly name: string;
  readonly type: 'BANK' | 'REVENUE' | 'DIRECTCOSTS' | 'EXPENSE' | 'CURRENT' | 'CURRLIAB';
  readonly tax: string;
  readonly system?: 'DEBTORS' | 'CREDITORS' | 'GST' | 'ROUNDING';
}

/** Some of the chart that an Australian organisation starts with. */
const accounts: readonly Account[] = [
  { code: '090', name: 'Business Bank Account', type: 'BANK', tax: 'BASEXCLUDED' },
  { code: '200', name: 'Sales', type: 'REVENUE', tax: 'OUTPUT' },
  { code: '260', name: 'Other Revenue', type: 'REVENUE', tax: 'OUTPUT' },
  { code: '310', name: 'Cost of Goods Sold', type: 'DIRECTCOSTS', tax: 'INPUT' },
  { code: '425', name: 'Freight & Courier', type: 'EXPENSE', tax: 'INPUT' },
  { code: '610', name: 'Accounts Receivable', type: 'CURRENT', tax: 'BASEXCLUDED', system: 'DEBTORS' },
  { code: '800', name: 'Accounts Payable', type: 'CURRLIAB', tax: 'BASEXCLUDED', system: 'CREDITORS' },
  { code: '820', name: 'GST', type: 'CURRLIAB', tax: 'BASEXCLUDED', system: 'GST' },
  { code: '860', name: 'Rounding', type: 'CURRLIAB', tax: 'BASEXCLUDED', system: 'ROUNDING' },
];

const classes = {
  BANK: 'ASSET',
  REVENUE: 'REVENUE',
  DIRECTCOSTS: 'EXPENSE',
  EXPENSE: 'EXPENSE',
  CURRENT: 'ASSET',
  CURRLIAB: 'LIABILITY',
} as const;

const idOf = (code: string) => `00000000-0000-4000-8000-0000acc00${code}`;

/** By its code, or its id. */
export const accountBy = (key: unknown): Account | undefined =>
  accounts.find(({ code }) => code === String(key) || idOf(code) === String(key).toLowerCase());

/** What a line of an invoice can be booked to: neither a bank account nor one that Xero keeps itself. */
export const isForLines = (account: Account | undefined): account is Account =>
  account !== undefined && account.type !== 'BANK' && account.system === undefined;

export const isBank = (account: Account | undefined): account is Account => account?.type === 'BANK';

export const accountRef = ({ code }: Account) => ({ AccountID: idOf(code), Code: code });

/** `GET /Accounts`: not paged. Bank accounts have `EnablePaymentsToAccount` false: payments go to them anyway. */
export const accountRecords: readonly (Account & { readonly updatedAt: string })[] = accounts.map(
  (account) => ({ ...account, updatedAt: '2019-07-01T00:00:00.000Z' }),
);

export const accountBody = ({
  code,
  name,
  type,
  tax,
  system,
  updatedAt,
}: (typeof accountRecords)[number]) => ({
  AccountID: idOf(code),
  Code: code,
  Name: name,
  Status: 'ACTIVE',
  Type: type,
  TaxType: tax,
  Class: classes[type],
  EnablePaymentsToAccount: false,
  ShowInExpenseClaims: false,
  ...(type === 'BANK'
    ? { BankAccountNumber: '082902123456789', BankAccountType: 'BANK', CurrencyCode: 'AUD' }
    : {}),
  ...(system ? { SystemAccount: system } : {}),
  HasAttachments: false,
  UpdatedDateUTC: msDate(new Date(updatedAt)),
});

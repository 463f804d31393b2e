import type { NewXeroInvoices, TaxCodes } from '../../agreement/agreement.ts';
import { showDate } from '../../entities/dates.ts';
import type { AccountReport } from '../connection.ts';
import type { CallContext } from '../connector.ts';
import { bookRules } from './books.ts';
import type { XeroClient } from './client.ts';
import { accountsAnswer, type XeroAccount, type XeroOrganisation, type XeroTaxRate } from './schema.ts';
import { lastingScope, missingScopes, settingsScope } from './scopes.ts';

interface AccountTerms {
  readonly taxCodes: TaxCodes;
  readonly newInvoices: NewXeroInvoices | null;
}

/**
 * The organisation, what we may do there for these entities, and what of the agreement does not fit it. One call, and one each for
 * tax codes and for the account of new invoices.
 */
export async function readAccount(
  client: XeroClient,
  { taxCodes, newInvoices }: AccountTerms,
  entities: readonly string[],
  call: CallContext,
): Promise<AccountReport> {
  const { organisation, scopes, endsAt, lasts } = await client.entry(call);
  const missing = [
    ...(scopes === null ? [] : missingScopes(scopes, entities)),
    ...(lasts ? [] : [lastingScope]),
  ];
  const report = { scopes, missingScopes: missing, expiresAt: endsAt, steps: [] };
  const isClosed = missing.some((scope) => scope === settingsScope) || readsNoSettings(scopes);
  if (isClosed) return { ...report, account: organisation?.name ?? null, problems: [] };
  const { data } = await client.organisation(call);
  const [held] = data.Organisations;
  const rates = Object.keys(taxCodes).length > 0 ? (await client.taxRates(call)).data.TaxRates : [];
  const makes = entities.includes('invoice') ? newInvoices : null;
  const notes = makes ? closedNotes(held) : [];
  return {
    ...report,
    ...(notes.length > 0 ? { notes } : {}),
    account: held?.Name ?? organisation?.name ?? null,
    problems: [
      ...organisationProblems(held),
      ...taxProblems(taxCodes, rates),
      ...(makes ? await accountProblems(client, makes, call) : []),
    ],
  };
}

/** Every company closes its books: nobody has to see to it, and a draft that waits is understood by it. */
function closedNotes(held: XeroOrganisation | undefined): string[] {
  const { lockedTo } = bookRules(held);
  return lockedTo === null ? [] : [`Its books are closed up to ${showDate(lockedTo)}.`];
}

const readsNoSettings = (scopes: readonly string[] | null): boolean =>
  scopes !== null && !scopes.some((scope) => scope === settingsScope || `${scope}.read` === settingsScope);

/** What sales cannot be booked to, with what they can. */
async function accountProblems(
  client: XeroClient,
  { account }: NewXeroInvoices,
  call: CallContext,
): Promise<string[]> {
  const what = { purpose: 'read accounts', path: 'Accounts', shape: accountsAnswer } as const;
  const { Accounts } = (await client.get(what, call)).data;
  const held = Accounts.find(({ Code }) => Code === account);
  const isInUse = ({ Status, Class }: XeroAccount) => Status === 'ACTIVE' && Class === 'REVENUE';
  if (held && isInUse(held)) return [];
  const fit = Accounts.filter(isInUse).map(({ Code, Name }) => `${Code} (${Name ?? 'without a name'})`);
  const setting = `new_invoices says account: '${account}'`;
  const why = held
    ? 'Xero books no sales to that account any more, or never did'
    : 'Xero has no such account';
  return [`${setting}. ${why}. It has ${fit.slice(0, 12).join(', ')}.`];
}

function organisationProblems(held: XeroOrganisation | undefined): string[] {
  if (!held) return ['Xero tells nothing of the organisation.'];
  const name = held.Name ?? 'the organisation';
  const { Version: version, OrganisationStatus: status } = held;
  const problems: string[] = [];
  if (status && status !== 'ACTIVE')
    problems.push(`Xero has ${name} as ${status.toLowerCase()}, not active.`);
  if (version && !/^AU(ONRAMP)?$/.test(version)) {
    problems.push(
      `${name} is a Xero organisation of the edition ${version}, not AU: Truce reads its tax numbers as ABNs.`,
    );
  }
  return problems;
}

/** Codes of `tax_codes` that no sale can have, each with the remedy. */
function taxProblems(taxCodes: TaxCodes, rates: readonly XeroTaxRate[]): string[] {
  const inUse = rates.filter(
    ({ Status, CanApplyToRevenue }) => Status === 'ACTIVE' && CanApplyToRevenue !== false,
  );
  const codes = inUse.map(({ TaxType, Name }) => `${TaxType} (${Name ?? 'without a name'})`).join(', ');
  return Object.entries(taxCodes).flatMap(([treatment, code]) => {
    if (inUse.some(({ TaxType }) => TaxType === code)) return [];
    const setting = `tax_codes says ${treatment}: ${code}`;
    const named = inUse.find(({ Name }) => Name?.trim().toLowerCase() === code.trim().toLowerCase());
    if (named) return [`${setting}. That is a tax rate’s name; its code is ${named.TaxType}.`];
    return [
      rates.some(({ TaxType }) => TaxType === code)
        ? `${setting}. Xero does not use that tax rate for sales any more, or never did. It has ${codes}.`
        : `${setting}. Xero has no such tax rate. It has ${codes}.`,
    ];
  });
}

import type { TaxCodes } from '../../agreement/agreement.ts';
import type { AccountReport, CallContext } from '../connector.ts';
import type { XeroClient } from './client.ts';
import type { XeroOrganisation, XeroTaxRate } from './schema.ts';
import { lastingScope, missingScopes, settingsScope } from './scopes.ts';

/** The organisation, what we may do there, and what of the agreement does not fit it. One call, two where there are tax codes. */
export async function readAccount(
  client: XeroClient,
  taxCodes: TaxCodes,
  call: CallContext,
): Promise<AccountReport> {
  const { organisation, scopes, endsAt, lasts } = await client.entry(call);
  const missing = [...(scopes === null ? [] : missingScopes(scopes)), ...(lasts ? [] : [lastingScope])];
  const report = { scopes, missingScopes: missing, expiresAt: endsAt, steps: [] };
  if (missing.includes(settingsScope))
    return { ...report, account: organisation?.name ?? null, problems: [] };
  const { data } = await client.organisation(call);
  const [held] = data.Organisations;
  const rates = Object.keys(taxCodes).length > 0 ? (await client.taxRates(call)).data.TaxRates : [];
  return {
    ...report,
    account: held?.Name ?? organisation?.name ?? null,
    problems: [...organisationProblems(held), ...taxProblems(taxCodes, rates)],
  };
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

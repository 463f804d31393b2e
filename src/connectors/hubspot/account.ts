import type { AccountReport, CallContext } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { type ObjectType, version } from './client.ts';
import type { Account } from './read.ts';
import { anything } from './schema.ts';
import { neededScopes, schemaScopes } from './scopes.ts';
import { checkProperties, type PropertyCheck, stepFor } from './set-up.ts';

/** What the account says of itself: which it is, what we may do there, what it lacks. */
export async function reportAccount(account: Account, call: CallContext): Promise<AccountReport> {
  const { client, billing } = account;
  const details = await allowed(() => client.details(call));
  const scopes = await client.scopes(call);
  const properties = await allowed(() => checkProperties(client, billing.mapping, call));
  const check: PropertyCheck = properties ?? { missing: [], problems: [] };
  const step = stepFor(check.missing);
  const missing =
    scopes === null
      ? [...(await refusedScopes(account, call)), ...(properties ? [] : [schemaScopes.read])]
      : neededScopes(billing.terms).filter((scope) => !scopes.includes(scope));
  return {
    account: details ? nameOf(details) : null,
    scopes,
    // Making properties is asked of us once; whoever has them needs to allow it no longer.
    missingScopes: missing.filter((scope) => scope !== schemaScopes.write || step !== null || !properties),
    expiresAt: null,
    problems: [...check.problems, ...(await labelProblems(account, missing, call))],
    steps: step ? [step] : [],
  };
}

/** HubSpot tells no name of an account, only its number, which people see in its screens as "Hub ID". */
const nameOf = ({ portalId, accountType }: { portalId: string; accountType?: string | null | undefined }) =>
  accountType && !/^standard$/i.test(accountType)
    ? `Hub ID ${portalId} (${accountType.toLowerCase().replaceAll('_', ' ')})`
    : `Hub ID ${portalId}`;

/** Null where HubSpot says that we may not. */
async function allowed<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CallFailed && error.status === 403) return null;
    throw error;
  }
}

/** Of a key that does not tell its scopes: what it may not read is found by trying. What it may not write, by nothing harmless. */
async function refusedScopes({ client, billing }: Account, call: CallContext): Promise<readonly string[]> {
  const types: readonly ObjectType[] = billing.inContact ? ['companies', 'contacts'] : ['companies'];
  const missing: string[] = [];
  for (const type of types) {
    const one = await allowed(() =>
      client.send(
        {
          purpose: `try to read ${type}`,
          method: 'GET',
          path: `/crm/objects/${version}/${type}`,
          query: { limit: '1' },
          effect: 'read',
          shape: anything,
        },
        call,
      ),
    );
    if (one === null) missing.push(`crm.objects.${type}.read`);
  }
  return missing;
}

async function labelProblems(
  { billing }: Account,
  missing: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  if (billing.terms.kind !== 'label' || missing.some((scope) => scope.startsWith('crm.objects.'))) return [];
  const label = await allowed(() => billing.label(call));
  return label === 'missing'
    ? [
        `HubSpot has no association label “${billing.terms.label}” between companies and contacts: make it there, or change billing_contact.`,
      ]
    : [];
}

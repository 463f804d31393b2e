import type { AccountReport, SetUpStep } from '../connection.ts';
import type { CallContext } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import type { HubSpotClient } from './client.ts';
import { version } from './client.ts';
import type { BillingBook } from './companies/billing.ts';
import { anything, pipelineList } from './schema.ts';
import { neededScopes, schemaScope, typesRead } from './scopes.ts';
import { checkProperties, listProperties, stepFor } from './set-up.ts';
import { wantedBy } from './wanted.ts';

/** A connected account, and where it keeps whom invoices go to. */
export interface Account {
  readonly client: HubSpotClient;
  readonly billing: BillingBook;
  /** The stages in which a deal is won. */
  readonly wonStages: readonly string[];
  /** Deals that were won before this day are left as they are; null = none. */
  readonly wonSince: string | null;
  /** In which days are days. */
  readonly timeZone: string;
}

/** What the account says of itself: which it is, what we may do there for these entities, what it lacks for them. */
export async function reportAccount(
  account: Account,
  entities: readonly string[],
  call: CallContext,
): Promise<AccountReport> {
  const { client, billing } = account;
  const details = await allowed(() => client.details(call));
  const scopes = await client.scopes(call);
  const properties = await checkAll(account, entities, call);
  const missing =
    scopes === null
      ? [...(await refusedScopes(account, entities, call)), ...properties.refused]
      : neededScopes(entities, billing.terms).filter((scope) => !scopes.includes(scope));
  return {
    account: details ? nameOf(details) : null,
    scopes,
    // Making properties is asked of us once; whoever has them needs to allow it no longer.
    missingScopes: missing.filter((scope) => !properties.unneeded.includes(scope)),
    expiresAt: null,
    problems: [
      ...properties.problems,
      ...(entities.includes('customer') ? await labelProblems(account, missing, call) : []),
      ...(entities.includes('invoice') ? await stageProblems(account, missing, call) : []),
    ],
    steps: properties.steps,
  };
}

interface Checked {
  readonly steps: SetUpStep[];
  readonly problems: string[];
  /** Scopes without which nobody can say which properties there are. */
  readonly refused: string[];
  /** Scopes for making properties where none are missing. */
  readonly unneeded: string[];
}

async function checkAll(
  { client, billing }: Account,
  entities: readonly string[],
  call: CallContext,
): Promise<Checked> {
  const checked: Checked = { steps: [], problems: [], refused: [], unneeded: [] };
  const wanted = entities.flatMap((entity) => wantedBy(billing.mapping)[entity] ?? []);
  for (const type of new Set(wanted.map((one) => one.type))) {
    const there = await allowed(() => listProperties(client, type, call));
    if (!there) {
      checked.refused.push(schemaScope(type, 'read'));
      continue;
    }
    const before = checked.steps.length;
    for (const one of wanted.filter((each) => each.type === type)) {
      const { missing, problems } = checkProperties(one, there);
      checked.steps.push(...[stepFor(one, missing)].flatMap((step) => step ?? []));
      checked.problems.push(...problems.filter((problem) => !checked.problems.includes(problem)));
    }
    if (checked.steps.length === before) checked.unneeded.push(schemaScope(type, 'write'));
  }
  return checked;
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
async function refusedScopes(
  { client, billing }: Account,
  entities: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const type of typesRead(entities, billing.terms)) {
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
  if (billing.terms.kind !== 'label' || missing.some((scope) => /objects\.(compan|contact)/.test(scope)))
    return [];
  const label = await allowed(() => billing.label(call));
  return label === 'missing'
    ? [
        `HubSpot has no association label “${billing.terms.label}” between companies and contacts: make it there, or change billing_contact.`,
      ]
    : [];
}

/** A stage that is in no pipeline is never reached: no deal would ever be won, and nobody would notice. */
async function stageProblems(
  { client, wonStages }: Account,
  missing: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  if (missing.includes('crm.objects.deals.read')) return [];
  const answer = await allowed(() =>
    client.send(
      {
        purpose: 'list the stages of deals',
        method: 'GET',
        path: `/crm/pipelines/${version}/deals`,
        effect: 'read',
        shape: pipelineList,
      },
      call,
    ),
  );
  if (!answer) return [];
  const stages = answer.data.results.flatMap((pipeline) => pipeline.stages);
  return wonStages
    .filter((stage) => !stages.some(({ id }) => id === stage))
    .map((stage) => {
      const known = stages.map(({ id, label }) => (label ? `${id} (${label})` : id)).join(', ');
      return `HubSpot has no stage ${stage} for deals, which won_stages names: its stages are ${known}.`;
    });
}

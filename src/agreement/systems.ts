import type { SystemName } from './agreement.ts';

/** The credentials that each system takes: without the required ones nothing works, without the others its webhooks are refused. */
export const credentialsOf: Readonly<
  Record<SystemName, { readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  hubspot: { required: ['token'], optional: ['webhook_secret'] },
  xero: { required: ['client_id', 'client_secret'], optional: ['webhook_key'] },
  'cin7-core': { required: ['account_id', 'application_key'], optional: ['webhook_secret'] },
};

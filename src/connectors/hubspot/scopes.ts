import type { BillingContact } from '../../agreement/agreement.ts';

/** Reading which properties there are, and making those that lack. */
export const schemaScopes = {
  read: 'crm.schemas.companies.read',
  write: 'crm.schemas.companies.write',
} as const;

/** What the connector uses, and nothing else. The schema's write scope is for the set-up step alone. */
export function neededScopes(billing: BillingContact): readonly string[] {
  const types = billing.kind === 'property' ? ['companies'] : ['companies', 'contacts'];
  const objects = types.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`]);
  return [...objects, schemaScopes.read, schemaScopes.write];
}

/** Scopes that an app of today may ask for: the granular ones of March 2026 of which there is anything here, and OpenID's. */
export const knownScopes: readonly string[] = [
  'offline_access',
  'openid',
  'profile',
  'email',
  'accounting.contacts',
  'accounting.contacts.read',
  'accounting.settings',
  'accounting.settings.read',
  'accounting.invoices',
  'accounting.invoices.read',
  'accounting.payments',
  'accounting.payments.read',
];

/** What a call is about. */
export type Area = 'contacts' | 'settings' | 'invoices' | 'payments';

/** One of them is enough: items are a matter of settings and of invoices. */
export const scopesFor = (areas: readonly Area[], method: string): readonly string[] =>
  areas.flatMap((area) =>
    method === 'GET' ? [`accounting.${area}`, `accounting.${area}.read`] : [`accounting.${area}`],
  );

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

/** One of them is enough. */
export const scopesFor = (area: 'contacts' | 'settings', method: string): readonly string[] =>
  method === 'GET' ? [`accounting.${area}`, `accounting.${area}.read`] : [`accounting.${area}`];

/** What the records of each entity need, and the organisation's settings for all of them. Granular scopes of March 2026. */
const needs: Readonly<Record<string, readonly string[]>> = {
  customer: ['accounting.contacts'],
  // Items belong to the settings, and lines of invoices name them.
  product: ['accounting.settings'],
  invoice: ['accounting.invoices'],
  payment: ['accounting.invoices.read', 'accounting.payments.read'],
};

/** What makes Xero give a refresh token. */
export const lastingScope = 'offline_access';

/** The scope that GET /Organisation, GET /TaxRates and GET /Accounts are for. */
export const settingsScope = 'accounting.settings.read';

/** What a person is asked to allow: enough for every kind of record, so that another flow needs no second sign-in. */
export const askedScopes: readonly string[] = [
  'accounting.contacts',
  'accounting.settings',
  'accounting.invoices',
  'accounting.payments.read',
  lastingScope,
];

/** What the entities need that was not granted. A scope that allows writing allows reading as well. */
export function missingScopes(granted: readonly string[], entities: readonly string[]): string[] {
  const allows = (scope: string) => granted.includes(scope) || granted.includes(scope.replace(/\.read$/, ''));
  const wanted = new Set([...entities.flatMap((entity) => needs[entity] ?? []), settingsScope]);
  // What may be written need not be asked for reading once more.
  const whole = [...wanted].filter(
    (scope) => !wanted.has(scope.replace(/\.read$/, '')) || !scope.endsWith('.read'),
  );
  return whole.filter((scope) => !allows(scope));
}

/** What Xero writes into its access tokens that we go by. Read, not verified: the token came over TLS from Xero itself. */
export interface Claims {
  readonly scopes: readonly string[] | null;
  /** Shared by the organisations that were connected in one consent. */
  readonly authEventId: string | null;
}

/** Reads an access token's claims; all null where it is no JSON web token. */
export function claimsOf(accessToken: string): Claims {
  try {
    const body: unknown = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
    const { scope, authentication_event_id: event } = body as Readonly<Record<string, unknown>>;
    const listed = typeof scope === 'string' ? scope.split(/\s+/) : scope;
    return {
      scopes: Array.isArray(listed) ? listed.map(String).filter(Boolean) : null,
      authEventId: typeof event === 'string' && event !== '' ? event : null,
    };
  } catch {
    return { scopes: null, authEventId: null };
  }
}

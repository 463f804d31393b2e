/** What customers need: contacts are read and written; the organisation and its tax rates are only read. Granular scopes of March 2026. */
const needed = ['accounting.contacts', 'accounting.settings.read'] as const;

/** What makes Xero give a refresh token. */
export const lastingScope = 'offline_access';

/** What a person is asked to allow. */
export const askedScopes: readonly string[] = [...needed, lastingScope];

/** The scope that GET /Organisation and GET /TaxRates are for. */
export const settingsScope = 'accounting.settings.read';

/** The needed scopes that were not granted. A scope that allows writing allows reading as well. */
export const missingScopes = (granted: readonly string[]): string[] =>
  needed.filter((scope) => !granted.includes(scope) && !granted.includes(scope.replace(/\.read$/, '')));

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

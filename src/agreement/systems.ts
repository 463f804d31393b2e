import type { ConnectionTerms } from './agreement.ts';

/** Names under which a connection finds its credentials: without the required ones nothing works, without the others its webhooks are refused. */
export interface CredentialNames {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** The credentials that a connection takes, by its system and its way to sign in. */
export function credentialsOf(terms: Pick<ConnectionTerms, 'system'> & { signIn?: string }): CredentialNames {
  switch (terms.system) {
    case 'hubspot':
      return terms.signIn === 'oauth'
        ? { required: ['client_id', 'client_secret'], optional: ['webhook_secret'] }
        : { required: ['token'], optional: ['webhook_secret'] };
    case 'xero':
      // A public client has no secret: PKCE alone proves who began the sign-in.
      return terms.signIn === 'oauth'
        ? { required: ['client_id'], optional: ['client_secret', 'webhook_key'] }
        : { required: ['client_id', 'client_secret'], optional: ['webhook_key'] };
    case 'cin7-core':
      return { required: ['account_id', 'application_key'], optional: ['webhook_secret'] };
    case 'postgresql':
      return { required: ['url'], optional: [] };
    case 'csv':
      return { required: [], optional: [] };
  }
}

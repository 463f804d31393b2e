import type { Agreement } from './agreement.ts';
import { credentialsOf } from './systems.ts';

const usedFor = (credential: string) => (credential.startsWith('webhook') ? 'checks webhooks' : 'signs in');

/** A plain line for each credential that the agreement names and the environment does not have. Pure. */
export function missingCredentials(agreement: Agreement, has: (variable: string) => boolean): string[] {
  return Object.values(agreement.connections).flatMap((terms) =>
    Object.entries(terms.credentials)
      .filter(([, variable]) => !has(variable))
      .map(([credential, variable]) =>
        credentialsOf(terms).required.includes(credential)
          ? `${variable} is not set: the connection “${terms.id}” needs it as its ${credential}. Set it in the environment.`
          : `${variable} is not set: the connection “${terms.id}” ${usedFor(credential)} with it. Set it, or take ${credential} out of the agreement.`,
      ),
  );
}

/** The line that says that a secret key is needed, where a connection signs in through its vendor's page; else null. Pure. */
export function missingSecretKey(agreement: Agreement): string | null {
  const first = Object.values(agreement.connections).find(signsInByPage);
  return first
    ? `TRUCE_SECRET_KEY is not set: the connection “${first.id}” signs in through its vendor’s page, and Truce encrypts what it is given there. Make one with \`openssl rand -base64 32\`, keep a copy, and set it in the environment.`
    : null;
}

/** True for a connection that a person signs in on the vendor's own page; the others have all they need in the environment. */
export const signsInByPage = (terms: Agreement['connections'][string]): boolean =>
  'signIn' in terms && terms.signIn === 'oauth';

import type { Agreement } from './agreement.ts';
import { credentialsOf } from './systems.ts';

const isForWebhooks = (credential: string) => credential.startsWith('webhook');
const usedFor = (credential: string) => (isForWebhooks(credential) ? 'checks webhooks' : 'signs in');

/** The environment variables with which a connection signs in, without those that only check its webhooks. Pure. */
export const signInVariables = (terms: Agreement['connections'][string]): string[] =>
  Object.entries(terms.credentials).flatMap(([name, variable]) => (isForWebhooks(name) ? [] : [variable]));

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

/** What is not set of those who watch from outside. Pure. */
export function missingAddresses({ outside }: Agreement, has: (variable: string) => boolean): string[] {
  return [outside.heartbeat, outside.fallback?.variable ?? null]
    .filter((variable) => variable !== null && !has(variable))
    .map(
      (variable) =>
        `${variable} is not set: nobody outside of Slack is told by it. Set it, or take it out of the agreement.`,
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

const thisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What is wrong with the address to which people are sent to sign in and vendors send them back; null where nothing is. Pure. */
export function signInAddressProblem(agreement: Agreement, publicUrl: string): string | null {
  const first = Object.values(agreement.connections).find(signsInByPage);
  if (!first) return null;
  const { hostname, protocol } = new URL(publicUrl);
  const remedy =
    'Set TRUCE_PUBLIC_URL to the address under which browsers reach this Truce, such as https://truce.example.com.';
  if (thisMachine.test(hostname))
    return `The link that signs “${first.id}” in leads to ${publicUrl}, which only a browser on this machine reaches. ${remedy}`;
  return protocol === 'https:'
    ? null
    : `The link that signs “${first.id}” in leads to ${publicUrl}, which is not https: vendors refuse to send people back there. ${remedy}`;
}

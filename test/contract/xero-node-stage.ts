import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';
import { XeroClient } from 'xero-node';
import { decide, redirectUri } from '../connectors/xero/browser.ts';
import { openXero } from './xero.ts';

/**
 * Xero's own SDK against the practice Xero. Its API takes another base path. Its sign-in has fixed addresses: those of axios are
 * turned round by an interceptor, those of openid-client by a client made by hand; only `initialize()`, which asks
 * identity.xero.com for its addresses, cannot be led anywhere else.
 */

const load = createRequire(import.meta.resolve('xero-node'));

interface Axios {
  readonly interceptors: {
    readonly request: {
      use(change: (config: { url: string }) => { url: string }): number;
      eject(id: number): void;
    };
  };
}
interface OpenId {
  readonly Issuer: new (
    told: Record<string, string>,
  ) => {
    readonly Client: new (told: Record<string, unknown>) => XeroClient['openIdClient'];
  };
}

export const usualScopes = ['accounting.contacts', 'accounting.settings.read', 'offline_access'];
export const main = 'Example Trading Co Pty Ltd';

/** The SDK, about to sign in to the practice Xero for these scopes. */
export async function sdkStage(scopes: string[] = usualScopes) {
  const { vendor, clock, ...rest } = await openXero();
  const origin = vendor.authUrl ?? '';
  const { interceptors } = load('axios').default as Axios;
  const id = interceptors.request.use((config) => ({
    ...config,
    url: config.url.replace(/^https:\/\/(identity|api)\.xero\.com/, origin),
  }));
  onTestFinished(() => interceptors.request.eject(id));
  const { Issuer } = load('openid-client') as OpenId;
  const issuer = new Issuer({
    issuer: origin,
    authorization_endpoint: `${origin}/identity/connect/authorize`,
    token_endpoint: `${origin}/connect/token`,
    revocation_endpoint: `${origin}/connect/revocation`,
  });
  const clientId = vendor.env.XERO_WEB_CLIENT_ID ?? '';
  const clientSecret = vendor.env.XERO_WEB_CLIENT_SECRET ?? '';
  const sdk = new XeroClient({ clientId, clientSecret, redirectUris: [redirectUri], scopes, state: 's' });
  sdk.openIdClient = new issuer.Client({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
  });
  sdk.accountingApi.basePath = vendor.baseUrl;
  const signIn = async () => {
    const back = await decide(await sdk.buildConsentUrl(), main);
    await sdk.apiCallback(back.toString());
    const [tenant] = await sdk.updateTenants();
    return tenant as { id: string; tenantId: string; tenantName: string; orgData: { version: string } };
  };
  return { ...rest, vendor, clock, sdk, signIn, clientId, clientSecret };
}

/** The SDK throws its errors as JSON in a string. */
export const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (thrown: string) => JSON.parse(thrown).response as { statusCode: number; body: Record<string, unknown> },
  );

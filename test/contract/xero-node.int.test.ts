import { createRequire } from 'node:module';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Contact, Phone, XeroClient } from 'xero-node';
import { decide, redirectUri } from '../connectors/xero/browser.ts';
import { openXero, uuid } from './xero.ts';

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

const scopes = ['accounting.contacts', 'accounting.settings.read', 'offline_access'];
const main = 'Example Trading Co Pty Ltd';

async function stage() {
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
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (thrown: string) => JSON.parse(thrown).response as { statusCode: number; body: Record<string, unknown> },
  );

describe('xero-node 20', () => {
  test('signs in, finds its organisation, refreshes in both of its ways, disconnects and revokes', async () => {
    const { sdk, signIn, clientId, clientSecret } = await stage();
    const tenant = await signIn();
    expect(tenant).toMatchObject({ tenantName: main, orgData: { version: 'AU' } });
    const first = sdk.readTokenSet();
    expect(first).toMatchObject({ token_type: 'Bearer', scope: scopes.join(' ') });
    const second = await sdk.refreshToken();
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await sdk.refreshWithRefreshToken(clientId, clientSecret, second.refresh_token);
    expect(third.access_token).not.toBe(second.access_token);
    await expect(
      sdk.refreshWithRefreshToken(clientId, clientSecret, first.refresh_token),
    ).rejects.toMatchObject({
      response: { status: 400, data: { error: 'invalid_grant' } },
    });
    await sdk.disconnect(tenant.id);
    expect(await refusal(sdk.accountingApi.getContacts(tenant.tenantId))).toMatchObject({
      statusCode: 403,
      body: { Detail: 'AuthenticationUnsuccessful' },
    });
    await sdk.revokeToken();
    await expect(
      sdk.refreshWithRefreshToken(clientId, clientSecret, third.refresh_token),
    ).rejects.toMatchObject({
      response: { status: 400 },
    });
  });

  test('signs in as a Custom Connection', async () => {
    const { vendor } = await stage();
    const sdk = new XeroClient({
      clientId: vendor.env.XERO_CLIENT_ID ?? '',
      clientSecret: vendor.env.XERO_CLIENT_SECRET ?? '',
      grantType: 'client_credentials',
    });
    sdk.accountingApi.basePath = vendor.baseUrl;
    await sdk.getClientCredentialsToken();
    // Its calls want a tenant; a Custom Connection may name its own, or none.
    const organisations = (await sdk.accountingApi.getOrganisations('00000000-0000-4000-8000-00000000a0a0'))
      .body.organisations;
    expect(organisations?.map(({ name }) => name)).toEqual([main]);
  });

  test('lists by page, by id, by search and by what is archived', async () => {
    const { vendor, sdk, signIn } = await stage();
    const { tenantId } = await signIn();
    const api = sdk.accountingApi;
    vendor.archive(uuid(3));
    const list = async (
      ...more: Parameters<typeof api.getContacts> extends [string, ...infer R] ? R : never
    ) => (await api.getContacts(tenantId, ...more)).body;
    const all = await list(undefined, undefined, 'Name ASC', undefined, 1, true, undefined, undefined, 2);
    expect(all.pagination).toMatchObject({ page: 1, pageSize: 2, pageCount: 2, itemCount: 3 });
    expect(all.contacts?.map(({ name }) => name)).toEqual(['ACME PTY LTD', 'BETA PTY LTD']);
    const [acme] = all.contacts ?? [];
    expect(acme).toMatchObject({
      taxNumber: '51824753556',
      companyNumber: '824753556',
      accountsReceivableTaxType: 'OUTPUT',
      paymentTerms: { sales: { day: 30, type: 'DAYSAFTERBILLDATE' } },
    });
    expect(acme?.updatedDateUTC?.toISOString()).toBe('2026-11-19T00:00:00.000Z');
    expect((await list()).contacts).toHaveLength(2);
    const [only] = (await list(undefined, undefined, undefined, [uuid(3)], 1, true)).contacts ?? [];
    expect(only).toMatchObject({ contactID: uuid(3), contactStatus: 'ARCHIVED' });
    expect(
      (await list(undefined, undefined, undefined, undefined, 1, false, false, 'beta')).contacts,
    ).toHaveLength(1);
    expect((await api.getContact(tenantId, uuid(1))).body.contacts?.[0]?.name).toBe('ACME PTY LTD');
    expect((await api.getTaxRates(tenantId)).body.taxRates?.map(({ taxType }) => taxType)).toContain(
      'EXEMPTEXPORT',
    );
  });

  test('creates, finds by number, updates, and overwrites by name as Xero does', async () => {
    const { vendor, sdk, signIn } = await stage();
    const { tenantId } = await signIn();
    const api = sdk.accountingApi;
    const phones = [{ phoneType: Phone.PhoneTypeEnum.MOBILE, phoneNumber: '0491 570 156' }];
    const made = await api.createContacts(tenantId, {
      contacts: [{ name: 'DELTA PTY LTD', contactNumber: 'C-4', phones }],
    });
    const id = made.body.contacts?.[0]?.contactID ?? '';
    expect((await api.getContactByContactNumber(tenantId, 'C-4')).body.contacts?.[0]?.contactID).toBe(id);
    const change: Contact = { taxNumber: '53004085616' };
    await api.updateContact(tenantId, id, { contacts: [change] });
    expect(vendor.card(id)).toMatchObject({ title: 'DELTA PTY LTD', abn: '53004085616' });
    const over = await api.updateOrCreateContacts(tenantId, {
      contacts: [{ name: 'Delta Pty Ltd', taxNumber: '1' }],
    });
    expect(over.body.contacts?.[0]?.contactID).toBe(id);
    expect(vendor.card(id)?.abn).toBe('1');
    expect(vendor.cards()).toHaveLength(4);
  });

  test('is told of errors as one, or element by element', async () => {
    const { vendor, sdk, signIn } = await stage();
    const { tenantId } = await signIn();
    const api = sdk.accountingApi;
    const contacts = { contacts: [{ name: 'ACME PTY LTD' }, { name: 'EPSILON PTY LTD' }] };
    const message = expect.stringContaining('already assigned to another contact');
    expect(await refusal(api.createContacts(tenantId, contacts, true))).toMatchObject({
      statusCode: 400,
      body: { ErrorNumber: 10, Elements: [{ ValidationErrors: [{ Message: message }] }] },
    });
    expect(vendor.cards()).toHaveLength(3);
    const each = (await api.createContacts(tenantId, contacts, false, 'key-1')).body.contacts;
    expect(each?.map(({ statusAttributeString }) => statusAttributeString)).toEqual(['ERROR', 'OK']);
    const again = (await api.createContacts(tenantId, contacts, false, 'key-1')).body.contacts;
    expect(again?.[1]?.contactID).toBe(each?.[1]?.contactID);
    expect(vendor.cards()).toHaveLength(4);
  });

  test('sends a time with a zone in If-Modified-Since: the practice Xero takes that for no condition', async () => {
    const { vendor, clock, sdk, signIn } = await stage();
    const { tenantId } = await signIn();
    const { body } = await sdk.accountingApi.getContacts(tenantId, clock.now());
    expect(vendor.log.at(-1)?.headers['if-modified-since']).toBe(clock.now().toISOString());
    expect(body.contacts).toHaveLength(3);
  });
});

import { describe, expect, test } from 'vitest';
import { type Contact, Phone, XeroClient } from 'xero-node';
import { uuid } from './xero.ts';
import { main, refusal, sdkStage, usualScopes } from './xero-node-stage.ts';

describe('xero-node 20', () => {
  test('signs in, finds its organisation, refreshes in both of its ways, disconnects and revokes', async () => {
    const { sdk, signIn, clientId, clientSecret } = await sdkStage();
    const tenant = await signIn();
    expect(tenant).toMatchObject({ tenantName: main, orgData: { version: 'AU' } });
    const first = sdk.readTokenSet();
    expect(first).toMatchObject({
      token_type: 'Bearer',
      scope: usualScopes.join(' '),
    });
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
    const { vendor } = await sdkStage();
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
    const { vendor, sdk, signIn } = await sdkStage();
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
    const { vendor, sdk, signIn } = await sdkStage();
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
    const { vendor, sdk, signIn } = await sdkStage();
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
    const { vendor, clock, sdk, signIn } = await sdkStage();
    const { tenantId } = await signIn();
    const { body } = await sdk.accountingApi.getContacts(tenantId, clock.now());
    expect(vendor.log.at(-1)?.headers['if-modified-since']).toBe(clock.now().toISOString());
    expect(body.contacts).toHaveLength(3);
  });
});

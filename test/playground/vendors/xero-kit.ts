import { startXero } from '#src/playground/vendors/xero/server.ts';
import { ask, started } from './kit.ts';

/** The practice Xero with the practice company, signed in to as a Custom Connection. */
export async function xero() {
  const { vendor, clock, store } = await started(startXero, (all) => all.xero);
  const basic = Buffer.from(`${vendor.env.XERO_CLIENT_ID}:${vendor.env.XERO_CLIENT_SECRET}`).toString(
    'base64',
  );
  const signIn = (more: { authorization?: string; body?: string } = {}) =>
    ask(`${vendor.authUrl}/connect/token`, {
      headers: {
        authorization: more.authorization ?? `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: more.body ?? 'grant_type=client_credentials',
    });
  let token = (await signIn()).json.access_token as string;
  const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(vendor.baseUrl + path, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...headers },
      body,
    });
  const renew = async () => {
    token = (await signIn()).json.access_token;
  };
  const [star, other] = vendor.cards();
  return {
    vendor,
    clock,
    store,
    signIn,
    call,
    renew,
    star: star?.externalId ?? '',
    other: other?.externalId ?? '',
  };
}

import { describe, expect, test } from 'vitest';
import { CallFailed, failure } from '#src/connectors/http/failure.ts';
import { createOAuth } from '#src/connectors/oauth.ts';
import type { TokenSet } from '#src/connectors/tokens.ts';
import { call, clockAtNoon, memoryTokens, noon } from './kit.ts';

const held: TokenSet = {
  accessToken: 'a1',
  refreshToken: 'r1',
  expiresAt: noon.toISOString(),
  scopes: ['x'],
  account: {},
};

/** A sign-in whose token end point refuses with these words. */
const refusing = (reason: string) =>
  createOAuth({
    terms: { id: 'xero' },
    label: 'Xero',
    clock: clockAtNoon(),
    tokens: memoryTokens({ xero: held }),
    page: 'https://xero.example/authorize',
    scopes: ['x'],
    clientId: () => 'app',
    ask: async () => {
      const message = `Xero has refused the call: ${reason}`;
      throw new CallFailed('xero', failure('refused', message, { reason }));
    },
    accountOf: async () => ({}),
  });
const said = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    ({ failure, message }) => `${failure}: ${message}`,
  );
const exchange = (reason: string) =>
  said(
    refusing(reason).oauth.exchange({ code: 'c', verifier: 'v', redirectUri: 'https://t.example/' }, call),
  );

describe('a refusal of the token end point', () => {
  test('of a token that was withdrawn asks for a new sign-in', async () => {
    expect(await said(refusing('invalid_grant').current(call))).toBe(
      'auth: Xero no longer lets Truce in (invalid_grant): connect it again',
    );
  });

  test('of a code says so in plain words', async () => {
    expect(await exchange('invalid_grant')).toBe('auth: Xero did not take the sign-in (invalid_grant)');
  });

  test.each(['invalid_client', 'unauthorized_client', 'missing or invalid client secret'])(
    'of the app itself (%s) names the remedy, for which no sign-in helps',
    async (reason) => {
      const words = `auth: Xero does not know Truce’s app (${reason}): correct its client id and secret where Truce runs`;
      expect(await said(refusing(reason).current(call))).toBe(words);
      expect(await exchange(reason)).toBe(words);
    },
  );
});

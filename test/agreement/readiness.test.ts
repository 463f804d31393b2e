import { expect, test } from 'vitest';
import { missingSecretKey, signsInByPage } from '#src/agreement/readiness.ts';
import { terms } from '#test/connectors/kit.ts';
import { agreement } from '#test/slack/stage.ts';

test('a secret key is asked for where a connection signs in on its vendor’s page, and only there', () => {
  const plain = { hubspot: terms('hubspot'), xero: terms('xero'), csv: terms('csv') };
  expect(missingSecretKey({ ...agreement(), connections: plain })).toBeNull();
  const xero = terms('xero', { signIn: 'oauth' });
  const line = missingSecretKey({ ...agreement(), connections: { ...plain, xero } });
  expect(line).toContain('TRUCE_SECRET_KEY is not set: the connection “xero” signs in');
  expect(line).toContain('openssl rand -base64 32');
  expect(line).not.toContain('\n');
  expect([...Object.values(plain), xero].map(signsInByPage)).toEqual([false, false, false, true]);
});

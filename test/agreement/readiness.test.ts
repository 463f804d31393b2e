import { expect, test } from 'vitest';
import {
  missingSecretKey,
  signInAddressProblem,
  signInVariables,
  signsInByPage,
} from '#src/agreement/readiness.ts';
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

test('a link that no browser but one on this machine can follow is told, where there are links', () => {
  const plain = { ...agreement(), connections: { xero: terms('xero') } };
  const page = { ...agreement(), connections: { xero: terms('xero', { signIn: 'oauth' }) } };
  expect(signInAddressProblem(plain, 'http://localhost:3000')).toBeNull();
  for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'https://[::1]'])
    expect(signInAddressProblem(page, url)).toMatch(
      /signs “xero” in leads to .*only a browser on this machine reaches\. Set TRUCE_PUBLIC_URL/,
    );
  expect(signInAddressProblem(page, 'http://truce.example.com')).toContain('is not https');
  expect(signInAddressProblem(page, 'https://truce.example.com/sync')).toBeNull();
});

test('what a connection signs in with leaves out what only checks its webhooks', () => {
  const credentials = { token: 'HUBSPOT_TOKEN', webhook_secret: 'HUBSPOT_CLIENT_SECRET' };
  expect(signInVariables(terms('hubspot', { credentials }))).toEqual(['HUBSPOT_TOKEN']);
});

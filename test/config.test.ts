import { describe, expect, test } from 'vitest';
import { readConfig } from '#src/config.ts';

const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
function config(env: Record<string, string>) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
const problems = (env: Record<string, string>) => {
  const read = readConfig(env);
  return read.ok ? [] : read.problems;
};

describe('the settings', () => {
  test('of an empty environment are the practice workspace on port 3000', () => {
    expect(config({})).toMatchObject({
      slack: null,
      databaseUrl: null,
      dataDir: '.truce',
      agreementPath: 'truce.yml',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      logLevel: 'info',
    });
  });

  test('follow the environment', () => {
    expect(
      config({
        ...tokens,
        SLACK_API_URL: 'http://127.0.0.1:4000/api',
        DATABASE_URL: 'postgresql://truce:pw@db/truce',
        TRUCE_DATA_DIR: '/var/lib/truce',
        TRUCE_CONFIG: 'ours.yml',
        PORT: '8080',
        TRUCE_PUBLIC_URL: 'https://truce.example.com/',
        LOG_LEVEL: 'debug',
      }),
    ).toMatchObject({
      slack: {
        botToken: 'xoxb-1',
        appToken: 'xapp-1',
        signingSecret: null,
        apiUrl: 'http://127.0.0.1:4000/api/',
      },
      databaseUrl: 'postgresql://truce:pw@db/truce',
      dataDir: '/var/lib/truce',
      agreementPath: 'ours.yml',
      port: 8080,
      publicUrl: 'https://truce.example.com',
      logLevel: 'debug',
    });
  });

  test('know Slack over HTTP by its signing secret', () => {
    const secret = '0123456789abcdef0123456789abcdef';
    expect(config({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: secret }).slack).toEqual({
      botToken: 'xoxb-1',
      appToken: null,
      signingSecret: secret,
      apiUrl: null,
    });
  });

  test('know the secret keys in base64, base64url and hex: the first encrypts, the old ones decrypt', () => {
    const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte));
    expect(config({}).secretKeys).toEqual([]);
    expect(
      config({
        TRUCE_SECRET_KEY: `${first?.toString('base64')}\n`,
        TRUCE_SECRET_KEY_OLD: `${second?.toString('hex')}, ${third?.toString('base64url')}`,
      }).secretKeys,
    ).toEqual([first, second, third]);
  });

  test('take a variable that is set to nothing as not set', () => {
    expect(config({ SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: ' ', PORT: '' })).toMatchObject({
      slack: null,
      port: 3000,
    });
  });

  test('know the credentials that the environment has, and nothing else', () => {
    const { credential } = config({ HUBSPOT_TOKEN: 'pat-1', XERO_CLIENT_ID: '' });
    expect(credential('HUBSPOT_TOKEN')).toBe('pat-1');
    expect(credential('XERO_CLIENT_ID')).toBeUndefined();
    expect(credential('constructor')).toBeUndefined();
  });
});

describe('a wrong setting', () => {
  test.each([
    [
      { ...tokens, SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' },
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set.',
    ],
    [
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'xapp-1' },
      'SLACK_SIGNING_SECRET is not a signing secret',
    ],
    [
      { SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' },
      'SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not.',
    ],
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not.'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not.'],
    [{ SLACK_API_URL: 'http://127.0.0.1:4000/' }, 'SLACK_API_URL is set, but'],
    [{ ...tokens, SLACK_BOT_TOKEN: 'xoxp-1' }, 'SLACK_BOT_TOKEN is not a bot token'],
    [{ ...tokens, SLACK_APP_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN is not an app-level token'],
    [{ TRUCE_SECRET_KEY: 'c2hvcnQ=' }, 'TRUCE_SECRET_KEY is not 32 bytes in base64 or hex: make one with'],
    [
      { TRUCE_SECRET_KEY: 'ab'.repeat(32), TRUCE_SECRET_KEY_OLD: `${'cd'.repeat(32)},passphrase` },
      'TRUCE_SECRET_KEY_OLD holds something that is not 32 bytes',
    ],
    [{ TRUCE_SECRET_KEY_OLD: 'ab'.repeat(32) }, 'TRUCE_SECRET_KEY_OLD is set, but TRUCE_SECRET_KEY is not.'],
    [{ PORT: '99999' }, 'PORT is not a port number'],
    [{ PORT: '80a' }, 'PORT is not a port number'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of'],
    [{ TRUCE_PUBLIC_URL: 'truce.example.com' }, 'TRUCE_PUBLIC_URL is not a web address'],
    [{ TRUCE_PUBLIC_URL: 'https://truce.example.com/?a=1' }, 'TRUCE_PUBLIC_URL is more than a web address'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL is not a PostgreSQL address'],
  ])('%j is refused in one plain line', (env, line) => {
    expect(problems(env)).toHaveLength(1);
    expect(problems(env)[0]).toContain(line);
  });

  test('is never repeated, for it may be a secret', () => {
    const secret = 'very-secret-41';
    const env = {
      SLACK_BOT_TOKEN: secret,
      SLACK_APP_TOKEN: secret,
      DATABASE_URL: secret,
      PORT: secret,
      LOG_LEVEL: secret,
      TRUCE_SECRET_KEY: secret,
      TRUCE_SECRET_KEY_OLD: secret,
    };
    expect(problems(env)).toHaveLength(7);
    expect(problems(env).join()).not.toContain(secret);
  });
});

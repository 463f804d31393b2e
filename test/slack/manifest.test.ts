import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KnownBlock } from '@slack/types';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commands } from '#commands/index.ts';
import { actions } from '#src/slack/listeners/actions/index.ts';
import { shortcuts } from '#src/slack/listeners/shortcuts/index.ts';
import { views } from '#src/slack/listeners/views/index.ts';
import { neededScopes } from '#src/slack/scopes.ts';
import { modals } from './messages/answer-samples.ts';
import { homes } from './messages/home-samples.ts';
import { messages } from './messages/samples.ts';

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly {
      readonly command: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
    readonly shortcuts: readonly { readonly callback_id: string; readonly type: string }[];
    readonly app_home: { readonly messages_tab_enabled: boolean; readonly home_tab_enabled: boolean };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: Readonly<Record<string, unknown>> & {
    readonly interactivity: { readonly is_enabled: boolean };
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
  };
}

const root = new URL('../../', import.meta.url);
const manifest = parse(readFileSync(new URL('manifest.yml', root), 'utf8')) as Manifest;

/** All of the product's own Slack code, as one text. */
const sources = (folder: URL): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
const code = sources(new URL('src/slack/', root)) + sources(new URL('commands/', root));

/** What each Web API method that we use needs; null = a bot token is enough. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'files.uploadV2': ['files:write'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

describe('manifest.yml and the code', () => {
  test('know the same Web API: every scope that is used is asked for, none is idle', () => {
    const used = [
      ...code.matchAll(
        /client\.(auth|chat|conversations|users|views|files|usergroups|reactions|pins)\.(\w+)/g,
      ),
    ].map(([, family, method]) => `${family}.${method}`);
    expect([...new Set(used)].sort()).toEqual(Object.keys(scopesOf).sort());
    const needed = new Set(['commands', 'app_mentions:read', ...Object.values(scopesOf).flat()]);
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
    // What `doctor` looks for.
    expect([...neededScopes].sort()).toEqual([...needed].sort());
  });

  test('know the same command, as truce.yml names it, and its words', () => {
    const { command } = parse(readFileSync(new URL('truce.yml', root), 'utf8')) as { command: string };
    expect(manifest.features.slash_commands.map((one) => one.command)).toEqual([command]);
    const hint = manifest.features.slash_commands[0]?.usage_hint ?? '';
    for (const { name } of commands) expect(hint).toContain(name);
  });

  test('every button that is drawn has its listener, and no listener is idle', () => {
    const drawn = [...Object.values(messages), ...Object.values(modals), ...Object.values(homes)].flatMap(
      ({ blocks }) =>
        (blocks as KnownBlock[]).flatMap((block) =>
          block.type === 'actions'
            ? block.elements.map((element) => element.action_id?.split(':')[0] ?? '')
            : [],
        ),
    );
    expect([...new Set(drawn)].sort()).toEqual(Object.keys(actions).sort());
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
  });

  test('every entry of a message’s menu has its listener, and every event one that hears it', () => {
    expect(manifest.features.shortcuts.map((one) => one.callback_id).sort()).toEqual(
      Object.keys(shortcuts).sort(),
    );
    const heard = [...code.matchAll(/app\.event\('(\w+)'/g)].map(([, event]) => event);
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(heard.sort());
  });

  test('every form that is drawn has its listener, and no listener is idle', () => {
    const submitted = Object.values(modals)
      .filter((view) => view.submit)
      .map((view) => view.callback_id);
    expect([...new Set(submitted)].sort()).toEqual(Object.keys(views).sort());
  });

  test('Slack can reach people directly, needs no address of ours, and turns names into ids', () => {
    expect(manifest.features.app_home).toMatchObject({ messages_tab_enabled: true, home_tab_enabled: true });
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, token_rotation_enabled: false });
    expect(manifest.features.slash_commands[0]?.should_escape).toBe(true);
    expect(JSON.stringify(manifest)).not.toContain('http');
  });
});

/** What `npm run -s manifest -- <address>` prints. */
const overHttp = (address: string) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('src/slack/http-manifest.ts', root)), address], {
    encoding: 'utf8',
  });

describe('the manifest for Slack over HTTP', () => {
  test('is the same app, called at one address', () => {
    const { stdout } = overHttp('https://truce.example.com/');
    const url = 'https://truce.example.com/slack/events';
    const { features, settings, ...rest } = manifest;
    const [command] = features.slash_commands;
    expect(parse(stdout)).toEqual({
      ...rest,
      features: { ...features, slash_commands: [{ ...command, url }] },
      settings: {
        ...settings,
        socket_mode_enabled: false,
        interactivity: { ...settings.interactivity, request_url: url },
        event_subscriptions: { ...settings.event_subscriptions, request_url: url },
      },
    });
    expect(stdout).not.toContain('needs no address');
  });

  test.each(['', 'truce.example.com', 'http://truce.example.com'])('is refused for “%s”', (address) => {
    const { status, stdout, stderr } = overHttp(address);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Give the address at which Slack reaches Truce');
  });
});

const specs = new URL('../shared/specs/slack/', root);
const given = existsSync(specs);

describe(`manifest.yml and Slack’s own schema${given ? '' : ' (skipped: the schema is not on this machine)'}`, () => {
  test.skipIf(!given)('agree', () => {
    const read = (name: string) => JSON.parse(readFileSync(new URL(name, specs), 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    // The root names its parts by address; loading them beforehand keeps the test off the network.
    for (const version of ['1.0.0', '2.0.0']) {
      const name = `manifest.schema.${version}.json`;
      ajv.addSchema({
        ...read(name),
        $id: `https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/${name}`,
      });
    }
    const fits = ajv.compile(read('manifest.schema.json'));
    for (const one of [manifest, parse(overHttp('https://truce.example.com').stdout)]) {
      fits(one);
      expect(fits.errors ?? []).toEqual([]);
    }
    expect(
      fits({ ...manifest, features: { ...manifest.features, slash_commands: [{ command: 'no slash' }] } }),
    ).toBe(false);
  });
});

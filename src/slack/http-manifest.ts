import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';

/**
 * `npm run -s manifest -- https://truce.example.com > manifest-http.yml`: the manifest for those who do not use Socket Mode, made
 * from `manifest.yml`: the same app, called by Slack at `/slack/events` of this address.
 */
const [address = ''] = process.argv.slice(2);

/** The manifest with Slack's three kinds of requests led to one address, and Socket Mode off. Throws where it is no web address. */
function overHttp(manifest: Document, publicUrl: string): Document {
  const url = new URL('slack/events', `${publicUrl.replace(/\/+$/, '')}/`).href;
  if (!url.startsWith('https://')) throw new Error('Slack calls nothing but https addresses.');
  manifest.setIn(['features', 'slash_commands', 0, 'url'], url);
  manifest.setIn(['settings', 'interactivity', 'request_url'], url);
  manifest.setIn(['settings', 'event_subscriptions', 'request_url'], url);
  manifest.setIn(['settings', 'socket_mode_enabled'], false);
  // What stands there says that no address is needed.
  if (isMap(manifest.contents) && isScalar(manifest.contents.items[0]?.key))
    manifest.contents.items[0].key.commentBefore = null;
  manifest.commentBefore =
    ' The Slack app for a Truce that Slack calls over HTTP, made from manifest.yml by `npm run manifest`.';
  return manifest;
}

try {
  const manifest = parseDocument(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));
  process.stdout.write(overHttp(manifest, address).toString({ lineWidth: 0 }));
} catch (error) {
  process.stderr.write(
    `Give the address at which Slack reaches Truce: npm run -s manifest -- https://truce.example.com\n${(error as Error).message}\n`,
  );
  process.exitCode = 1;
}

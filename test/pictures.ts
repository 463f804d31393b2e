import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';

/** `npm run pictures`: makes the README's pictures again, from a practice workspace that was just started. */

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs/pictures');
/** The first start lives through two weeks; the machine may be busy with other things. */
const patience = 120_000;

/** What is beside the point of a picture is left out: who one is, the phone, the box to write in, older messages. */
const onlyMessagesAndCards = `
  .left, .panes, .top-buttons, .brand, .composer, .message-list li:not(:nth-last-child(-n + 3)) { display: none !important; }
  .app { grid-template: "top top" auto "main cards" minmax(0, 1fr) / minmax(0, 1fr) 27rem !important; }
`;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-pictures-'));
  const port = await freePort();
  const truce = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { ...bare(process.env), PORT: String(port), TRUCE_DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await launchChromium();
  try {
    await said(truce, `open http://localhost:${port}`);
    const page = await browser.newPage({
      viewport: { width: 1120, height: 880 },
      deviceScaleFactor: 1.25,
      colorScheme: 'light',
      locale: 'en-AU',
      timezoneId: 'Australia/Sydney',
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(patience);
    await page.goto(`http://localhost:${port}`);
    await mkdir(pictures, { recursive: true });
    await takeConflict(page);
    await takeAlert(page);
    process.stdout.write(`The pictures are in ${pictures}.\n`);
  } finally {
    await browser.close();
    if (truce.exitCode === null) {
      truce.kill();
      await once(truce, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first minute: two addresses are typed, and Truce asks. */
async function takeConflict(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use Xero' }).waitFor();
  const style = await page.addStyleTag({ content: onlyMessagesAndCards });
  await page.screenshot({ path: join(pictures, 'conflict.png') });
  await style.evaluate((element: { remove(): void }) => element.remove());
}

/** Xero answers every call with an error; the next run meets it, and the technical owner is told. */
async function takeAlert(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Break Xero' }).click();
  await page.getByText('Server error').click();
  const message = page.locator('article', { has: page.getByText('I’m on it', { exact: true }) });
  await message.waitFor();
  await message.screenshot({ path: join(pictures, 'alert.png') });
}

/** An environment without anything that would change what Truce shows. */
const bare = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SLACK_|TRUCE_|DATABASE_URL$)/.test(name)));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until Truce has said these words; throws where it ends before. */
async function said(truce: ChildProcess, words: string): Promise<void> {
  if (!truce.stdout) throw new Error('Truce’s words are not to be heard.');
  for await (const line of createInterface(truce.stdout)) {
    if (!line.includes(words)) continue;
    truce.stdout.resume();
    return;
  }
  throw new Error('Truce ended before it ran.');
}

await main();

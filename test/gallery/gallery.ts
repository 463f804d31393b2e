import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import type { KnownBlock } from '@slack/types';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { createFileRoutes } from '#src/playground/page-server/files.ts';
import { type Drawn, section } from '#src/slack/messages/blocks.ts';
import { spoken } from '#src/slack/messages/text.ts';
import { freePort } from '#test/support/truce-process.ts';
import { modals } from '../slack/messages/answer-samples.ts';
import { heldUpHomes } from '../slack/messages/held-up-samples.ts';
import { homes } from '../slack/messages/home-samples.ts';
import { messages } from '../slack/messages/samples.ts';

/** One message or form, as the gallery's page takes it. */
interface Sample {
  readonly name: string;
  /** What a lock screen shows; null for a form. */
  readonly text: string | null;
  readonly title: string | null;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly KnownBlock[];
}

function samples(only: string): Sample[] {
  // A sentence said in a thread is words alone: it goes out as one section.
  const whole = ({ text, blocks }: Drawn): Drawn =>
    blocks.length > 0 ? { text, blocks } : { text: spoken(text), blocks: [section('words', text)] };
  const said = Object.entries(messages).map(([name, drawn]) => ({
    name,
    ...whole(drawn),
    title: null,
    submit: null,
    close: null,
  }));
  const forms = Object.entries(modals).map(([name, view]) => ({
    name,
    text: null,
    title: view.title.text,
    submit: view.submit?.text ?? null,
    close: view.close?.text ?? 'Close',
    blocks: view.blocks as readonly KnownBlock[],
  }));
  const boards = Object.entries({ ...homes, ...heldUpHomes }).map(([name, { blocks }]) => ({
    name,
    text: null,
    title: null,
    submit: null,
    close: null,
    blocks: blocks as readonly KnownBlock[],
  }));
  return [...said, ...forms, ...boards].filter(({ name }) => name.startsWith(only));
}

/** What the page asks for: the samples by their first word, and the people whom they mention. */
const shown = (only: string) => ({
  groups: [...Map.groupBy(samples(only), ({ name }) => name.split('-')[0] ?? '')].map(([name, list]) => ({
    name,
    samples: list,
  })),
  users: [
    { id: 'U0OWNER01', name: 'Priya Nair', part: null, isBot: false },
    { id: 'U0TECH001', name: 'Tom Walsh', part: null, isBot: false },
    { id: 'U0SECOND1', name: 'Mei Tran', part: null, isBot: false },
    { id: 'U0SAMLEE1', name: 'Sam Lee', part: null, isBot: false },
  ],
  now: '2026-11-24T01:00:00Z',
  zone: 'Australia/Sydney',
});

function routes(only: string): Hono {
  const app = new Hono();
  app.get('/gallery', async (c) => c.html(await readFile(join(import.meta.dirname, 'gallery.html'), 'utf8')));
  app.get('/gallery/samples.json', (c) => c.json(shown(only)));
  app.route('/', createFileRoutes());
  return app;
}

/** Opens the gallery in a window as wide as four phones; `only` = how the names of the samples begin. */
export async function openGallery(
  browser: Browser,
  { only = '' }: { readonly only?: string } = {},
): Promise<{ readonly page: Page; close(): Promise<void> }> {
  const port = await freePort();
  const server = serve({ fetch: routes(only).fetch, port, hostname: '127.0.0.1' });
  const context = await browser.newContext({
    viewport: { width: 1560, height: 1000 },
    deviceScaleFactor: 2,
    locale: 'en-AU',
    timezoneId: 'Australia/Sydney',
  });
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    await promisify(server.close.bind(server))();
  };
  await page.goto(`http://127.0.0.1:${port}/gallery`);
  await page.locator('body[data-ready=yes]').waitFor();
  return { page, close };
}

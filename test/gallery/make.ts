import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '#test/support/chromium.ts';
import { openGallery } from './gallery.ts';

/**
 * `npm run gallery [-- --to folder] [--only alert]`: every message and form in every state, drawn by the practice workspace's own
 * renderer as wide as a phone: one HTML page that needs nothing else, and a picture of each.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { to: { type: 'string', default: 'gallery' }, only: { type: 'string', default: '' } },
  });
  const folder = resolve(values.to);
  const browser = await launchChromium();
  try {
    const { page, close } = await openGallery(browser, values);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const figures = await page.locator('figure').all();
    for (const figure of figures)
      await figure
        .locator('.phone-wide')
        .screenshot({ path: join(folder, `${await figure.getAttribute('id')}.png`) });
    await writeFile(join(folder, 'index.html'), await frozen(page));
    process.stdout.write(`${figures.length} messages and forms are in ${join(folder, 'index.html')}.\n`);
    await close();
  } finally {
    await browser.close();
  }
}

/** The page as it stands, with its style and without its scripts. */
async function frozen(page: Page): Promise<string> {
  const sheets = await page
    .locator('link[rel=stylesheet]')
    .evaluateAll((found: { href: string }[]) => found.map(({ href }) => href));
  const styles = await Promise.all(sheets.map(async (href) => (await page.request.get(href)).text()));
  await page.locator('script, link[rel=stylesheet]').evaluateAll((found: { remove(): void }[]) => {
    for (const one of found) one.remove();
  });
  // What is chosen and typed is no part of a page's text unless it is written there.
  await page
    .locator('input:checked')
    .evaluateAll((found: { setAttribute(name: string, to: string): void }[]) => {
      for (const one of found) one.setAttribute('checked', '');
    });
  await page
    .locator('input[type=text], input[type=number]')
    .evaluateAll((found: { value: string; setAttribute(name: string, to: string): void }[]) => {
      for (const one of found) one.setAttribute('value', one.value);
    });
  await page.addStyleTag({ content: styles.join('\n') });
  return page.content();
}

await main();

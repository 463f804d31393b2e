import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { narrow, openPage } from '../support/practice-page.ts';
import { openTruce } from '../support/truce.ts';

const name = 'The board, in a browser';
if (findChromium() || process.env.CI) describe(name, { timeout: 120_000 }, board);
else describe.skip(`${name} (skipped: no Chromium on this machine)`, board);

function board(): void {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let browser: Browser;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truce?.stop();
  });

  it('opens from the list of apps on a phone, and a press on it answers in a window', async () => {
    const { page, dialog, complaints } = await openPage(
      browser,
      `http://localhost:${truce.port}/?as=U0TOMW0001`,
      narrow,
    );
    await page
      .getByRole('navigation', { name: 'Parts of the page' })
      .getByRole('button', { name: /Channels/ })
      .click();
    await page.getByRole('button', { name: 'Truce, Home' }).click();
    const home = page.getByRole('region', { name: 'Home', exact: true });
    await home.getByText('Nothing waits for you.').waitFor();
    await home.getByRole('button', { name: 'Status of Customers' }).click();
    await dialog.getByText('Last run:').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.screenshot({ path: '/tmp/home-phone.png', fullPage: false });
    expect(complaints).toEqual([]);
  });
}

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { openGallery } from './gallery.ts';

const name = 'every message and form, as wide as a phone';
// On CI nothing may be left out for want of a browser: there it fails instead.
if (findChromium() || process.env.CI) describe(name, { timeout: 60_000 }, gallery);
else describe.skip(`${name} (skipped: no Chromium on this machine)`, gallery);

function gallery(): void {
  let browser: Browser;
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    browser = await launchChromium();
    ({ page, close } = await openGallery(browser));
  }, 60_000);
  afterAll(async () => {
    await close();
    await browser.close();
  });

  it('is drawn whole by the practice workspace', async () => {
    expect(await page.locator('figure').count()).toBeGreaterThan(200);
    expect(await page.locator('.unshown').allTextContents()).toEqual([]);
  });

  it('fits the width of a phone: nothing has to be pushed aside to be read', async () => {
    const tooWide = await page
      .locator('figure')
      .evaluateAll((figures: { id: string; scrollWidth: number; clientWidth: number }[]) =>
        figures.filter((one) => one.scrollWidth > one.clientWidth).map(({ id }) => id),
      );
    expect(tooWide).toEqual([]);
  });
}

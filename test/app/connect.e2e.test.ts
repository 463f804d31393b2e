import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { narrow, openPage, type PracticePage, wide } from '../support/practice-page.ts';
import { openTruce } from '../support/truce.ts';

const name = 'Connecting a system, in a browser';
if (findChromium() || process.env.CI) describe(name, { timeout: 120_000 }, connecting);
else describe.skip(`${name} (skipped: no Chromium on this machine)`, connecting);

function connecting(): void {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let browser: Browser;

  beforeAll(async () => {
    truce = await openTruce('PGlite', {
      agreement: {
        '    system: xero\n    credentials: { client_id: XERO_CLIENT_ID, client_secret: XERO_CLIENT_SECRET':
          '    system: xero\n    sign_in: oauth\n    credentials: { client_id: XERO_WEB_CLIENT_ID, client_secret: XERO_WEB_CLIENT_SECRET',
      },
    });
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truce?.stop();
  });

  /** As the technical owner. */
  const open = (window: typeof wide): Promise<PracticePage> =>
    openPage(browser, `http://localhost:${truce.port}/?as=U0TOMW0001`, window);
  /** Presses the link in the newest answer, and gives the window that opens. */
  const follow = async ({ page, answers }: PracticePage): Promise<Page> => {
    const popup = page.waitForEvent('popup');
    await answers
      .last()
      .getByRole('button', { name: /page to (re)?connect it/ })
      .click();
    return popup;
  };

  it('goes from the command over the vendor’s page to “you can close this window”', async () => {
    const desk = await open(wide);
    await desk.say('/sync connect xero');
    await desk.answers.getByText('It works once').waitFor();
    const vendor = await follow(desk);
    await vendor.getByRole('heading', { name: 'Practice Xero' }).waitFor();
    await vendor.getByRole('button', { name: 'Allow access' }).click();
    await vendor.getByRole('heading', { name: /^Xero is connected to / }).waitFor();
    expect(await vendor.getByText('You can close this window.').isVisible()).toBe(true);
    // The style is let through by the page's own policy.
    expect(await vendor.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).not.toBe(
      'none',
    );
    await vendor.reload();
    await vendor.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
    expect(desk.complaints).toEqual([]);
  });

  it('does the same on a phone, from the list of connections', async () => {
    const pocket = await open(narrow);
    await pocket.say('/sync connections');
    const list = pocket.answers.last();
    await list.getByRole('button', { name: /^Reconnect Xero/ }).click();
    await pocket.answers.getByText('takes the place of that').waitFor();
    const vendor = await follow(pocket);
    await vendor.getByRole('button', { name: 'Cancel' }).click();
    await vendor.getByRole('heading', { name: 'Xero is not connected' }).waitFor();
    expect(await vendor.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
}

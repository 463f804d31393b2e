import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { narrow, openPage, type PracticePage, wide } from '../support/practice-page.ts';
import { freePort, startTruce, type TruceProcess } from '../support/truce-process.ts';
import { until } from '../support/until.ts';

const name = 'Products and sales on the cards, in a browser';
if (findChromium() || process.env.CI) describe(name, { timeout: 120_000 }, cards);
else describe.skip(`${name} (skipped: no Chromium on this machine)`, cards);

/** In ms, how long a run may take to begin and to end on a busy machine. */
const run = 90_000;

/** One Truce; each step goes on where the one before ended. */
function cards(): void {
  let folder: string;
  let truce: TruceProcess;
  let browser: Browser;
  let desk: PracticePage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'truce-cards-'));
    browser = await launchChromium();
    truce = await startTruce({ dataDir: folder, port: await freePort() });
    desk = await openPage(browser, truce.url, wide);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await truce?.end('SIGINT');
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(desk?.complaints ?? []).toEqual([]);
  });

  const show = (kind: string, page = desk.page) =>
    page.getByRole('group', { name: 'What the cards show' }).getByRole('radio', { name: kind }).check();
  const buttons = (system: string, page = desk.page) => page.getByRole('group', { name: `Do in ${system}` });
  const holds = (system: string, label: string, value: string, patience = 30_000) =>
    until(async () => {
      const isThere = (await desk.row(system, label).count()) === 1;
      return isThere && (await desk.value(system, label)) === value;
    }, patience);
  /** Whose label the keyboard stands on. */
  const focused = () => desk.page.evaluate('document.activeElement.textContent');

  it('shows customers first, and wins a deal with the keyboard', async () => {
    await desk.row('Xero', 'billing address').waitFor();
    await desk.page.getByRole('radio', { name: 'Customers', checked: true }).waitFor();
    await show('Sales');
    await holds('HubSpot', 'deal stage', 'Contract sent');
    await desk.page.getByText('No invoice in Xero yet.').waitFor();
    expect(await desk.value('HubSpot', 'line 1')).toMatch(/^1 × Espresso grinder.* at \$1,895.00, less 10%$/);

    await buttons('HubSpot').getByRole('button', { name: 'Win' }).press('Enter');
    await holds('HubSpot', 'deal stage', 'Closed won');
    await until(async () => (await focused()) === 'Change quantity…');
  });

  it('shows the invoice that Truce makes of it beside it, and tells the deal of its payment', async () => {
    await desk.say('/sync run invoices');
    await holds('Xero', 'reference', 'Espresso corner', run);
    await holds('HubSpot', 'invoice status', 'Draft', run);
    await buttons('Xero').getByRole('button', { name: 'Approve' }).click();
    await desk.say('/sync run invoices');
    await holds('HubSpot', 'invoice status', 'Approved', run);
    await buttons('Xero').getByRole('button', { name: 'Take payment…' }).click();
    const form = desk.page.getByRole('form', { name: 'Take payment in Xero' });
    expect(await form.getByRole('textbox', { name: 'Amount' }).inputValue()).toBe('1876.05');
    await form.getByRole('button', { name: 'Take payment' }).click();
    await desk.say('/sync run payments');
    await holds('HubSpot', 'payment status', 'Paid', run);
    await buttons('Xero').getByRole('button', { name: 'Remove payments' }).waitFor();
  }, 300_000);

  it('finds a product by typing, and gives it another price in Cin7 Core', async () => {
    await show('Products');
    const box = desk.page.getByRole('combobox', { name: 'Product', exact: true });
    await box.fill('gum deck');
    await desk.page.getByRole('option', { name: /^Spotted gum decking/ }).waitFor();
    await box.press('Enter');
    await holds('Cin7 Core', 'price tier 1', '$13.90');

    await buttons('Cin7 Core').getByRole('button', { name: 'Change price…' }).press('Enter');
    const form = desk.page.getByRole('form', { name: 'Change price in Cin7 Core' });
    const price = form.getByRole('textbox', { name: 'Price tier 1' });
    expect(await price.inputValue()).toBe('13.9');
    await price.fill('cheap');
    await price.press('Enter');
    await desk.page.getByRole('alert').getByText('Cin7 Core: ').waitFor();
    // That the vendor refused it is the one thing that the browser may complain of.
    expect(desk.complaints.splice(0)).toEqual([expect.stringContaining('status of 400')]);
    await price.fill('14.5');
    await price.press('Enter');
    await holds('Cin7 Core', 'price tier 1', '$14.50');
    await until(async () => (await focused()) === 'Change price…');
  });

  it('counts stock place by place, and edits a product as on its own screen', async () => {
    await buttons('Cin7 Core').getByRole('button', { name: 'Count stock…' }).click();
    const form = desk.page.getByRole('form', { name: 'Count stock in Cin7 Core' });
    await form.getByRole('textbox', { name: 'Sydney, on hand' }).fill('100');
    await form.getByRole('button', { name: 'Count stock' }).click();
    const cin7Core = desk.page.getByRole('region', { name: 'Cin7 Core', exact: true });
    await expect.poll(() => cin7Core.innerText(), { timeout: 60_000 }).toMatch(/\b502\.75\b/);

    await desk.row('Cin7 Core', 'product name').click();
    const name = desk.page.getByRole('form', { name: 'Product name in Cin7 Core' });
    await name.getByRole('textbox').fill('Spotted gum decking, select grade');
    await name.getByRole('textbox').press('Enter');
    await holds('Cin7 Core', 'product name', 'Spotted gum decking, select grade');
  });

  it('fits a phone, whatever the cards show', async () => {
    const pocket = await openPage(browser, truce.url, narrow);
    const parts = pocket.page.getByRole('navigation', { name: 'Parts of the page' });
    await parts.getByRole('button', { name: 'Product' }).click();
    for (const [kind, system] of [
      ['Sales', 'HubSpot'],
      ['Customers', null],
      ['Products', 'Cin7 Core'],
    ] as const) {
      await show(kind, pocket.page);
      await parts.getByRole('button', { name: kind.slice(0, -1) }).waitFor();
      if (system) await buttons(system, pocket.page).getByRole('button').first().click({ trial: true });
      expect(await pocket.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    expect(pocket.complaints).toEqual([]);
  });
}

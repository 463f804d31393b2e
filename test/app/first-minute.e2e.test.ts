import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { narrow, openPage, type PracticePage, wide } from '../support/practice-page.ts';
import { freePort, startTruce, type TruceProcess } from '../support/truce-process.ts';
import { until } from '../support/until.ts';

const name = 'The first minute, in a browser';
if (findChromium() || process.env.CI) describe(name, { timeout: 120_000 }, firstMinute);
else describe.skip(`${name} (skipped: no Chromium on this machine)`, firstMinute);

/** One Truce, one story: each step goes on where the one before ended. */
function firstMinute(): void {
  const question = 'Billing address: use HubSpot, 31 Gipps St, Bega NSW 2550';
  const gipps = '31 Gipps St, Bega NSW 2550';
  const systems = ['HubSpot', 'Xero', 'Cin7 Core'];
  let folder: string;
  let port: number;
  let truce: TruceProcess;
  let browser: Browser;
  /** The same person, at a desk and on the way. */
  let desk: PracticePage;
  let pocket: PracticePage;
  const start = async () => {
    truce = await startTruce({ dataDir: folder, port });
  };
  /** How often the terminal has said these words. */
  const printed = (words: string) => truce.lines.filter((line) => line.includes(words)).length;
  const open = (window: typeof wide) => openPage(browser, truce.url, window);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'truce-first-minute-'));
    port = await freePort();
    browser = await launchChromium();
    await start();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await truce?.end('SIGINT');
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(() => {
    expect([...(desk?.complaints ?? []), ...(pocket?.complaints ?? [])]).toEqual([]);
  });

  it('types two addresses in sight as soon as somebody looks, and asks the business owner', async () => {
    desk = await open(wide);
    const typedIn = () => desk.page.evaluate<string[]>('window.typedIn');
    await expect
      .poll(typedIn, { timeout: 60_000 })
      .toEqual(['billing address in HubSpot', 'billing address in Xero']);

    await said(desk.guide, 'You are the business owner. Two systems disagree. Choose.');
    const message = desk.newest;
    await message.getByText('Which is right? Bellbird Timber').waitFor();
    await message.getByText('PO Box 212, Merimbula NSW 2548').waitFor();
    await inSight(message.getByRole('button', { name: question }));
    expect(await desk.value('HubSpot', 'billing address')).toBe(gipps);
    expect(await desk.value('Xero', 'billing address')).toBe('PO Box 212, Merimbula NSW 2548');
    await desk.row('Xero', 'billing address').getByText('differs from HubSpot and Cin7 Core').waitFor();
  });

  it('shows all three addresses at a glance, and what else there is to whoever opens it', async () => {
    for (const system of systems) {
      await inSight(desk.row(system, 'billing address'));
      await inSight(desk.more(system));
      expect(await desk.row(system, 'mobile').or(desk.row(system, 'contact mobile')).count()).toBe(0);
    }
    await said(desk.more('HubSpot'), '6 more');
    await said(desk.more('Cin7 Core'), '4 more');
    await desk.more('Xero').press('Enter');
    await desk.row('Xero', 'contact status').waitFor();
    expect(await desk.value('Xero', 'contact status')).toBe('ACTIVE');
    await desk.more('Xero').press('Enter');
    await desk.row('Xero', 'contact status').waitFor({ state: 'hidden' });
  });

  it('fits a phone: nothing to scroll sideways, the buttons in reach', async () => {
    pocket = await open(narrow);
    for (const button of [question, /use Xero/, /type another value/])
      await inSight(pocket.newest.getByRole('button', { name: button }));
    const parts = pocket.page.getByRole('navigation', { name: 'Parts of the page' });
    for (const part of ['Channels', 'Customer', 'Phone', 'Messages']) {
      await parts.getByRole('button', { name: part }).click();
      expect(await pocket.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    await parts.getByRole('button', { name: 'Customer' }).click();
    await pocket.row('Xero', 'billing address').waitFor();
    await parts.getByRole('button', { name: 'Messages' }).click();
  });

  it('refuses a bystander kindly, and says who can', async () => {
    await desk.become('Sam Lee');
    await said(desk.guide, 'You are the bystander; Priya Nair, the business owner, can choose.');
    await desk.messages.getByRole('button', { name: question }).click();
    await said(desk.answers, 'Only @Priya Nair can decide this. Nothing was changed.');
    await inSight(desk.answers);
    expect(await desk.value('Xero', 'billing address')).toBe('PO Box 212, Merimbula NSW 2548');
    await desk.become('Priya Nair');
    await said(desk.guide, 'You are the business owner.');
  });

  it('opens Other… as a dialog that keeps the keyboard, and closes it on Escape', async () => {
    const other = desk.newest.getByRole('button', { name: /type another value/ });
    await other.press('Enter');
    await desk.dialog.getByText('Billing address of Bellbird Timber').waitFor();
    const stops = await desk.dialog.locator('button, input:not([type=radio]), [type=radio]:checked').count();
    for (let press = 0; press <= stops; press += 1) {
      await desk.page.keyboard.press('Tab');
      expect(await desk.page.locator('dialog :focus').count()).toBe(1);
    }
    await desk.page.keyboard.press('Escape');
    await desk.dialog.waitFor({ state: 'detached' });
    expect(await other.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
  });

  it('settles with one click, turns the other cards, and changes nothing at a second one', async () => {
    const buttons = [desk, pocket].map(({ newest }) => newest.getByRole('button', { name: question }));
    await Promise.all(buttons.map((button) => button.dispatchEvent('click')));
    await said(desk.guide, 'Settled: every system was read back.');
    const settled = desk.messages.getByRole('article').filter({ hasText: 'Settled: Bellbird Timber' });
    await said(settled, `Billing address: ${gipps} (HubSpot), by @Priya Nair`);
    for (const system of ['Xero', 'Cin7 Core'])
      await until(async () => (await desk.value(system, 'billing address')) === gipps);
    await said(pocket.messages, 'Settled: Bellbird Timber');

    await desk.say(`/sync lookup ${await settled.locator('code').innerText()}`);
    const story = desk.answers.filter({ hasText: 'Every system was read back' });
    await story.waitFor();
    expect(await story.getByText('decided', { exact: true }).count()).toBe(1);
    await until(() => printed('settled, Bellbird Timber') > 0);
    expect(printed('settled, Bellbird Timber')).toBe(1);
    await story.getByRole('button', { name: /^Show the calls/ }).click();
    await said(desk.answers, /Calls of tr-.*: 200, .*Secrets and personal data are blacked out/);
  });

  it('suggests commands to the keyboard, and answers for one pair of eyes', async () => {
    const composer = desk.page.getByRole('combobox', { name: 'Message #sync-customers' });
    const options = desk.page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    await composer.pressSequentially('/s');
    await options.first().waitFor();
    await composer.press('Tab');
    await said(options.first(), '/sync status');
    await composer.press('Enter');
    expect(await composer.inputValue()).toBe('/sync status ');
    await composer.press('Enter');
    await said(desk.answers, /Customers: (fine|running)/);
    await desk.say('/sync help');
    await said(desk.answers, 'asks when they disagree');
    await desk.say('/sync statsu');
    await said(desk.answers, 'Did you mean /sync status?');
    await desk.say('/nope');
    await said(desk.answers, '/nope is not a command in this workspace.');
    expect(await desk.answers.count()).toBeGreaterThan(3);

    await desk.page.reload();
    await desk.messages.getByText('Settled: Bellbird Timber').waitFor();
    expect(await desk.answers.count()).toBe(0);
  });

  it('raises one alert for a broken Xero, and marks it recovered by itself', async () => {
    // Alert 1 is of the past; the other flows have theirs in channels of their own.
    const alert = desk.messages.getByRole('article').filter({ hasText: /alert (?:[2-9]|\d\d)/ });
    await desk.breakXero(/^Server error/);
    await desk.page.getByRole('region', { name: 'Xero' }).getByText('broken: server error').waitFor();
    await said(desk.guide, 'the next run will meet it. Or type /sync run customers now.');
    await desk.say('/sync run customers');
    await said(alert, 'Customers: Xero cannot be reached');
    await desk.become('Tom Walsh');
    await desk.phone.getByRole('listitem').filter({ hasText: 'Xero cannot be reached' }).first().waitFor();
    await alert.getByRole('button', { name: /^I am on it/ }).click();
    await said(alert, '@Tom Walsh is on it');
    await alert.getByRole('button', { name: /\d+ repl/ }).click();
    await said(desk.thread, 'is on it, until');
    await desk.page.getByRole('button', { name: 'Close thread' }).click();
    await desk.thread.waitFor({ state: 'detached' });

    await desk.breakXero(/^Mend Xero/);
    await desk.say('/sync run customers');
    await said(alert, 'Recovered: Customers runs again');
    await said(desk.guide, 'Recovered, on the same message.');
    expect(await alert.count()).toBe(1);
    await said(desk.phone, 'Recovered at');
  });

  it('carries forty changes over at once', async () => {
    const before = await desk.value('HubSpot', 'phone');
    const settled = printed(': settled, ');
    await desk.page.getByRole('button', { name: 'Send 40 changes at once' }).click();
    await until(async () => (await desk.value('HubSpot', 'phone')) !== before);
    const after = await desk.value('HubSpot', 'phone');
    await until(async () => (await desk.value('Xero', 'phone')) === after, 60_000);
    await until(async () => (await desk.value('Cin7 Core', 'contact phone')) === after, 60_000);
    await until(() => printed(': settled, ') - settled === 40, 60_000);
    await desk.say('/sync status customers');
    await said(desk.answers, /Customers: (fine|running).*Last good run:/);
  });

  it('lets one edit a card in place', async () => {
    await desk.row('HubSpot', 'phone').click();
    const form = desk.page.getByRole('form', { name: 'Phone in HubSpot' });
    await form.getByRole('textbox', { name: 'Phone' }).fill('02 5550 4321');
    await form.getByRole('button', { name: 'Save' }).click();
    // The five flows share one machine with whatever else is tested.
    await until(async () => /5550 ?4321$/.test(await desk.value('Xero', 'phone')), 60_000);
    await until(async () => /5550 ?4321$/.test(await desk.value('Cin7 Core', 'contact phone')), 60_000);
  });

  it('unfolds a detail in which the systems come to differ, and asks when a customer is archived', async () => {
    await desk.more('Xero').press('Enter');
    await desk.row('Xero', 'contact status').click();
    const form = desk.page.getByRole('form', { name: 'Contact status in Xero' });
    await form.getByRole('textbox', { name: 'Contact status' }).fill('archived');
    await form.getByRole('button', { name: 'Save' }).click();
    await desk.row('HubSpot', 'customer status').getByText('differs from Xero').waitFor();
    await desk.row('Cin7 Core', 'status').getByText('differs from Xero').waitFor();
    await said(desk.newest, 'Which is right? Bellbird Timber');
    await said(desk.newest, 'Status');

    // Archived, it is in no list of Xero's; here it can still be found and brought back.
    const customers = desk.page.getByRole('combobox', { name: 'Customer', exact: true });
    await customers.fill('saltbush cat');
    await desk.page.getByRole('option', { name: /^Saltbush Catering/ }).waitFor();
    await customers.press('Enter');
    await said(desk.page.getByRole('region', { name: 'Xero' }), 'Saltbush');
    expect(await desk.row('Xero', 'contact status').count()).toBe(0);
    await customers.fill('bellbird');
    await desk.page.getByRole('option', { name: /^Bellbird Timber/ }).click();
    await desk.row('Xero', 'contact status').getByText('differs from HubSpot and Cin7 Core').waitFor();
  });

  it('goes on by itself after Truce was killed and started again', async () => {
    await truce.end('SIGKILL');
    await desk.page.getByText('Reconnecting…').waitFor();
    await start();
    await desk.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    const before = await desk.answers.count();
    await desk.say('/sync status');
    await until(async () => (await desk.answers.count()) > before, 30_000);
    // Of which sync it says more depends on what the broken Xero met.
    await said(desk.answers.last(), /Next: \/sync status \w+/);
    // That a server was away is the one thing that the browser may complain of.
    for (const { complaints } of [desk, pocket])
      expect(
        complaints.splice(0).filter((words) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(words)),
      ).toEqual([]);
  });
}

/** Waits until these words stand there; line breaks and spaces as one reads them. */
async function said(place: Locator, words: string | RegExp): Promise<void> {
  let last = '';
  await until(async () => {
    last = (await place.allInnerTexts().catch(() => [])).join('\n').replace(/\s+/g, ' ');
    return typeof words === 'string' ? last.includes(words) : words.test(last);
  }, 30_000).catch(() => {
    throw new Error(`“${words}” was not said; there stands: ${last.slice(-600)}`);
  });
}

/** Waits until the whole of it is inside the window, and nothing lies over it. */
async function inSight(place: Locator): Promise<void> {
  await until(() =>
    place.evaluate((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const at = element.ownerDocument.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const { innerWidth, innerHeight } = element.ownerDocument.defaultView ?? {
        innerWidth: 0,
        innerHeight: 0,
      };
      return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && element.contains(at);
    }),
  );
}

import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** The practice workspace as somebody sees and uses it: by the roles and names that a screen reader would say. */
export interface PracticePage {
  readonly page: Page;
  readonly guide: Locator;
  /** The messages of #sync-customers. */
  readonly messages: Locator;
  readonly newest: Locator;
  /** Those that only this person sees. */
  readonly answers: Locator;
  readonly dialog: Locator;
  readonly thread: Locator;
  readonly phone: Locator;
  /** One line of a system's card. */
  row(system: string, label: string): Locator;
  /** What that line holds now, as it is shown. */
  value(system: string, label: string): Promise<string>;
  /** The line of a system's card that further details are folded under. */
  more(system: string): Locator;
  become(name: string): Promise<void>;
  /** Types a line into the channel's composer and sends it. */
  say(line: string): Promise<void>;
  /** Takes an entry of the menu "Break Xero". */
  breakXero(entry: RegExp): Promise<void>;
  /** What the browser complained of, and what the page threw. */
  readonly complaints: string[];
}

export const wide: BrowserContextOptions = { viewport: { width: 1400, height: 900 } };
export const narrow: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Opens the page in a window of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  window: BrowserContextOptions,
): Promise<PracticePage> {
  const context = await browser.newContext({
    ...window,
    locale: 'en-AU',
    timezoneId: 'Australia/Sydney',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(noteTyping);
  const page = await context.newPage();
  // Two files of tests share the machine.
  page.setDefaultTimeout(60_000);
  const complaints = listen(page);
  await page.goto(url);
  return { ...using(page), complaints };
}

/** Notes where somebody was seen typing (“billing address in Xero”): it may be over before a test looks. Run in the page. */
const noteTyping = `
  window.typedIn = [];
  new MutationObserver(() => {
    for (const words of document.querySelectorAll('.row-words')) {
      const label = words.closest('[aria-label]')?.getAttribute('aria-label') ?? '';
      const place = label.replace(/^Edit /, '').replace(/, now .*/s, '');
      if (words.textContent === 'somebody is typing' && !window.typedIn.includes(place)) window.typedIn.push(place);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });`;

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

function using(page: Page): Omit<PracticePage, 'complaints'> {
  const messages = page.getByRole('region', { name: 'Messages in #sync-customers' });
  const row = (system: string, label: string) =>
    page
      .getByRole('region', { name: system, exact: true })
      .getByRole('button', { name: `Edit ${label} in ${system}, now ` });
  return {
    page,
    messages,
    row,
    more: (system) => page.getByRole('region', { name: system, exact: true }).locator('summary'),
    guide: page.getByRole('status', { name: 'Guide' }),
    answers: messages.getByRole('article').filter({ hasText: 'Only visible to you' }),
    newest: messages.getByRole('article').last(),
    dialog: page.getByRole('dialog'),
    thread: page.getByRole('complementary', { name: 'Thread' }),
    phone: page.getByRole('region', { name: 'phone' }),
    value: async (system, label) => {
      const spoken = (await row(system, label).getAttribute('aria-label')) ?? '';
      return spoken.replace(/^.*?, now /, '').replace(/, differs from .*$/, '');
    },
    become: (name) =>
      page.getByRole('group', { name: 'Who I am' }).getByRole('radio', { name }).check({ force: true }),
    say: async (line) => {
      const composer = page.getByRole('combobox', { name: 'Message #sync-customers' });
      await composer.fill(line);
      await composer.press('Enter');
    },
    breakXero: async (entry) => {
      await page.getByRole('button', { name: 'Break Xero' }).click();
      await page.getByRole('menuitemradio', { name: entry }).click();
    },
  };
}

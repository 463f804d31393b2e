import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from './support/chromium.ts';
import { openPage, type PracticePage } from './support/practice-page.ts';
import { freePort, startTruce } from './support/truce-process.ts';

/** `npm run pictures`: makes the README's pictures again, from a practice workspace that was just started. */

const pictures = join(import.meta.dirname, '../docs/pictures');
/** In ms: the machine may be busy with other things, and the next run is up to a minute away. */
const patience = 120_000;

/** What is beside the point of a picture is left out: who one is, the phone, the box to write in, older messages. */
const onlyMessagesAndCards = `
  .left, .panes, .top-buttons, .brand, .composer, .message-list li:not(:nth-last-child(-n + 3)) { display: none !important; }
  .app { grid-template: "top top" auto "main cards" minmax(0, 1fr) / minmax(0, 1fr) 27rem !important; }
`;

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'truce-pictures-'));
  const browser = await launchChromium();
  const truce = await startTruce({ dataDir, port: await freePort() });
  try {
    const practice = await openPage(browser, truce.url, {
      viewport: { width: 1120, height: 905 },
      deviceScaleFactor: 1.25,
      colorScheme: 'light',
    });
    practice.page.setDefaultTimeout(patience);
    await mkdir(pictures, { recursive: true });
    await takeConflict(practice);
    await takeAlert(practice);
    process.stdout.write(`The pictures are in ${pictures}.\n`);
  } finally {
    await browser.close();
    await truce.end('SIGINT');
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The first minute: two addresses are typed, and Truce asks. */
async function takeConflict({ page }: PracticePage): Promise<void> {
  await page.getByRole('button', { name: 'Use Xero' }).waitFor();
  const style = await page.addStyleTag({ content: onlyMessagesAndCards });
  await page.screenshot({ path: join(pictures, 'conflict.png') });
  await style.evaluate((element: { remove(): void }) => element.remove());
}

/** Xero answers every call with an error; the next run meets it, and the technical owner is told. */
async function takeAlert({ page, messages, breakXero }: PracticePage): Promise<void> {
  await breakXero(/Server error/);
  const alert = messages
    .getByRole('article')
    .filter({ has: page.getByText('I’m on it', { exact: true }) })
    .last();
  await alert.waitFor();
  await alert.screenshot({ path: join(pictures, 'alert.png') });
}

await main();

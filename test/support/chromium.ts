import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The browser of this machine: `CHROMIUM_PATH` if it is set, else Chromium, Chrome or Edge where they usually are, or null. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH;
  // Whoever names one wants that one: a wrong name must not quietly become another browser.
  if (named) return existsSync(named) ? named : null;
  return usualPlaces().find((place) => existsSync(place)) ?? null;
}

/** A headless browser of its own. Throws where this machine has none. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium on this machine: set CHROMIUM_PATH to one.');
  return chromium.launch({ executablePath, args: [...quietly, ...asRoot()] });
}

/** A test's browser has nobody to call: no updates, no synchronising, no graphics card. */
const quietly = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Chromium refuses to run as root inside its sandbox. */
const asRoot = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

function usualPlaces(): string[] {
  if (process.platform === 'win32') return onWindows();
  if (process.platform === 'darwin') return onMac();
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/snap/bin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function onMac(): string[] {
  const apps = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
  return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
    apps.map((app) => join(folder, `${app}.app`, 'Contents/MacOS', app)),
  );
}

function onWindows(): string[] {
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': programs32, LOCALAPPDATA } = process.env;
  const apps = [
    ['Chromium', 'Application', 'chrome.exe'],
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ];
  return [PROGRAMFILES, programs32, LOCALAPPDATA].flatMap((folder) =>
    folder ? apps.map((parts) => join(folder, ...parts)) : [],
  );
}

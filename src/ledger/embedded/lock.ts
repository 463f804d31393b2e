import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Who holds a folder. `birth` tells a process from a later one that got its number. */
interface Holder {
  readonly pid: number;
  readonly birth: string;
  readonly host: string;
  readonly token: string;
}

const touchMs = 10_000;
/** A holder on another machine (a container's volume) cannot be looked up: it counts as gone when its file was not touched this long. */
const silentMs = 60_000;

/**
 * Takes the lock file at `path` and returns how to free it. A lock whose process is gone is taken over.
 * Throws an Error with one line for people where another Truce holds it; the system's own error where the folder is unwritable.
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const mine: Holder = {
    pid: process.pid,
    birth: birthOf(process.pid),
    host: hostname(),
    token: randomUUID(),
  };
  const draft = `${path}.${mine.token}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    await place(path, draft);
    // Somebody who mistook us for stale may just have moved our file away: then neither goes on.
    if ((await holderOf(path))?.token !== mine.token) throw taken(path, await holderOf(path));
  } finally {
    await rm(draft, { force: true });
  }
  const timer = setInterval(() => void touch(path, mine), touchMs).unref();
  return async () => {
    clearInterval(timer);
    if ((await holderOf(path))?.token === mine.token) await rm(path, { force: true });
  };
}

async function place(path: string, draft: string): Promise<void> {
  if (await linked(draft, path)) return;
  const holder = await holderOf(path);
  if (holder !== null && (await lives(holder, path, draft))) throw taken(path, holder);
  const aside = `${draft}.stale`;
  await rename(path, aside).catch(() => undefined);
  const moved = await holderOf(aside);
  if (moved !== null && moved.token !== holder?.token) await linked(aside, path);
  await rm(aside, { force: true });
  if (!(await linked(draft, path))) throw taken(path, await holderOf(path));
}

/** `link` creates a file with its content at once, or fails where one stands. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function lives(holder: Holder, path: string, draft: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    // Both times are the file system's own: no clocks to compare.
    const [theirs, ours] = await Promise.all([stat(path), stat(draft)]);
    return ours.mtimeMs - theirs.mtimeMs < silentMs;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return birthOf(holder.pid) === holder.birth;
}

/** When a process began, in whatever words the system tells it; empty where it does not (Windows: then the number alone counts). */
function birthOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The 22nd field; the second is the program's name in brackets and may hold spaces.
      return `${boot} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

async function touch(path: string, mine: Holder): Promise<void> {
  if ((await holderOf(path))?.token !== mine.token) return;
  // The same bytes again: the file system sets its own time, and nobody ever reads half a file.
  await writeFile(path, JSON.stringify(mine), { flag: 'r+' }).catch(() => undefined);
}

const taken = (path: string, holder: Holder | null) =>
  new Error(
    `Another Truce${holder === null ? '' : ` (process ${holder.pid} on ${holder.host})`} is using the data folder ${dirname(path)}. Stop it first, or set TRUCE_DATA_DIR to another folder.`,
  );

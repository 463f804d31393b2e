import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '#src/ledger/database.ts';
import { describeOn } from '#test/support/database.ts';
import { pgliteTemplate } from '#test/support/pglite-template.ts';

const log = { warn: () => undefined, error: () => undefined };

describeOn('PGlite', 'the data folder', (open) => {
  it('is refused to a second Truce in the same process, in one line that names the first', async () => {
    const { options } = await open();
    const refused = await openDatabase({ ...options, log }).catch((error: Error) => error.message);
    expect(refused).toContain(`process ${process.pid} on`);
    expect(refused).toContain(`is using the data folder ${options.dataDir}.`);
    expect(refused).not.toContain('\n');
  });

  it('is refused while another process holds it, and opens with every acknowledged row after kill -9', async () => {
    const dataDir = await anotherFolder();
    const { child, lastRow } = await hold(dataDir, 50);
    await expect(openDatabase({ databaseUrl: null, dataDir, log })).rejects.toThrow(
      `(process ${child.pid} on`,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');

    const again = await openDatabase({ databaseUrl: null, dataDir, log });
    onTestFinished(again.close);
    const [row] = await again.db.execute<{ rows: number }>(sql`select count(*)::int as rows from seen`);
    expect(row?.rows).toBeGreaterThanOrEqual(lastRow());
    expect(lastRow()).toBeGreaterThanOrEqual(50);
  });

  it.each([
    ['whose process is gone', { pid: 4_194_300 }],
    ['whose number a later process has got', { pid: process.ppid, birth: 'before that' }],
    ['which a crash left half written', 'half'],
  ])('takes over a lock %s', async (_, holder) => {
    const { options, close } = await open();
    const lock = join(options.dataDir, 'truce.lock');
    const real = JSON.parse(await readFile(lock, 'utf8')) as object;
    const dataDir = await anotherFolder();
    await writeFile(
      join(dataDir, 'truce.lock'),
      typeof holder === 'string' ? '{"pid":' : JSON.stringify({ ...real, ...holder }),
    );
    const database = await openDatabase({ databaseUrl: null, dataDir, log });
    await database.close();
    await close();
    expect(await readdir(dataDir)).toEqual(['pglite']);
  });

  it('is made whole before it counts: what a kill left in the middle is made again', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'truce-other-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    await mkdir(join(dataDir, 'pglite'));
    await mkdir(join(dataDir, 'pglite.new', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'pglite.new', 'PG_VERSION'), '18\n');
    const database = await openDatabase({ databaseUrl: null, dataDir, log });
    await database.close();
    expect(await readdir(dataDir)).toEqual(['pglite']);
  });

  it('is left alone where something else stands in its place', async () => {
    const dataDir = await anotherFolder();
    await rm(join(dataDir, 'pglite', 'PG_VERSION'));
    await expect(openDatabase({ databaseUrl: null, dataDir, log })).rejects.toThrow(
      /^The embedded database in .*\/pglite does not open \(ENOTEMPTY\)\. Move the folder away to start afresh\.$/,
    );
    expect(await readdir(join(dataDir, 'pglite'))).toContain('base');
  });

  it('says in one line that it is unwritable', async () => {
    const file = join(await anotherFolder(), 'file');
    await writeFile(file, '');
    for (const dataDir of [join(file, 'data'), '/proc/truce']) {
      const refused = await openDatabase({ databaseUrl: null, dataDir, log }).catch(
        (error: Error) => error.message,
      );
      expect(refused).toMatch(
        /^Truce cannot write in its data folder .*\. Make it writable, or set TRUCE_DATA_DIR\.$/,
      );
    }
  });

  it('frees the folder and leaves no socket behind on a clean close', async () => {
    const { options, url, ...database } = await open();
    const socketFolder = new URL(url).searchParams.get('host') ?? '';
    expect(await readdir(socketFolder)).toEqual(['.s.PGSQL.5432']);
    await database.close();
    await expect(readdir(socketFolder)).rejects.toThrow('ENOENT');
    await expect(readdir(options.dataDir)).rejects.toThrow('ENOENT');
  });
});

async function anotherFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-other-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(await pgliteTemplate(), folder, { recursive: true });
  return folder;
}

async function hold(dataDir: string, rows: number): Promise<{ child: ChildProcess; lastRow: () => number }> {
  const script = fileURLToPath(new URL('./hold-database.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const enough = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.includes(`\n${rows}\n`)) enough.resolve();
  });
  child.once('exit', () => enough.reject(new Error('the holder stopped')));
  await enough.promise;
  const lastRow = () => Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
  return { child, lastRow };
}

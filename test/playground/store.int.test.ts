import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '#src/playground/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truce-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('keeps documents, and their order, over a reopening', () => {
  const first = openStore(join(folder, 'made', 'for', 'it'));
  const birds = first.collection<{ name: string; seen: number }>('birds');
  birds.set('a', { name: 'Galah', seen: 1 });
  birds.set('b', { name: 'Bellbird', seen: 2 });
  birds.set('c', { name: 'Currawong', seen: 3 });
  birds.set('a', { name: 'Galah', seen: 4 });
  birds.delete('c');
  first.collection('towns').set('a', { name: 'Dubbo' });
  first.close();

  const again = openStore(join(folder, 'made', 'for', 'it'));
  expect(again.collection('birds').all()).toEqual([
    { name: 'Galah', seen: 4 },
    { name: 'Bellbird', seen: 2 },
  ]);
  expect(again.collection('birds').get('c')).toBeUndefined();
  again.close();
});

test('a killed process loses nothing that was set', () => {
  const script = `
    import { openStore } from ${JSON.stringify(join(process.cwd(), 'src/playground/store.ts'))};
    openStore(${JSON.stringify(folder)}).collection('birds').set('a', { name: 'Galah' });
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
  const store = openStore(folder);
  expect(store.collection('birds').all()).toEqual([{ name: 'Galah' }]);
  store.close();
});

test('writes made together are all there or none, in memory too', () => {
  const store = openStore(':memory:');
  const birds = store.collection<string>('birds');
  expect(() =>
    store.together(() => {
      birds.set('a', 'Galah');
      throw new Error('gone');
    }),
  ).toThrow('gone');
  expect(birds.all()).toEqual([]);
  store.together(() => {
    birds.set('a', 'Galah');
    const inner = () =>
      store.together(() => {
        birds.set('b', 'Koel');
        throw new Error('inner');
      });
    expect(inner).toThrow('inner');
  });
  expect(birds.all()).toEqual(['Galah']);
  store.close();
});

test('a document changed after it was set does not change what is kept', () => {
  const store = openStore(':memory:');
  const bird = { name: 'Galah' };
  store.collection<typeof bird>('birds').set('a', bird);
  bird.name = 'Koel';
  expect(store.collection('birds').get('a')).toEqual({ name: 'Galah' });
  store.close();
});

test('one process at a time: a second is told so in one line, and gets it once the first is gone', () => {
  const first = openStore(folder);
  expect(() => openStore(folder)).toThrow(
    `Another Truce is using the data folder ${folder}. Stop it first, or set TRUCE_DATA_DIR to another folder.`,
  );
  first.close();
  openStore(folder).close();
});

test('says in one line where it cannot be kept', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openStore(join(folder, 'file', 'data'))).toThrow(
    /^Truce cannot keep its practice workspace in .*file\/data \(ENOTDIR.*\)\. Make it writable, or set TRUCE_DATA_DIR/,
  );
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAgreement } from '#src/agreement/load.ts';
import { printProblems } from '#src/agreement/problems-as-text.ts';
import { missingCredentials } from '#src/agreement/readiness.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truce-agreement-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function lines(path: string): Promise<string[]> {
  const read = await loadAgreement(path);
  return read.ok ? [] : printProblems(path, read.problems).split('\n');
}

test('a file that is not there is one clear problem', async () => {
  const path = join(folder, 'none.yml');
  expect(await lines(path)).toEqual([
    `Truce does not start: ${path} has one problem.`,
    `  ${path}: There is no file ${path}.`,
    '    Start Truce where it is, or name it in TRUCE_CONFIG.',
  ]);
});

test('a folder and a file that is no text are one too', async () => {
  expect((await lines(folder))[1]).toContain('is a folder');
  const path = join(folder, 'bytes.yml');
  await writeFile(path, Buffer.from([0x63, 0xff, 0xfe, 0x00]));
  expect((await lines(path))[1]).toContain('is not plain text');
});

test('a tab is told with file, line and remedy', async () => {
  const path = join(folder, 'tab.yml');
  await writeFile(path, 'company: Example\npeople:\n\ttom: {}\n');
  expect(await lines(path)).toEqual([
    `Truce does not start: ${path} has one problem.`,
    `  ${path}, line 3: The line starts with a tab, which YAML does not allow.`,
    '    Replace the tab by spaces, as many as the lines around it have.',
  ]);
});

test('the agreement at the root loads, and says which credentials are still to be set', async () => {
  const read = await loadAgreement(new URL('../../truce.yml', import.meta.url).pathname);
  if (!read.ok) throw new Error('the agreement at the root is broken');
  expect(missingCredentials(read.agreement, () => true)).toEqual([]);
  expect(
    missingCredentials(read.agreement, (name) => !['XERO_CLIENT_ID', 'HUBSPOT_CLIENT_SECRET'].includes(name)),
  ).toEqual([
    'HUBSPOT_CLIENT_SECRET is not set: the connection “hubspot” checks webhooks with it. Set it, or take webhook_secret out of the agreement.',
    'XERO_CLIENT_ID is not set: the connection “xero” needs it as its client_id. Set it in the environment.',
  ]);
});

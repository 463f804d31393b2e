import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '#src/config.ts';
import { practiceSecretKey } from '#src/playground/secret-key.ts';

test('the practice key is made once, kept for this user alone, and is one that the settings take', () => {
  const folder = mkdtempSync(join(tmpdir(), 'truce-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const key = practiceSecretKey(folder);
  expect(practiceSecretKey(folder)).toBe(key);
  expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
  expect(readConfig({ TRUCE_SECRET_KEY: key }).ok).toBe(true);
  expect(practiceSecretKey(':memory:')).not.toBe(practiceSecretKey(':memory:'));
});

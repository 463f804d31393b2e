import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { differencesOf } from '#src/agreement/differences.ts';
import { readAgreement } from '#src/agreement/read.ts';

const file = readFileSync(new URL('../../truce.yml', import.meta.url), 'utf8');

function written(from: RegExp | string, to: string): string {
  const changed = file.replace(from, to);
  if (changed === file) throw new Error(`truce.yml has no ${from}`);
  return changed;
}
const without = written(/^ +won_since: .*\n/m, '');

function terms(text: string): Agreement {
  const read = readAgreement(text, 'truce.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.agreement;
}

test('where invoices are made of deals it has to be said from when on, and the remedy says how', () => {
  expect(readAgreement(without, 'truce.yml')).toMatchObject({
    ok: false,
    problems: [
      {
        line: without.split('\n').indexOf('  hubspot:') + 1,
        message: expect.stringContaining('of every deal that was ever won'),
        remedy: expect.stringContaining('“won_since: YYYY-MM-DD”'),
      },
    ],
  });
  const onlyRead = without.replace(
    / {4}create_in:\n {6}xero: \[hubspot\]\n {4}# When deals are/,
    '    # When deals are',
  );
  expect(onlyRead).not.toBe(without);
  expect(readAgreement(onlyRead, 'truce.yml')).toMatchObject({ ok: true });
});

test('it is a date', () => {
  expect(readAgreement(written(/won_since: .*/, 'won_since: YYYY-MM-DD'), 'truce.yml')).toMatchObject({
    ok: false,
    problems: [
      { message: expect.stringContaining('won_since'), remedy: expect.stringContaining('2026-07-01') },
    ],
  });
});

test('an older agreement said nothing of it and goes on; saying it, or moving it, reads the deals anew', () => {
  const now = terms(file);
  const { wonSince: _, ...older } = now.connections.hubspot as unknown as Record<string, unknown>;
  const stored = { ...now, connections: { ...now.connections, hubspot: older } } as unknown as Agreement;
  expect(completed(stored).connections.hubspot).toMatchObject({ wonSince: null });
  expect([...differencesOf(completed(stored), completed(stored))]).toEqual([]);
  const moved = terms(written(/won_since: .*/, 'won_since: 2026-10-01'));
  for (const before of [completed(stored), now])
    expect(differencesOf(before, moved).get('invoices')?.readsAnew).toEqual(['hubspot']);
});

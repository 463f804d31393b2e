import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refused, saved, sendInBatches } from '#src/connectors/batches.ts';
import type { Write, WriteOutcome } from '#src/connectors/connector.ts';
import { CallFailed, failure } from '#src/connectors/http/failure.ts';

const write = (n: number): Write => ({
  key: `k${n}`,
  changeId: 'tr-1',
  externalId: `${n}`,
  fields: { abn: 'x' },
});
const writes = (count: number) => Array.from({ length: count }, (_, n) => write(n));
const fails = (
  more: Partial<Parameters<typeof failure>[2]> & { cause?: 'refused' | 'silent' | 'busy' },
  status = 400,
) => new CallFailed('xero', failure(more.cause ?? 'refused', 'Not so', more), { status, exchangeId: 9 });
const kinds = (outcomes: readonly WriteOutcome[]) => outcomes.map(({ key, kind }) => `${key} ${kind}`);

test('one bad record never stops the others, wherever it stands', async () => {
  const sizes = fc.integer({ min: 1, max: 60 });
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.uniqueArray(fc.nat(59), { maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      async (count, bad, size) => {
        const all = writes(count);
        const isBad = ({ externalId }: Write) => bad.includes(Number(externalId));
        const outcomes = await sendInBatches(all, {
          size,
          send: async (batch) => {
            expect(batch.length).toBeLessThanOrEqual(size);
            if (batch.some(isBad)) throw fails({ reason: 'Name taken' });
            return batch.map((one) => saved(one, 1));
          },
        });
        expect(outcomes.map(({ key }) => key).sort()).toEqual(all.map(({ key }) => key).sort());
        for (const one of all) {
          const outcome = outcomes.find(({ key }) => key === one.key);
          expect(outcome?.kind).toBe(isBad(one) ? 'refused' : 'saved');
          if (outcome?.kind === 'refused') expect(outcome.reason).toBe('Name taken');
        }
      },
    ),
  );
});

describe('what nobody knows', () => {
  test('a write without an answer is unknown, and so is what was not sent after it', async () => {
    let calls = 0;
    const outcomes = await sendInBatches(writes(3), {
      size: 1,
      send: async ([one]) => {
        calls += 1;
        if (calls === 2) throw fails({ cause: 'silent', mayHaveArrived: true });
        return one ? [saved(one, 1)] : [];
      },
    });
    expect(kinds(outcomes)).toEqual(['k0 saved', 'k1 unknown', 'k2 unknown']);
    expect(calls).toBe(2);
    expect(outcomes[2]).toMatchObject({ reason: 'not sent: Not so', exchangeId: null });
  });

  test('a write that the answer does not mention is unknown', async () => {
    const outcomes = await sendInBatches(writes(2), {
      size: 9,
      send: async ([one]) => (one ? [refused(one, 'No', 3)] : []),
    });
    expect(kinds(outcomes)).toEqual(['k0 refused', 'k1 unknown']);
  });

  test('nothing sent at all is an error, not an outcome', async () => {
    const error = fails({ cause: 'busy' }, 429);
    await expect(sendInBatches(writes(2), { size: 1, send: () => Promise.reject(error) })).rejects.toBe(
      error,
    );
  });
});

test('a refusal that is not about the data is not sent over and over', async () => {
  let calls = 0;
  const outcomes = await sendInBatches(writes(50), {
    size: 100,
    send: async () => {
      calls += 1;
      throw fails({}, 404);
    },
  });
  expect(calls).toBe(1);
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['refused']));
});

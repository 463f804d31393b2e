import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import { originOf, readWords } from '#src/slack/facts/why.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 1, minute));
const abn = customer.fields.find(({ name }) => name === 'abn') ?? expect.fail('no ABN');
const seen = (connection: string, minute: number, value: string, origin: 'observed' | 'read_back') => ({
  connection,
  at: at(minute),
  vendorAt: null,
  origin,
  seen: { state: 'value' as const, value },
});

describe('what is asked about', () => {
  test.each([
    ['"Harbour Cafe" email', 'Harbour Cafe', 'email'],
    ['Harbour Cafe billing address', 'Harbour Cafe', 'billing_address'],
    ['Harbour Cafe billing_address', 'Harbour Cafe', 'billing_address'],
    ['tr-7F3K92QDXB ABN', 'tr-7F3K92QDXB', 'abn'],
    ['Harbour Cafe', 'Harbour Cafe', null],
    ['email', 'email', null],
    ['', '', null],
  ])('%s', (typed, record, field) => {
    const read = readWords(typed, [customer]);
    expect([read.record, read.field?.name ?? null]).toEqual([record, field]);
  });

  test('is any record with any field, by its name or its label', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9&.-]{1,12}$/);
    const names = customer.fields.flatMap(({ name, label }) => [name, label]);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...names),
        (words, name) => {
          const read = readWords(`${words.join(' ')} ${name}`, [customer]);
          expect(read.field).not.toBeNull();
          expect(words.join(' ').startsWith(read.record)).toBe(true);
        },
      ),
    );
  });
});

describe('where the agreed value came from', () => {
  const settled = { at: at(9), value: '53004085616', by: 'rule:review', changeId: null, agreementVersion: 1 };

  test('is where it was seen before it was agreed, not where Truce wrote it', () => {
    const history = {
      now: {},
      settlements: [settled],
      agreed: settled,
      sightings: [
        seen('xero', 1, '41952957336', 'observed'),
        seen('hubspot', 5, '53 004 085 616', 'observed'),
        seen('xero', 6, '53004085616', 'read_back'),
        seen('cin7-core', 12, '53004085616', 'observed'),
      ],
    };
    expect(originOf(abn, history)?.connection).toBe('hubspot');
  });

  test('is nowhere for a value that a person typed, or that was never agreed', () => {
    const sightings = [seen('xero', 1, '41952957336', 'observed')];
    expect(originOf(abn, { now: {}, settlements: [settled], agreed: settled, sightings })).toBeNull();
    expect(originOf(abn, { now: {}, settlements: [], agreed: undefined, sightings })).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference, referenceOf } from '#src/ledger/correlation-id.ts';

describe('a reference', () => {
  it('is tr- and ten Crockford characters', () => {
    expect(referenceOf(1)).toMatch(/^tr-[0-9A-HJKMNP-TV-Z]{10}$/);
  });

  it('never comes twice, however many are given', () => {
    const given = new Set(Array.from({ length: 20_000 }, (_, n) => referenceOf(n + 1)));
    expect(given.size).toBe(20_000);
  });

  it('differs for any two numbers', () => {
    const number = fc.integer({ min: 1, max: 2 ** 50 - 1 });
    fc.assert(fc.property(number, number, (a, b) => a === b || referenceOf(a) !== referenceOf(b)));
  });

  it('is understood as people type and paste it', () => {
    const written = [
      'tr-7F3K92QDXB',
      'TR-7f3k92qdxb',
      '7f3k92qdxb',
      '`tr-7F3K92QDXB`',
      '“tr–7F3K92QDXB”.',
      ' tr—7F3K92QDXB ',
      'tr 7F3K92QDXB',
      '*tr-7F3K92QDXB*',
    ];
    for (const text of written) expect(parseReference(text), text).toBe('tr-7F3K92QDXB');
    expect(parseReference('tr-OIL1234567')).toBe('tr-0111234567');
  });

  it('is refused when it is none', () => {
    for (const text of ['', 'tr-', 'tr-123', 'customers', 'tr-7F3K92QDXBX', 'tr-7F3K92QDU!'])
      expect(parseReference(text), text).toBeNull();
  });

  it('survives being written in lower case without its dash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 - 1 }), (n) => {
        expect(parseReference(referenceOf(n).toLowerCase().replace('-', ''))).toBe(referenceOf(n));
      }),
    );
  });
});

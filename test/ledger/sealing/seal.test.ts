import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CannotOpen, createSeal } from '#src/ledger/sealing/seal.ts';

const [key, other] = [randomBytes(32), randomBytes(32)];
const seal = createSeal([key]);
const whyNot = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error instanceof CannotOpen ? error.why : error;
  }
};

describe('a sealed text', () => {
  test('opens to what it was, whatever it was, for what it is about', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
        const sealed = seal.close(text, about);
        expect(sealed).toMatch(/^v1(\.[\w-]*){4}$/);
        expect(seal.open(sealed, about)).toBe(text);
        expect(whyNot(() => seal.open(sealed, `${about}.`))).toBe('changed');
      }),
    );
  });

  test('is never twice the same', () => {
    expect(new Set(Array.from({ length: 200 }, () => seal.close('token', 'xero'))).size).toBe(200);
  });

  test('with any one character changed, left out or added does not open', () => {
    const sealed = seal.close('{"accessToken":"a"}', 'xero');
    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'z', '.', '-', ''),
        fc.boolean(),
        (at, put, added) => {
          const changed = sealed.slice(0, at) + put + sealed.slice(added ? at : at + 1);
          // Base64url has idle bits at a text's end: what decodes to the same bytes is the same.
          const bytes = (text: string) =>
            text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
          fc.pre(
            JSON.stringify(bytes(changed).slice(2)) !== JSON.stringify(bytes(sealed).slice(2)) ||
              changed.split('.').length !== 5,
          );
          expect(whyNot(() => seal.open(changed, 'xero'))).toMatch(/^(changed|no_key)$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('with a shortened tag does not open', () => {
    const [form, id, nonce, tag, text] = seal.close('x', 'xero').split('.');
    const short = Buffer.from(tag ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url');
    expect(whyNot(() => seal.open([form, id, nonce, short, text].join('.'), 'xero'))).toBe('changed');
  });

  test('says apart that the key is missing', () => {
    const sealed = createSeal([other]).close('x', 'xero');
    expect(whyNot(() => seal.open(sealed, 'xero'))).toBe('no_key');
    expect(whyNot(() => createSeal([]).open(sealed, 'xero'))).toBe('no_key');
    expect(() => createSeal([]).close('x', 'xero')).toThrow('TRUCE_SECRET_KEY is not set');
  });

  test('of an old key opens, and is known to be of an old key', () => {
    const old = createSeal([other]).close('x', 'xero');
    const both = createSeal([key, other]);
    expect(both.open(old, 'xero')).toBe('x');
    expect(both.isCurrent(old)).toBe(false);
    expect(both.isCurrent(both.close('x', 'xero'))).toBe(true);
  });

  test('holds nothing of the key, nor of the text', () => {
    const sealed = seal.close('a-long-access-token', 'xero');
    const inside = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(inside.join()).not.toContain('a-long-access-token');
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').length).toBe(6);
    for (let at = 0; at + 6 <= key.length; at++)
      expect(sealed.split('.')[1]).not.toBe(key.subarray(at, at + 6).toString('base64url'));
  });
});

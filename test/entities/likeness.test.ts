import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAbn, nearAbns } from '#src/entities/abn.ts';
import { customerSigns } from '#src/entities/likeness.ts';
import { abnOfAcn, inventAcn } from '#src/playground/data/business-numbers.ts';
import { seededRandom } from '#src/playground/data/random.ts';

const sign = (name: string) => {
  const found = customerSigns.find((one) => one.name === name);
  if (!found) throw new Error(`no sign ${name}`);
  return found;
};

describe('ABNs that another text may have been meant for', () => {
  const random = seededRandom(11);
  const abns = Array.from({ length: 40 }, () => abnOfAcn(inventAcn(random)));

  it('are found behind one slip: a wrong digit, one too few or too many, two that changed places', () => {
    fc.assert(
      fc.property(fc.constantFrom(...abns), fc.nat(10), fc.nat(9), fc.nat(3), (abn, at, digit, how) => {
        const around = (width: number, put: string) => abn.slice(0, at) + put + abn.slice(at + width);
        const slips = [
          around(1, String(digit)),
          around(1, ''),
          around(0, String(digit)),
          around(2, [...abn.slice(at, at + 2)].reverse().join('')),
        ];
        const typed = slips[how] ?? '';
        if (!checkAbn(typed).ok) expect(nearAbns(typed)).toContain(abn);
      }),
      { numRuns: 400 },
    );
  });

  it('are few, valid, and that of the company where its number was typed instead', () => {
    for (const abn of abns) {
      expect(nearAbns(abn.slice(2))).toContain(abn);
      for (const one of nearAbns(abn.slice(2))) expect(checkAbn(one).ok).toBe(true);
      expect(nearAbns(abn.slice(0, -1)).length).toBeLessThan(12);
    }
    expect(nearAbns('51 824 753 556')).toEqual([]);
    expect(nearAbns('none')).toEqual([]);
    expect(nearAbns('10000000000')).toEqual([]);
  });
});

describe('what speaks for two customers being one', () => {
  it('a name without its legal form, and one with a slip in it or a word more', () => {
    const { key, alike } = sign('name');
    expect(key('Bellbird Timber Pty. Ltd.', 'legal_name')).toBe(key('THE BELLBIRD TIMBER', 'trading_name'));
    expect(alike?.('KOOKABURRA BEND', 'KOOKABURA BEND')).toBe(true);
    expect(alike?.('KOOKABURRA BEND', 'KOOKABURRA BEND ELECTRICAL')).toBe(true);
    expect(alike?.('WREN', 'WREN INTERIORS')).toBe(false);
    expect(alike?.('GALAH GLASS', 'QUOLL GLASS')).toBe(false);
  });

  it('an address of the same domain, unless anybody may have one there', () => {
    const { key, alike } = sign('email');
    expect(key('Accounts@Wren.example', 'email')).toBe(key('mailto:accounts@wren.example', 'email'));
    expect(key('see website', 'email')).toBeNull();
    expect(alike?.('a@wren.example', 'b@wren.example')).toBe(true);
    for (const everybodys of ['gmail.com', 'bigpond.com', 'outlook.com.au'])
      expect(alike?.(`a@${everybodys}`, `b@${everybodys}`)).toBe(false);
  });

  it('a company’s number, its own or the one inside its ABN, and a whole address', () => {
    const { key } = sign('acn');
    expect(key('ACN 004 085 616', 'acn')).toBe(key('53 004 085 616', 'abn'));
    expect(key('30 613 501 612', 'abn')).toBeNull();
    expect(key('123', 'acn')).toBeNull();
    const address = sign('address');
    expect(address.key({ city: 'Bega', state: 'NSW' }, 'billing_address')).toBeNull();
    expect(address.key({ line1: '14 Sawmill Rd', city: 'Bega' }, 'billing_address')).not.toBeNull();
  });
});

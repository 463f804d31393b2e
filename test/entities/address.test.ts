import { describe, expect, test } from 'vitest';
import { billingAddress } from '#src/entities/address.ts';
import type { FieldValue } from '#src/entities/field.ts';

const office = {
  line1: '8 Example Rd',
  line2: null,
  city: 'Sydney',
  state: 'NSW',
  postcode: '2000',
  country: 'Australia',
};
const at = (parts: Partial<Record<keyof typeof office, string | number | null>>): FieldValue => ({
  ...office,
  ...parts,
});
const normal = billingAddress.normal;
const warning = (value: FieldValue) => billingAddress.warning?.(value, {});

describe('an address', () => {
  test.each([
    ['case and spaces', at({ line1: '8  EXAMPLE rd', city: 'SYDNEY ' })],
    ['street types written out', at({ line1: '8 Example Road' })],
    ['punctuation', at({ line1: '8, Example Rd.' })],
    ['the state’s name', at({ state: 'New South Wales' })],
    ['dots in the state', at({ state: 'N.S.W.' })],
    ['the country’s code', at({ country: 'AU' })],
    ['no country', at({ country: null })],
    ['a postcode that is a number', at({ postcode: 2000 })],
    ['the line that a word is on', at({ line1: '8 Example', line2: 'Rd' })],
  ])('is the same whatever its %s', (_, other) => {
    expect(normal(other)).toBe(normal(office));
  });

  test.each([
    ['number', at({ line1: '9 Example Rd' })],
    ['street type', at({ line1: '8 Example St' })],
    ['unit', at({ line1: '2/8 Example Rd' })],
    ['suburb', at({ city: 'Haymarket' })],
    ['state', at({ state: 'VIC' })],
    ['postcode', at({ postcode: '2001' })],
    ['missing postcode', at({ postcode: null })],
    ['country', at({ country: 'New Zealand' })],
  ])('is another one with another %s', (_, other) => {
    expect(normal(other)).not.toBe(normal(office));
  });

  test('keeps a slash and a dash between numbers, and reads units and boxes in their spellings', () => {
    expect(normal(at({ line1: '3/8 Example Rd' }))).not.toBe(normal(at({ line1: '38 Example Rd' })));
    expect(normal(at({ line1: '3 / 8 Example Rd' }))).toBe(normal(at({ line1: '3/8 Example Rd' })));
    expect(normal(at({ line1: '12-14 Example Rd' }))).not.toBe(normal(at({ line1: '1214 Example Rd' })));
    expect(normal(at({ line1: '12 – 14 Example Rd' }))).toBe(normal(at({ line1: '12-14 Example Rd' })));
    expect(normal(at({ line1: 'U3, 8 Example Rd' }))).toBe(
      normal(at({ line1: 'Unit 3', line2: '8 Example Rd' })),
    );
    expect(normal(at({ line1: 'P.O. Box 12' }))).toBe(normal(at({ line1: 'PO BOX 12' })));
    expect(normal(at({ city: 'Saint Kilda' }))).toBe(normal(at({ city: 'ST KILDA' })));
    expect(normal(at({ line1: '1 St Kilda Rd' }))).not.toBe(normal(at({ line1: '1 Saint Kilda Rd' })));
  });

  test('gets the zero back that a spreadsheet took from Darwin', () => {
    const darwin = {
      line1: '1 Mitchell St',
      line2: null,
      city: 'Darwin',
      state: 'NT',
      postcode: '0800',
      country: null,
    };
    expect(normal({ ...darwin, postcode: '800' })).toBe(normal(darwin));
    expect(billingAddress.show({ ...darwin, postcode: 800 })).toBe('1 Mitchell St, Darwin NT 0800');
    expect(billingAddress.problem({ ...darwin, postcode: '800' })).toBeNull();
  });

  test('is shown in one line, with its country only abroad', () => {
    expect(billingAddress.show(office)).toBe('8 Example Rd, Sydney NSW 2000');
    expect(billingAddress.show(at({ line2: 'Level 2', state: 'New South Wales' }))).toBe(
      '8 Example Rd, Level 2, Sydney NSW 2000',
    );
    expect(
      billingAddress.show({
        line1: '1 Queen St',
        city: 'Auckland',
        postcode: '1010',
        country: 'New Zealand',
      }),
    ).toBe('1 Queen St, Auckland 1010, New Zealand');
  });

  test('of nothing, or with a postcode that is not four digits, is unfit to be saved', () => {
    expect(billingAddress.problem(at({ postcode: '20000' }))).toBe('The postcode 20000 is not four digits.');
    expect(billingAddress.problem(at({ postcode: '300' }))).toBe('The postcode 300 is not four digits.');
    expect(billingAddress.problem({ line1: null, line2: ' ' })).toBe('The address is empty.');
    expect(
      billingAddress.problem({ line1: '10 Downing St', city: 'London', postcode: 'SW1A 2AA', country: 'UK' }),
    ).toBeNull();
  });

  test('with a postcode of another state is odd, never wrong', () => {
    const odd = at({ postcode: '3000' });
    expect(warning(odd)).toBe('The postcode 3000 is usually in VIC, the address says NSW.');
    expect(billingAddress.problem(odd)).toBeNull();
    expect(warning(office)).toBeNull();
    expect(warning(at({ postcode: '2611' }))).toBeNull();
    expect(warning(at({ state: 'ACT', postcode: '2620' }))).toBeNull();
    expect(warning(at({ postcode: '0100' }))).toBe('The postcode 0100 is not in use, the address says NSW.');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billingAddress, deliveryAddress } from '#src/entities/address.ts';
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
    expect(normal({ ...darwin, postcode: '800.0' })).toBe(normal(darwin));
    expect(normal({ ...darwin, postcode: "'0800" })).toBe(normal(darwin));
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

  // Australia Post's ranges; post office boxes and large volume receivers have their own in each state.
  test.each([
    ['NSW', ['1000', '1999', '2000', '2599', '2619', '2899', '2921', '2999']],
    ['ACT', ['0200', '0299', '2600', '2618', '2900', '2920']],
    ['VIC', ['3000', '3999', '8000', '8999']],
    ['QLD', ['4000', '4999', '9000', '9999']],
    ['SA', ['5000', '5799', '5800', '5999']],
    ['WA', ['6000', '6797', '6798', '6799', '6800', '6999']],
    ['TAS', ['7000', '7151', '7799', '7800', '7999']],
    ['NT', ['0800', '0899', '0900', '0999', '800', '909']],
  ])('in %s may have any postcode from there', (state, postcodes) => {
    for (const postcode of postcodes) expect(warning(at({ state, postcode }))).toBeNull();
    const own = at({ state: state === 'WA' ? 'TAS' : 'WA', postcode: postcodes[0] ?? '' });
    expect(warning(own)).toContain(`usually in ${state}, the address says`);
  });

  test.each([
    ['SA', '0872'],
    ['WA', '0872'],
    ['NSW', '2611'],
    ['NSW', '2618'],
    ['ACT', '2620'],
    ['NSW', '3500'],
    ['NSW', '3585'],
    ['NSW', '3586'],
    ['NSW', '3644'],
    ['NSW', '3691'],
    ['NSW', '3707'],
    ['NSW', '4375'],
    ['NSW', '4385'],
  ])('in %s near the border may have the neighbour’s %s', (state, postcode) => {
    expect(warning(at({ state, postcode }))).toBeNull();
  });

  test('with any four digits in any state is fit to be saved, however odd', () => {
    const states = fc.constantFrom('NSW', 'Vic.', 'Queensland', 'S.A.', 'wa', 'Tasmania', 'ACT', 'N T');
    fc.assert(
      fc.property(states, fc.stringMatching(/^\d{4}$/), (state, postcode) => {
        const address = at({ state, postcode });
        expect(billingAddress.problem(address)).toBeNull();
        expect(warning(address) ?? '').not.toContain('undefined');
        expect(normal(at({ state, postcode: Number(postcode) })) === normal(address)).toBe(
          !/^0[0134567]|^00/.test(postcode),
        );
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['NSW', ['New South Wales', 'N.S.W.', 'nsw', 'N S W', 'Nsw.']],
    ['VIC', ['Victoria', 'Vic.', 'V.I.C.']],
    ['QLD', ['Queensland', 'Qld.']],
    ['SA', ['South Australia', 'S.A.', 's a']],
    ['WA', ['WESTERN AUSTRALIA', 'W.A.']],
    ['TAS', ['Tasmania', 'Tas.']],
    ['ACT', ['Australian Capital Territory', 'A.C.T.']],
    ['NT', ['Northern Territory', 'N.T.']],
  ])('knows %s in its spellings', (code, spellings) => {
    for (const state of spellings) {
      expect(normal(at({ state }))).toBe(normal(at({ state: code })));
      expect(billingAddress.show(at({ state }))).toContain(` ${code} `);
    }
  });
});

test('a delivery address is compared, shown and checked as a billing address is', () => {
  expect(deliveryAddress).toMatchObject({
    name: 'delivery_address',
    label: 'Delivery address',
    class: 'open',
  });
  expect(deliveryAddress.normal(office)).toBe(normal(office));
  expect(deliveryAddress.show(office)).toBe('8 Example Rd, Sydney NSW 2000');
  expect(deliveryAddress.problem(at({ postcode: '20000' }))).toBe('The postcode 20000 is not four digits.');
});

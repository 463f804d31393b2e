import { describe, expect, it } from 'vitest';
import { partsOf } from '#src/slack/messages/other-modal.ts';

describe('the parts of a value that a person types', () => {
  it('stand in the order of a written address, whatever order the database gave them', () => {
    const stored = {
      city: 'Bega',
      line1: '31 Gipps St',
      line2: '',
      state: 'NSW',
      country: 'AU',
      postcode: '2550',
    };
    expect(partsOf([stored]).map(({ name }) => name)).toEqual([
      'line1',
      'line2',
      'city',
      'state',
      'postcode',
      'country',
    ]);
  });

  it('keep their own order where nobody writes them as an address', () => {
    expect(partsOf([{ days: 30, from: 'invoice_date' }]).map(({ name, kind }) => [name, kind])).toEqual([
      ['days', 'number'],
      ['from', 'choice'],
    ]);
  });
});

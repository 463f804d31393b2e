import { expect, test } from 'vitest';
import { withoutNames } from '#src/ledger/sealing/named-records.ts';

const jane = { id: '3f1c0b7e-6b0e-4c8e-9a51-0d6f1c2b3a4d', title: 'Jane (Café) $& Smith' };
const short = { id: '6b0e4c8e-0000-4000-8000-000000000000', title: '3f' };

test('names of other records are left out of what is kept, by their ids, whatever they hold', () => {
  const data = {
    reason: 'merged',
    detail: `it may be “${jane.title}”; its customer: ${short.title} is not there`,
  };
  expect(withoutNames(data, [short, jane])).toEqual({
    reason: 'merged',
    detail: `it may be “{${jane.id}}”; its customer: {${short.id}} is not there`,
    others: [jane.id, short.id],
  });
  expect(withoutNames({ reason: `it is one with “${jane.title}”` }, [jane])).toEqual({
    reason: `it is one with “{${jane.id}}”`,
    others: [jane.id],
  });
});

test('a word of ours is no name, and nothing is done where nobody is named', () => {
  expect(withoutNames({ reason: 'not_linked' }, [{ id: 'x', title: 'not' }])).toMatchObject({
    reason: 'not_linked',
  });
  expect(withoutNames({ reason: 'no_key' }, [])).toEqual({ reason: 'no_key' });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation, ReadItem } from '#src/connectors/connector.ts';
import { decideMark } from '#src/sync/marking/decide-mark.ts';

const own = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const observation: Observation = {
  externalId: '7',
  role: 'customer',
  url: null,
  vendorAt: null,
  archived: false,
  marker: null,
  also: [],
  fields: {},
  editors: {},
  drift: [],
};
const read = (more: Partial<Observation> = {}): ReadItem => ({
  kind: 'read',
  observation: { ...observation, ...more },
  exchangeId: null,
});
const known = { recordId: own, tries: 0, ours: new Set([own, other]) };

describe('the place for our id in a record', () => {
  it('is written where it is empty, and where it holds our id of another record', () => {
    expect(decideMark(read(), known)).toEqual({ kind: 'send', instead: null });
    expect(decideMark(read({ marker: other }), known)).toEqual({ kind: 'send', instead: other });
  });

  it('that holds our id of this record is left in peace', () => {
    expect(decideMark(read({ marker: own }), { ...known, tries: 9 })).toEqual({ kind: 'there' });
  });

  it('that holds anything else is never written over', () => {
    expect(decideMark(read({ marker: 'ERP-0007' }), known)).toEqual({
      kind: 'leave',
      reason: 'an id that is not Truce’s is there',
    });
  });

  it('is left after three tries that did not stay', () => {
    expect(decideMark(read(), { ...known, tries: 2 }).kind).toBe('send');
    expect(decideMark(read(), { ...known, tries: 3 })).toEqual({
      kind: 'leave',
      reason: 'what Truce wrote there did not stay',
    });
  });

  it('of what is archived, locked, gone, merged or unreadable is not written', () => {
    const items: (ReadItem | undefined)[] = [
      undefined,
      read({ archived: true }),
      read({ locked: 'it is paid' }),
      { kind: 'gone', externalId: '7', exchangeId: null },
      { kind: 'merged', externalId: '7', into: '8', exchangeId: null },
      { kind: 'malformed', externalId: '7', reason: 'x', exchangeId: null },
    ];
    for (const item of items) expect(decideMark(item, known).kind).toBe('leave');
  });

  it('gives way only where it holds an id of ours, whatever else is so', () => {
    const worlds = fc.record({
      marker: fc.option(fc.oneof(fc.constantFrom(own, other), fc.string())),
      archived: fc.boolean(),
      tries: fc.nat(5),
    });
    fc.assert(
      fc.property(worlds, ({ marker, archived, tries }) => {
        const plan = decideMark(read({ marker, archived }), { ...known, tries });
        if (plan.kind !== 'send') return true;
        return plan.instead === marker && (marker === null || marker === other) && !archived && tries < 3;
      }),
    );
  });
});

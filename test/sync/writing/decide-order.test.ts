import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  barrierWords,
  decideOrder,
  missingNeeds,
  type Need,
  needsIn,
} from '#src/sync/writing/decide-order.ts';

const places = (...at: readonly (readonly [string, boolean])[]): NonNullable<Need['record']>['places'] =>
  new Map(at.map(([id, archived]) => [id, { externalId: `${id}-7`, archived }]));
const wren = (at: NonNullable<Need['record']>['places']): Need => ({
  entity: 'customer',
  connection: 'hubspot',
  externalId: '4711',
  record: { id: 'wren', title: 'Fairy Wren', places: at },
});
const unknown: Need = { entity: 'credit_note', connection: 'hubspot', externalId: '9', record: null };
const labels = (id: string) => ({ hubspot: 'HubSpot', xero: 'Xero' })[id] ?? id;
const words = { labels, timeZone: 'Australia/Sydney' };
const paid = { words: 'it is paid', since: new Date('2026-11-20T01:03:00Z') };
const base = { recordId: 'inv', target: 'xero', needs: [], locked: null };

describe('order', () => {
  it('lets go on what refers to nothing, to what is there, to itself, or only by the target’s own word', () => {
    expect(decideOrder(base)).toBeNull();
    expect(decideOrder({ ...base, needs: [wren(places(['hubspot', false], ['xero', false]))] })).toBeNull();
    expect(decideOrder({ ...base, recordId: 'wren', needs: [wren(places(['hubspot', false]))] })).toBeNull();
    expect(decideOrder({ ...base, needs: [{ ...unknown, connection: 'xero' }] })).toBeNull();
  });

  it('has it wait for what is missing, archived, or not known, and says which', () => {
    const said = (need: Need) => {
      const barrier = decideOrder({ ...base, needs: [need] });
      return barrier && barrierWords('xero', barrier, words);
    };
    expect(said(wren(places(['hubspot', false])))).toBe('its customer: Fairy Wren is not in Xero yet');
    expect(said(wren(places(['xero', true])))).toBe('its customer: Fairy Wren is archived in Xero');
    expect(said(unknown)).toBe('its credit note: HubSpot’s 9 is not known yet');
  });

  it('names each missing record once, and all of them', () => {
    const twice = [wren(places()), { ...wren(places()), externalId: '4712' }, unknown];
    expect(missingNeeds({ ...base, needs: twice })).toHaveLength(2);
    const barrier = decideOrder({ ...base, needs: twice });
    expect(barrier && barrierWords('xero', barrier, words)).toBe(
      'its customer: Fairy Wren is not in Xero yet; its credit note: HubSpot’s 9 is not known yet',
    );
  });

  it('has a lock come first, with which lock and since when', () => {
    const barrier = decideOrder({ ...base, needs: [unknown], locked: paid });
    expect(barrier).toEqual({ kind: 'locked', ...paid });
    expect(barrier && barrierWords('xero', barrier, words)).toBe(
      'Xero: it is paid, seen since 20 November 2026 at 12:03 pm',
    );
  });

  it('gives the ids where it goes, of what is in use there', () => {
    const needs = [wren(places(['xero', false])), wren(places(['xero', false])), unknown];
    expect(needsIn(needs, 'xero')).toEqual([{ entity: 'customer', externalId: 'xero-7' }]);
    expect(needsIn([wren(places(['xero', true]))], 'xero')).toEqual([]);
  });

  it('never lets anything go out before all that it refers to is in use there (property)', () => {
    const place = fc.constantFrom('hubspot', 'xero', 'cin7-core');
    const need = fc.record({
      entity: fc.constantFrom('customer', 'product'),
      connection: place,
      externalId: fc.string(),
      record: fc.option(
        fc.record({
          id: fc.constantFrom('a', 'b', 'inv'),
          title: fc.string(),
          places: fc
            .array(fc.tuple(place, fc.boolean()))
            .map((all) => new Map(all.map(([id, archived]) => [id, { externalId: id, archived }]))),
        }),
      ),
    });
    fc.assert(
      fc.property(fc.array(need), place, fc.boolean(), (needs, target, isLocked) => {
        const barrier = decideOrder({ recordId: 'inv', target, needs, locked: isLocked ? paid : null });
        const isThere = (one: Need) =>
          one.connection === target ||
          one.record?.id === 'inv' ||
          one.record?.places.get(target)?.archived === false;
        expect(barrier === null).toBe(!isLocked && needs.every(isThere));
      }),
    );
  });
});

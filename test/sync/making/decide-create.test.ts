import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '#src/entities/field.ts';
import { type CreateInput, decideCreate } from '#src/sync/making/decide-create.ts';

const usual: CreateInput = {
  target: 'cin7-core',
  from: ['hubspot', 'xero'],
  links: [{ connection: 'hubspot', archived: false }],
  key: '48910000065',
  matchBy: 'abn',
  change: null,
  isRead: true,
  isListed: true,
  firstLoadApproved: true,
  values: new Map<string, FieldValue | null>([
    ['legal_name', 'Fairy Wren Interiors Pty Ltd'],
    ['abn', '48910000065'],
    ['email', 'hello@wren.example'],
    ['phone', null],
    ['acn', '910000065'],
    ['status', 'active'],
  ]),
  asked: new Set(),
  names: ['legal_name', 'trading_name'],
  supports: (field) => field !== 'acn' && field !== 'trading_name',
  project: (_, value) => (typeof value === 'string' ? value.slice(0, 20) : value),
  namesakes: new Map(),
  apart: new Set(),
  perhaps: [],
  isRefused: false,
};
const step = (more: Partial<CreateInput> = {}) => decideCreate({ ...usual, ...more });
const nothing = { kind: 'nothing' };

describe('whether a missing record is made', () => {
  it('makes it with what is agreed, as the system can hold it, without blanks', () => {
    expect(step()).toEqual({
      kind: 'make',
      fields: {
        legal_name: 'Fairy Wren Interiors',
        abn: '48910000065',
        email: 'hello@wren.example',
        status: 'active',
      },
    });
  });

  it('goes by its legal name where nobody gave it one to trade under', () => {
    const supports = (field: string) => field !== 'acn';
    expect(step({ supports })).toMatchObject({ fields: { trading_name: 'Fairy Wren Interiors' } });
    const traded = new Map([...usual.values, ['trading_name', 'Wren']] as const);
    expect(step({ supports, values: traded })).toMatchObject({ fields: { trading_name: 'Wren' } });
    expect(step({ supports, asked: new Set(['trading_name']) })).not.toHaveProperty('fields.trading_name');
  });

  it('makes none while a person is being asked whether it is in use at all', () => {
    expect(step({ asked: new Set(['status']) })).toEqual(nothing);
  });

  it('makes none where it is already, be it archived, nor from one that is archived', () => {
    const there = (archived: boolean) => [...usual.links, { connection: 'cin7-core', archived }];
    expect(step({ links: there(false) })).toEqual(nothing);
    expect(step({ links: there(true) })).toEqual(nothing);
    expect(step({ links: [{ connection: 'hubspot', archived: true }] })).toEqual(nothing);
    expect(step({ links: [{ connection: 'shop', archived: false }] })).toEqual(nothing);
    expect(step({ values: new Map([...usual.values, ['status', 'archived']]) })).toEqual(nothing);
  });

  it('makes none while it is not sure who it is', () => {
    expect(step({ key: null })).toEqual(nothing);
    expect(step({ asked: new Set(['abn']) })).toEqual(nothing);
    for (const hold of ['malformed', 'merged', 'mark_contradicts', 'duplicate_key'] as const)
      expect(step({ change: { state: 'held', hold } })).toEqual(nothing);
    expect(step({ change: { state: 'failed', hold: null } })).toEqual(nothing);
    expect(step({ change: { state: 'asking', hold: null } })).toMatchObject({ kind: 'make' });
  });

  it('makes none in a system that was not read, or whose list does not reach so far', () => {
    expect(step({ isRead: false })).toEqual(nothing);
    expect(step({ isListed: false })).toEqual(nothing);
  });

  it('needs a name, and waits for the one that is being asked about', () => {
    const nameless = new Map([...usual.values, ['legal_name', null]]);
    expect(step({ values: nameless })).toEqual({ kind: 'wait', reason: 'not_linked' });
    expect(step({ asked: new Set(['legal_name']) })).toEqual(nothing);
  });

  it('waits beside another of that name, whichever way it is written', () => {
    const known = (hasKey: boolean, ...connections: string[]) => {
      const namesake = { recordId: 'old', title: 'Fairy Wren (old)', hasKey, connections };
      return { namesake, namesakes: new Map([['FAIRY WREN INTERIORS', [namesake]]]) };
    };
    const { namesake, namesakes } = known(false, 'cin7-core');
    expect(step({ namesakes })).toEqual({ kind: 'wait', reason: 'name_taken', namesake });
    // Another number: the same customer with a wrong one, unless a system has both.
    expect(step({ namesakes: known(true, 'cin7-core', 'xero').namesakes })).toMatchObject({ kind: 'wait' });
    expect(step({ namesakes: known(true, 'cin7-core', 'hubspot').namesakes })).toMatchObject({
      kind: 'make',
    });
    expect(step({ isRefused: true })).toEqual(nothing);
    // A person said that they are two.
    expect(step({ namesakes, apart: new Set(['old']) })).toMatchObject({ kind: 'make' });
  });

  it('waits where a person is asked whether it is one that the system has', () => {
    const perhaps = (connection: string) => [
      { recordId: 'w', title: 'Wren', connections: new Set([connection]) },
    ];
    const waits = { kind: 'wait', reason: 'maybe_same', recordId: 'w', title: 'Wren' };
    expect(step({ perhaps: perhaps('cin7-core') })).toEqual(waits);
    expect(step({ perhaps: perhaps('hubspot') })).toMatchObject({ kind: 'make' });
  });

  it('waits for the approval of the first load, once it would be made', () => {
    expect(step({ firstLoadApproved: false })).toEqual({ kind: 'wait', reason: 'first_load' });
    expect(step({ firstLoadApproved: false, isListed: false })).toEqual({
      kind: 'wait',
      reason: 'first_load',
    });
    expect(step({ firstLoadApproved: false, key: null })).toEqual(nothing);
  });

  it('sends, whatever it is given, no blank, nothing asked about, nothing that the system cannot hold, and always a name', () => {
    const field = fc.constantFrom('legal_name', 'trading_name', 'email', 'phone', 'acn', 'abn', 'status');
    const value = fc.option(fc.constantFrom<FieldValue>('active', 'archived', 'Fairy Wren', '48910000065'));
    const input = fc.record({
      values: fc.array(fc.tuple(field, value)).map((pairs) => new Map(pairs)),
      asked: fc.array(field).map((names) => new Set(names)),
      links: fc.array(
        fc.record({ connection: fc.constantFrom('hubspot', 'xero', 'cin7-core'), archived: fc.boolean() }),
      ),
      key: fc.option(fc.constant('48910000065')),
      isRead: fc.boolean(),
      isListed: fc.boolean(),
      firstLoadApproved: fc.boolean(),
      isRefused: fc.boolean(),
    });
    fc.assert(
      fc.property(input, (more) => {
        const taken = step(more);
        const asked: ReadonlySet<string> = more.asked;
        if (taken.kind !== 'make') return;
        expect(more).toMatchObject({
          isRead: true,
          isListed: true,
          firstLoadApproved: true,
          isRefused: false,
        });
        expect(more.key).not.toBeNull();
        expect(more.links.some(({ connection }) => connection === 'cin7-core')).toBe(false);
        expect(more.links.some(({ connection, archived }) => connection !== 'cin7-core' && !archived)).toBe(
          true,
        );
        expect(Object.values(taken.fields)).not.toContain(null);
        expect(Object.keys(taken.fields).filter((name) => asked.has(name) || name === 'acn')).toEqual([]);
        expect(taken.fields).toHaveProperty('legal_name');
      }),
    );
  });
});

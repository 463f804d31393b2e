import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mergeShapes,
  newIn,
  nothingSeen,
  type ShapeSample,
  shapeChanges,
  shapeOf,
} from '#src/connectors/http/shape.ts';
import { createShapeWatch, type KnownShape, type ShapeStore } from '#src/connectors/http/shape-watch.ts';
import { clockAtNoon, noon } from '../kit.ts';

const times = <T>(n: number, make: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
const answer = (contacts: readonly unknown[]) => ({ Contacts: contacts });
const contact = (at: number, more: object = {}) => ({
  ContactID: `id-${at}`,
  Name: `Company ${at}`,
  TaxNumber: '51824753556',
  Addresses: [{ City: 'Sydney' }],
  ...more,
});
const learned = (...answers: readonly unknown[]): ShapeSample =>
  answers.map(shapeOf).reduce((known, one) => mergeShapes(known, one, new Set()), nothingSeen);

describe('the shape of an answer', () => {
  test('is its paths and their types, whatever the values and however many there are', () => {
    const { shape } = shapeOf(answer([contact(1), contact(2, { TaxNumber: null, Phones: [] })]));
    expect(shape).toEqual({
      '': ['object'],
      Contacts: ['array'],
      'Contacts[]': ['object'],
      'Contacts[].ContactID': ['string'],
      'Contacts[].Name': ['string'],
      'Contacts[].TaxNumber': ['null', 'string'],
      'Contacts[].Addresses': ['array'],
      'Contacts[].Addresses[]': ['object'],
      'Contacts[].Addresses[].City': ['string'],
      'Contacts[].Phones': ['absent', 'array'],
    });
    expect(shapeOf(answer(times(1_000, (at) => contact(at)))).shape).toEqual(
      shapeOf(answer([contact(9)])).shape,
    );
  });

  test('does not explode: keys that are ids or dates, and very many keys, are one', () => {
    const byId = Object.fromEntries(times(500, (at) => [`${100_000 + at}`, { a: at }]));
    expect(Object.keys(shapeOf({ byId }).shape)).toEqual(['', 'byId', 'byId.*', 'byId.*.a']);
    const many = Object.fromEntries(times(5_000, (at) => [`key${at}`, at]));
    expect(Object.keys(shapeOf({ many }).shape)).toEqual(['', 'many', 'many.*']);
    const deep = times(300, (at) => ({ [`k${at}`]: { [`m${at}`]: { [`n${at}`]: at } } }));
    expect(Object.keys(shapeOf(deep).shape).length).toBeLessThanOrEqual(400);
  });

  test('of any answer differs in nothing from what was learned of it, and learning it twice adds nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (answers) => {
        const known = learned(...answers);
        for (const one of answers) {
          expect(shapeChanges(known, shapeOf(one))).toEqual([]);
          expect(newIn(known, shapeOf(one))).toEqual([]);
          expect(mergeShapes(known, shapeOf(one), new Set()).shape).toEqual(known.shape);
        }
      }),
    );
  });

  test('of answers in another order is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (answers) => {
        expect(learned(...answers.toReversed()).shape).toEqual(learned(...answers).shape);
      }),
    );
  });
});

/** A store in memory, as the ledger keeps it. */
function memoryShapes(): ShapeStore & { held: KnownShape | null; written: number; news: string[] } {
  const store: ReturnType<typeof memoryShapes> = {
    held: null,
    written: 0,
    news: [],
    update: async (_, step) => {
      store.written += 1;
      store.held = structuredClone(step(store.held));
      return store.held;
    },
    open: async () => store.held?.drifts ?? [],
    tellNew: (_, paths) => store.news.push(...paths),
  };
  return store;
}

describe('drift of an answer’s shape', () => {
  const open = async () => {
    const store = memoryShapes();
    const clock = clockAtNoon();
    const watch = createShapeWatch('xero', store, clock);
    const look = async (...contacts: readonly object[]) =>
      (await watch.look('read contacts', answer(contacts))).map(({ path, kind, was, is, since }) => ({
        path,
        kind,
        was,
        is,
        since,
      }));
    for (const at of times(60, (n) => n)) await look(contact(at));
    return { store, clock, watch, look };
  };
  const since = noon.toISOString();

  test('a key that all objects had is missed once ten in a row lack it, and is back with the first that has it', async () => {
    const { look, store } = await open();
    const { TaxNumber: _, ...bare } = contact(1);
    expect(await look(...times(9, () => bare))).toEqual([]);
    const gone = { path: 'Contacts[].TaxNumber', kind: 'gone', was: ['string'], is: [], since };
    expect(await look(bare)).toEqual([gone]);
    // Not learned as how it is: it stays missed.
    for (const _ of times(100, () => 0)) expect(await look(bare)).toEqual([gone]);
    expect(await look(contact(7))).toEqual([]);
    expect(store.held?.drifts).toEqual([]);
  });

  test('a key that is missing now and then is one that need not be there', async () => {
    const { look } = await open();
    const { TaxNumber: _, ...bare } = contact(1);
    await look(bare);
    await look(contact(2));
    for (const _ of times(30, () => 0)) expect(await look(bare)).toEqual([]);
  });

  test('a key that most objects had is missed where a whole page lacks it, and not where a few do', async () => {
    const { look } = await open();
    const { TaxNumber: _, ...bare } = contact(1);
    for (const at of times(30, (n) => n)) await look(contact(at), contact(at), bare);
    expect(await look(...times(12, () => bare))).toEqual([]);
    expect(await look(...times(25, () => bare))).toMatchObject([
      { path: 'Contacts[].TaxNumber', kind: 'gone' },
    ]);
  });

  test('another type is a drift once ten in a row have it; one odd record is not', async () => {
    const { look } = await open();
    const other = (at: number) => contact(at, { TaxNumber: 51824753556 });
    expect(await look(other(1))).toEqual([]);
    expect(await look(contact(2))).toEqual([]);
    expect(await look(...times(9, other))).toEqual([]);
    expect(await look(other(1))).toEqual([
      { path: 'Contacts[].TaxNumber', kind: 'type', was: ['string'], is: ['number'], since },
    ]);
    expect(await look(contact(3))).toEqual([]);
  });

  test('what is new is kept without a word to people, and told to the log once', async () => {
    const { look, store } = await open();
    expect(await look(contact(1, { Fresh: 'new' }))).toEqual([]);
    expect(await look(contact(1, { Fresh: 'new' }))).toEqual([]);
    expect(store.news).toEqual(['Contacts[].Fresh']);
  });

  test('answers like all before cost no look into the ledger', async () => {
    const { look, store, clock } = await open();
    const before = store.written;
    for (const at of times(500, (n) => n)) await look(contact(at));
    expect(store.written).toBe(before);
    clock.advance(5 * 60_000);
    await look(contact(1));
    expect(store.written).toBe(before + 1);
  });

  test('the same records in answers to another call are known to lack it as well, and are not where they have it', async () => {
    const { look, watch } = await open();
    const { TaxNumber: _, ...bare } = contact(1);
    await look(...times(12, () => bare));
    const other = (one: object) => watch.look('read one contact', answer([one]));
    expect(await other(bare)).toMatchObject([{ path: 'Contacts[].TaxNumber', kind: 'gone' }]);
    expect(await other(contact(1))).toEqual([]);
    expect(await watch.look('read tax rates', { TaxRates: [] })).toEqual([]);
  });

  test('another process takes over what is known, and sees what it lacks', async () => {
    const { store, clock, look } = await open();
    clock.advance(5 * 60_000);
    await look(contact(1));
    const other = createShapeWatch('xero', store, clock);
    const { TaxNumber: _, ...bare } = contact(1);
    const found = await other.look('read contacts', answer(times(12, () => bare)));
    expect(found).toMatchObject([{ path: 'Contacts[].TaxNumber', kind: 'gone' }]);
  });
});

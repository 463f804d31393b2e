import { describe, expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import type { Connector, ReadItem } from '#src/connectors/connector.ts';
import {
  call,
  clockAtNoon,
  memoryBudgets,
  memoryLog,
  memoryTokens,
  type Seen,
  terms,
  tinyVendor,
} from '../kit.ts';

type Json = Readonly<Record<string, unknown>>;

const product = (ID: string, more: Json = {}): Json => ({
  ...{ ID, SKU: `SKU-${ID}`, Name: ID, Type: 'Stock', Status: 'ACTIVE' },
  LastModifiedOn: '2026-11-19T05:06:07.123',
  ...more,
});
const row = (ID: string, OnHand: unknown, more: Json = {}): Json => ({
  ...{ ID, SKU: `SKU-${ID}`, Location: 'Melbourne', Bin: null, Batch: null, ExpiryDate: null },
  ...{ OnHand, Allocated: 0, Available: OnHand },
  ...more,
});
/** What only fills pages. */
const filler = (count: number, from = 0): Json[] =>
  Array.from({ length: count }, (_, n) => row('other', 1, { Bin: `B${from + n}` }));

interface Lists {
  readonly products: readonly Json[];
  /** The pages of rows, by the number of the reading and of the page. */
  rows(reading: number, page: number): { readonly Total: number; readonly rows: readonly Json[] } | 'down';
}

/** A Cin7 Core of two lists. */
async function stocked({ products, rows }: Lists) {
  let readings = 0;
  const answer = ({ url }: Seen) => {
    const { pathname, searchParams } = new URL(url, 'http://cin7');
    const page = Number(searchParams.get('Page'));
    const id = searchParams.get('ID');
    if (pathname === '/product') {
      const found = page > 1 ? [] : products.filter(({ ID }) => id === null || ID === id);
      return { json: { Total: found.length, Page: page, Products: found } };
    }
    if (page === 1) readings += 1;
    const listed = rows(readings, page);
    if (listed === 'down') return { status: 500, json: [{ ErrorCode: 500, Exception: 'Out of order' }] };
    const found = listed.rows.filter(({ ID }) => id === null || ID === id);
    return {
      json: { Total: id === null ? listed.Total : found.length, Page: page, ProductAvailabilityList: found },
    };
  };
  const vendor = await tinyVendor(answer);
  const connection = createCin7Core({
    terms: terms('cin7-core', { baseUrl: vendor.url, timeoutSeconds: 1 }),
    credential: () => 'secret',
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  const connector = connection.keeps.get('stock_level');
  if (!connector) throw new Error('Cin7 Core keeps no stock');
  return { connector, seen: vendor.seen };
}
const onePage = (...rows: Json[]) => ({ rows: () => ({ Total: rows.length, rows }) });

async function scanned(connector: Connector): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  for await (const page of connector.changed(null, new Date(0), call)) items.push(...page);
  return items;
}

/** "SKU-a 5 on hand, …", or what became of it; in the order of their ids. */
function told(items: readonly ReadItem[]): string[] {
  return items.map((item) => {
    if (item.kind !== 'read') return `${'externalId' in item ? item.externalId : ''} ${item.kind}`;
    const { externalId, fields, archived } = item.observation;
    const of = (field: string) => {
      const held = fields[field];
      return held?.state === 'value' ? String(held.value) : held?.state;
    };
    const numbers = ['on_hand', 'allocated', 'available'].map(of).join('/');
    return `${externalId} ${of('sku')} ${numbers}${archived ? ' archived' : ''}: ${of('locations')}`;
  });
}

describe('the stock of Cin7 Core', () => {
  test('is put together by product: places, bins and batches, exactly, below zero too', async () => {
    const { connector } = await stocked({
      products: [product('a'), product('b'), product('c')],
      ...onePage(
        row('a', 0.1, { Bin: 'A1', Allocated: 3, Available: -2.9 }),
        row('b', '12.50', { Allocated: '0.25', Available: 12.25 }),
        row('a', 0.2, { Bin: 'A2', Batch: 'X' }),
        row('a', 5, { Location: 'Bega' }),
      ),
    });
    expect(told(await scanned(connector))).toEqual([
      'a SKU-a 5.3/3/2.3: Bega: 5 on hand, 0 allocated, 5 available; Melbourne: 0.3 on hand, 3 allocated, -2.7 available',
      'b SKU-b 12.5/0.25/12.25: Melbourne: 12.5 on hand, 0.25 allocated, 12.25 available',
      'c SKU-c 0/0/0: blank',
    ]);
  });

  test('a product without a row is out of stock; a service has none, and what lies of a deprecated one counts', async () => {
    const { connector } = await stocked({
      products: [product('a'), product('b', { Type: 'Service' }), product('c', { Status: 'Deprecated' })],
      ...onePage(row('c', 2)),
    });
    expect(told(await scanned(connector))).toEqual([
      'a SKU-a 0/0/0: blank',
      'b SKU-b blank/blank/blank: blank',
      'c SKU-c 2/0/2: Melbourne: 2 on hand, 0 allocated, 2 available',
    ]);
  });

  test('rows of products that nobody listed are left for the next time; the SKU is the product’s', async () => {
    const { connector } = await stocked({
      products: [product('a', { SKU: 'NEW' })],
      ...onePage(row('a', 4, { SKU: 'OLD' }), row('just-made', 9)),
    });
    expect(told(await scanned(connector))).toEqual([
      'a NEW 4/0/4: Melbourne: 4 on hand, 0 allocated, 4 available',
    ]);
  });

  test.each([
    ['a number that is none', { OnHand: 'plenty' }, 'OnHand at Melbourne is not a number: "plenty"'],
    ['a number that is missing', { Available: null }, 'Available at Melbourne is not a number: null'],
    ['a row of another shape', { Location: 7 }, 'Location'],
  ])('%s spoils its product and no other', async (_, more, reason) => {
    const { connector } = await stocked({
      products: [product('a'), product('b')],
      ...onePage(row('a', 4), row('a', 5, { Bin: 'B', ...more }), row('b', 1)),
    });
    const [first, second] = await scanned(connector);
    expect(first).toMatchObject({
      kind: 'malformed',
      externalId: 'a',
      reason: expect.stringContaining(reason),
    });
    expect(second?.kind).toBe('read');
  });
});

describe('half a list of stock is none', () => {
  const full = filler(999);

  test.each<[string, Lists['rows'], string]>([
    [
      'fails on its second page',
      (_, page) => (page > 1 ? 'down' : { Total: 1500, rows: [row('a', 1), ...full] }),
      'has a problem of its own',
    ],
    [
      'breaks off before its end',
      (_, page) => ({ Total: 1500, rows: page > 1 ? [] : [row('a', 1), ...full] }),
      'broke off before its end: nothing was taken from it',
    ],
    [
      'has a row of nobody knows which product',
      () => ({ Total: 2, rows: [row('a', 1), { ...row('b', 1), ID: null }] }),
      'has rows without a product: nothing was taken from it',
    ],
    [
      'changes each time that it is read',
      (reading, page) => ({
        Total: 1001 - page + reading,
        rows: page > 1 ? [] : [row('a', 1), ...full],
      }),
      'changed 3 times while it was read: nothing was taken from it',
    ],
  ])('one that %s: no product is told, in or out of stock', async (_, rows, message) => {
    const { connector } = await stocked({ products: [product('a'), product('b')], rows });
    const items: ReadItem[] = [];
    const pull = async () => {
      for await (const page of connector.changed(null, new Date(0), call)) items.push(...page);
    };
    await expect(pull()).rejects.toMatchObject({
      connection: 'cin7-core',
      message: expect.stringContaining(message),
    });
    expect(items).toEqual([]);
  });

  test('one that moved while it was read is read again, and then believed', async () => {
    const { connector, seen } = await stocked({
      products: [product('a'), product('b')],
      rows: (reading, page) => {
        if (reading > 1) return { Total: 1, rows: page > 1 ? [] : [row('b', 3)] };
        // Somebody sold the last of something on the first page: the second begins one row later.
        return page > 1 ? { Total: 1000, rows: [] } : { Total: 1001, rows: [row('a', 1), ...full] };
      },
    });
    expect(told(await scanned(connector))).toEqual([
      'a SKU-a 0/0/0: blank',
      'b SKU-b 3/0/3: Melbourne: 3 on hand, 0 allocated, 3 available',
    ]);
    expect(seen.filter(({ url }) => url.startsWith('/ref/productavailability'))).toHaveLength(3);
  });

  test('a row that is on two pages was pushed there: it does not count twice', async () => {
    const { connector } = await stocked({
      products: [product('a')],
      rows: (reading, page) => {
        if (reading > 1) return { Total: 1, rows: [row('a', 7)] };
        return page > 1
          ? { Total: 1001, rows: [row('a', 7)] }
          : { Total: 1001, rows: [...full, row('a', 7)] };
      },
    });
    expect(told(await scanned(connector))[0]).toContain('a SKU-a 7/0/7');
  });

  test('a vendor that gives smaller pages than it was asked for is read to the end', async () => {
    const all = [...filler(200), row('a', 5)];
    const { connector } = await stocked({
      products: [product('a')],
      rows: (_, page) => ({ Total: all.length, rows: all.slice((page - 1) * 100, page * 100) }),
    });
    expect(told(await scanned(connector))[0]).toContain('a SKU-a 5/0/5');
  });
});

describe('reading the stock of some products', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const lists = { products: ids.map((id) => product(id)), ...onePage(row('b', 2), row('other', 9)) };

  test('a few are asked for one by one; what is not there is gone', async () => {
    const { connector, seen } = await stocked(lists);
    expect(told(await connector.read(['b', 'nowhere', 'a'], call))).toEqual([
      'b SKU-b 2/0/2: Melbourne: 2 on hand, 0 allocated, 2 available',
      'nowhere gone',
      'a SKU-a 0/0/0: blank',
    ]);
    expect(seen.every(({ url }) => url.includes('ID='))).toBe(true);
  });

  test('many are read from both lists', async () => {
    const { connector, seen } = await stocked(lists);
    expect(told(await connector.read(ids, call)).map((line) => line.slice(0, 9))).toEqual(
      ids.map((id) => `${id} SKU-${id} ${id === 'b' ? 2 : 0}`),
    );
    expect(seen).toHaveLength(2);
  });
});

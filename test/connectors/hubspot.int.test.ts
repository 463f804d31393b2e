import { expect, test } from 'vitest';
import { createHubSpot } from '#src/connectors/hubspot/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { openHubSpot } from '../contract/hubspot.ts';
import { company, practiceAccount } from './hubspot/practice-account.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, noon, terms, tinyVendor } from './kit.ts';

test('HubSpot tells who changed a field, and when', async () => {
  const { connector, vendor, clock } = await openHubSpot();
  clock.advance(60_000);
  vendor.edit('901', { phone: '(02) 5550 4321' }, 'Priya Nair');
  const [item] = await connector.read(['901'], call);
  expect(item).toMatchObject({
    observation: { editors: { phone: { by: 'Priya Nair', at: clock.now().toISOString() } } },
  });
});

test('HubSpot tells it of each of a busy hour’s changes, not only of the first fifty', async () => {
  const seed = Array.from({ length: 120 }, (_, n) => company(`${1_000 + n}`));
  const { connector, clock } = await practiceAccount({ seed });
  const editors: unknown[] = [];
  for await (const page of connector.changed(new Date('2026-11-18T00:00:00Z'), clock.now(), call))
    for (const item of page)
      if (item.kind === 'read') editors.push(item.observation.editors.trading_name?.by);
  expect(editors).toEqual(Array.from({ length: 120 }, () => 'Sam Okafor'));
});

type Body = {
  filterGroups: { filters: { propertyName: string; operator: string; value: string }[] }[];
  after?: string;
  inputs?: { id: string }[];
};

/** A HubSpot with this many companies at these instants, and its cap on searches made small enough to count. */
async function bigHubSpot(at: (n: number) => number, count: number) {
  const companies = Array.from({ length: count }, (_, n) => ({ id: `${n + 1}`, at: at(n) }));
  const vendor = await tinyVendor((seen) => {
    const body = JSON.parse(seen.body) as Body;
    if (!seen.url.endsWith('/search')) {
      const results = (body.inputs ?? []).map(({ id }) => ({ id, properties: {}, archived: false }));
      return { json: { results } };
    }
    const filters = body.filterGroups[0]?.filters ?? [];
    const bound = (name: string, operator: string) => {
      const found = filters.find((filter) => filter.propertyName === name && filter.operator === operator);
      return found ? Number(found.value) : null;
    };
    const above = bound('hs_object_id', 'GT');
    const found = companies.filter(
      (one) =>
        one.at >= (bound('hs_lastmodifieddate', 'GTE') ?? 0) &&
        one.at <= (bound('hs_lastmodifieddate', 'LTE') ?? 0) &&
        Number(one.id) > (above ?? 0),
    );
    const after = Number(body.after ?? 0);
    if (after >= 10_000) return { status: 400, json: { message: 'paged too far' } };
    const results = found.slice(after, after + 200);
    const more = after + 200 < found.length ? { paging: { next: { after: String(after + 200) } } } : {};
    return { json: { total: found.length, results, ...more } };
  });
  const options = {
    terms: terms('hubspot', { baseUrl: vendor.url, callsPerMinute: 100_000 }),
    credential: () => 'token',
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  };
  const ids: string[] = [];
  for await (const page of customersOf(createHubSpot(options)).changed(new Date(0), noon, call)) {
    ids.push(...page.map((item) => (item.kind === 'read' ? item.observation.externalId : 'unreadable')));
  }
  return { ids, expected: companies.map(({ id }) => id), seen: vendor.seen };
}

test('more changes than one search can page through are found all the same, each once', async () => {
  const { ids, expected } = await bigHubSpot((n) => 1_700_000_000_000 + n * 977, 10_450);
  expect(ids).toHaveLength(expected.length);
  expect(new Set(ids)).toEqual(new Set(expected));
});

test('so are tens of thousands that one import stamped with one time', async () => {
  const { ids, expected } = await bigHubSpot(() => 1_700_000_000_000, 10_300);
  expect(ids).toHaveLength(expected.length);
  expect(new Set(ids)).toEqual(new Set(expected));
});

const tiny = async (answer: Parameters<typeof tinyVendor>[0]) => {
  const vendor = await tinyVendor(answer);
  const options = {
    terms: terms('hubspot', { baseUrl: vendor.url }),
    credential: () => 'token',
    tokens: memoryTokens(),
    http: { log: memoryLog(), budgets: memoryBudgets() },
    clock: clockAtNoon(),
  };
  return { connector: customersOf(createHubSpot(options)), seen: vendor.seen };
};

test('a company that is saved while we page does not hide its neighbour', async () => {
  const left = new Set(Array.from({ length: 401 }, (_, n) => `${n + 1}`));
  const { connector } = await tiny((seen, number) => {
    const body = JSON.parse(seen.body) as Body;
    if (!seen.url.endsWith('/search'))
      return { json: { results: (body.inputs ?? []).map(({ id }) => ({ id, properties: {} })) } };
    // After the first page somebody saves the first company: it leaves the window.
    if (number === 2) left.delete('1');
    const found = [...left];
    const after = Number(body.after ?? 0);
    const more = after + 200 < found.length ? { paging: { next: { after: String(after + 200) } } } : {};
    return {
      json: { total: found.length, results: found.slice(after, after + 200).map((id) => ({ id })), ...more },
    };
  });
  const ids = new Set<string>();
  for await (const page of connector.changed(new Date(0), noon, call)) {
    for (const item of page) if (item.kind === 'read') ids.add(item.observation.externalId);
  }
  for (const id of left) expect(ids).toContain(id);
});

test('a change that the index shows fifty minutes late is found, though a run came every minute', async () => {
  const [changedAt, shownAt] = [noon.getTime(), noon.getTime() + 50 * 60_000];
  let now = changedAt - 60_000;
  const { connector } = await tiny((seen) => {
    const { filterGroups, inputs = [] } = JSON.parse(seen.body) as Body;
    if (!seen.url.endsWith('/search'))
      return { json: { results: inputs.map(({ id }) => ({ id, properties: {} })) } };
    const from = Number(filterGroups[0]?.filters.find(({ operator }) => operator === 'GTE')?.value);
    const results = now >= shownAt && changedAt >= from ? [{ id: '7' }] : [];
    return { json: { total: results.length, results } };
  });
  let found = 0;
  for (let cursor = now; now <= shownAt + 60_000; now += 60_000) {
    const until = now - connector.lagMs;
    for await (const page of connector.changed(new Date(cursor - connector.overlapMs), new Date(until), call))
      found += page.length;
    cursor = until;
  }
  expect(found).toBeGreaterThan(0);
});

test('a company in the recycle bin is archived, not gone', async () => {
  const { connector } = await tiny((seen) =>
    seen.url.endsWith('archived=true')
      ? { json: { results: [{ id: '7', properties: {}, archived: true }] } }
      : {
          status: 207,
          json: { results: [], errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['7', '8'] } }] },
        },
  );
  const items = await connector.read(['7', '8'], call);
  expect(items).toMatchObject([
    { kind: 'read', observation: { archived: true } },
    { kind: 'gone', externalId: '8' },
  ]);
});

test('a record without a readable id may be the one we asked for: it is not gone', async () => {
  const { connector } = await tiny(() => ({ json: { results: ['nothing to see'] } }));
  expect(await connector.read(['7'], call)).toMatchObject([{ kind: 'malformed', externalId: '7' }]);
});

test('a batch refused without a name is halved until one is named; errors that name nobody are about the rest', async () => {
  const { connector, seen } = await tiny((request) => {
    const { inputs = [] } = JSON.parse(request.body) as Body;
    if (inputs.some(({ id }) => id === '3'))
      return { status: 400, json: { category: 'VALIDATION_ERROR', message: 'Not that one' } };
    const good = inputs.filter(({ id }) => id !== '5');
    const errors =
      good.length < inputs.length
        ? [{ category: 'VALIDATION_ERROR', message: 'Bad value', context: {} }]
        : [];
    return { status: 207, json: { results: good.map(({ id }) => ({ id, properties: {} })), errors } };
  });
  const writes = ['1', '2', '3', '4', '5', '6'].map((id) => ({
    key: `k${id}`,
    changeId: 'tr-1',
    externalId: id,
    fields: { abn: 'x' },
  }));
  const outcomes = await connector.write(writes, call);
  const told = Object.fromEntries(
    outcomes.map((outcome) => [outcome.key, outcome.kind === 'saved' ? 'saved' : outcome.reason]),
  );
  expect(told).toEqual({
    k1: 'saved',
    k2: 'saved',
    k3: 'Not that one',
    k4: 'saved',
    k5: 'Bad value',
    k6: 'saved',
  });
  expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
    inputs: [{ id: '1', objectWriteTraceId: 'k1', properties: { abn: 'x' } }, {}, {}, {}, {}, {}],
  });
});

import { expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import { createHubSpot } from '#src/connectors/hubspot/index.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from './kit.ts';

const shared = () => ({
  credential: () => 'x',
  tokens: memoryTokens(),
  http: { log: memoryLog(), budgets: memoryBudgets() },
  clock: clockAtNoon(),
});

test.each([
  ['HubSpot', () => customersOf(createHubSpot({ terms: terms('hubspot'), ...shared() }))],
  ['Xero', () => customersOf(createXero({ terms: terms('xero'), ...shared() }))],
  ['Cin7 Core', () => customersOf(createCin7Core({ terms: terms('cin7-core'), ...shared() }))],
])('%s says so where it is asked to carry out a step that it does not have', async (label, connector) => {
  await expect(connector().setUp('triggers', call)).rejects.toMatchObject({
    name: 'VendorError',
    failure: 'bug',
    message: `${label} has no step triggers`,
  });
});

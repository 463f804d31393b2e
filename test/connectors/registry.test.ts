import { expect, test } from 'vitest';
import { createConnections, systems } from '#src/connectors/registry.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from './kit.ts';

const built = (credentials: Record<string, string>) => {
  const log = memoryLog();
  const connections = createConnections({
    agreement: { connections: { crm: terms('hubspot', { id: 'crm', credentials }) } },
    credential: () => undefined,
    tokens: memoryTokens(),
    http: { log, budgets: memoryBudgets() },
    clock: clockAtNoon(),
  });
  return { log, crm: customersOf(connections.get('crm')) };
};

test('every system has its name, and every vendor its addresses', () => {
  for (const { label, baseUrl } of Object.values(systems)) {
    expect(label).toMatch(/^[A-Z]/);
    if (baseUrl !== null) expect(baseUrl).toMatch(/^https:\/\/[^ ]+[^/]$/);
  }
});

test('a missing credential is said with its remedy, and nothing is sent', async () => {
  const unset = built({ token: 'HUBSPOT_TOKEN' });
  await expect(unset.crm.read(['1'], call)).rejects.toMatchObject({
    failure: 'auth',
    connection: 'crm',
    message: 'HubSpot needs the credential token: set HUBSPOT_TOKEN',
  });
  expect(unset.log.kept).toEqual([]);
  await expect(built({}).crm.read(['1'], call)).rejects.toMatchObject({
    message: 'HubSpot needs the credential token: name it under connections.crm.credentials',
  });
});

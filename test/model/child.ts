import { pino } from 'pino';
import type { Agreement } from '#src/agreement/agreement.ts';
import { manualClock } from '#src/clock.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { runFlow } from '#src/jobs/run-flow.ts';
import { activeAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { openDatabase } from '#src/ledger/database.ts';
import { openVault } from '#src/ledger/sealing/vault.ts';
import { testKey } from '#test/support/secret-key.ts';

/** What a process that is to be killed is told. */
export interface ChildOrders {
  readonly databaseUrl: string;
  readonly flow: string;
  /** ISO 8601: its clock stands there, and moves by its own waits. */
  readonly now: string;
  readonly connections: Agreement['connections'];
  readonly env: Readonly<Record<string, string>>;
}

const quiet = { warn: () => undefined, error: () => undefined };
const never = async (): Promise<never> => {
  throw new Error('no connection of the model signs in through a page');
};

/** A whole Truce without Slack in a process of its own: runs until it has nothing to do, or is killed. */
async function runUntilKilled(orders: ChildOrders): Promise<void> {
  const { databaseUrl, connections, env, flow } = orders;
  const { db, close } = await openDatabase({ databaseUrl, dataDir: '', log: quiet });
  openVault(db, [testKey]);
  const active = await activeAgreement(db);
  if (!active) throw new Error('there is no agreement');
  const agreement = { ...active, connections };
  const clock = manualClock(new Date(orders.now));
  const made = createConnections({
    agreement,
    credential: (name) => env[name],
    http: { log: exchangeLog(db), budgets: budgetLedger(db) },
    tokens: { read: async () => null, renew: never, connect: never },
    clock,
  });
  process.stdout.write('begun\n');
  const parts = { db, clock, log: pino({ level: 'silent' }), connections: made, agreement: () => agreement };
  await runFlow(parts, { flow, trigger: 'command' });
  await close();
}

await runUntilKilled(JSON.parse(process.argv[2] ?? '') as ChildOrders);
process.exit(0);

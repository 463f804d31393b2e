import { pino } from 'pino';
import type { ActiveAgreement, ConnectionTerms } from '#src/agreement/agreement.ts';
import { systemClock } from '#src/clock.ts';
import { entityNamed } from '#src/entities/named.ts';
import { runFlow } from '#src/jobs/run-flow.ts';
import { importAgreement } from '#src/ledger/agreement/agreements.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { shapeStore } from '#src/ledger/connections/shapes.ts';
import type { Database } from '#src/ledger/database.ts';
import type { Db } from '#src/ledger/db.ts';
import { migrateLedger } from '#src/ledger/migrate.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { openVault } from '#src/ledger/sealing/vault.ts';
import { runs } from '#src/ledger/tables/index.ts';
import { createSlackSide, type SlackSide } from '#src/slack/app.ts';
import type { SlackSideDeps } from '#src/slack/deps.ts';
import { connectionOf } from '#test/support/connections.ts';
import { customersAgreement } from '#test/support/customers-only.ts';
import { testKey } from '#test/support/secret-key.ts';
import { benchConnector } from './connector.ts';
import { systems } from './customers.ts';

/** The product's engine, ledger and Slack side on a database, with connectors to the stand-in. */
export interface Truce {
  /** One run of what changed since the last, or of everything there is. */
  run(everything: boolean): Promise<void>;
  slack(where: SlackSideDeps['slack']): SlackSide;
}

/** More than any bench needs: here nobody waits for a limit. */
const plenty = { callsPerMinute: 1_000_000, callsPerDay: 100_000_000 };

export async function openTruce({ db }: Database, url: string): Promise<Truce> {
  await migrateLedger(db);
  // As in production: what is put down for ever is encrypted, record by record.
  openVault(db, [testKey]);
  const agreement = await importAgreement(db, await benchAgreement(), {
    source: 'bench',
    now: systemClock.now(),
  });
  await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: systemClock.now() });
  const deps = { log: exchangeLog(db), budgets: budgetLedger(db), shapes: shapeStore(db) };
  const log = pino({ level: 'silent' });
  const connections = new Map(
    systems.map((id) => {
      const terms = agreement.connections[id] as ConnectionTerms;
      return [id as string, connectionOf(id, { customer: benchConnector(terms, `${url}/${id}`, deps) })];
    }),
  );
  const shared = { db, clock: systemClock, log, agreement: () => agreement };
  return {
    run: async (everything) => {
      const trigger = everything && (await isSweepDue(db)) ? 'sweep' : 'command';
      const outcome = await runFlow({ ...shared, connections }, { flow: 'customers', trigger });
      if (outcome.kind !== 'ran' || outcome.result.state !== 'done')
        throw new Error(`the run did not end well: ${JSON.stringify(outcome).slice(0, 500)}`);
    },
    slack: (slack) =>
      createSlackSide({
        ...shared,
        slack,
        labels: (id) => id,
        version: '0.1.0',
        entity: entityNamed,
        wake: async () => undefined,
        connections: unused,
      }),
  };
}

/** A night has one sweep, of a flow that ran before: as if whatever ran so far had been another run, days ago. False before the first. */
async function isSweepDue(db: Db): Promise<boolean> {
  const before = await db
    .update(runs)
    .set({ trigger: 'command', startedAt: new Date(systemClock.now().getTime() - 3 * 86_400_000) })
    .returning({ id: runs.id });
  return before.length > 0;
}

const unused: SlackSideDeps['connections'] = {
  link: () => Promise.reject(new Error('nobody signs in here')),
  check: () => Promise.reject(new Error('nobody checks here')),
  setUp: () => Promise.reject(new Error('nothing is set up here')),
};

/** `truce.yml` as it stands, with limits that nothing here comes near, and nobody to ask about a change of everything. */
async function benchAgreement(): Promise<ActiveAgreement> {
  const agreement = await customersAgreement();
  const connections = Object.fromEntries(
    Object.entries(agreement.connections).map(([id, terms]) => [id, { ...terms, ...plenty }]),
  );
  const safetyStop = { records: Number.MAX_SAFE_INTEGER, percent: 100 };
  const flows = Object.fromEntries(
    Object.entries(agreement.flows).map(([id, flow]) => [id, { ...flow, safetyStop }]),
  );
  return { ...agreement, connections, flows, version: 0 };
}

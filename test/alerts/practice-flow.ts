import type { ActiveAgreement } from '#src/agreement/agreement.ts';
import type { Db } from '#src/ledger/db.ts';
import { runs } from '#src/ledger/tables/index.ts';

const priya = { id: 'priya', name: 'Priya', slack: 'U0PRIYA001', knownAs: [] };
const tom = { id: 'tom', name: 'Tom', slack: 'U0TOMW0001', knownAs: [] };

/** An agreement with one flow that runs every quarter of an hour. */
export const agreement: ActiveAgreement = {
  version: 1,
  company: 'Example Trading Co',
  timeZone: 'Australia/Sydney',
  command: '/sync',
  outside: { heartbeat: null, fallback: null },
  hours: { days: [1, 2, 3, 4, 5], from: 480, to: 1080 },
  people: { priya, tom },
  connections: {},
  flows: {
    customers: {
      id: 'customers',
      name: 'Customers',
      entity: 'customer',
      connections: ['hubspot', 'xero'],
      matchBy: 'abn',
      unmatched: 'wait',
      createIn: {},
      schedule: { cron: '*/15 * * * *', timeZone: 'Australia/Sydney' },
      channel: 'sync-customers',
      owners: { business: priya, technical: tom },
      deciders: [priya],
      fields: {},
      lateAfterMinutes: 3,
      alertAfterFailures: 1,
      alertAfterMinutes: null,
      alertAfterPercent: null,
      urgent: false,
      escalate: [{ afterMinutes: 30, ask: [{ slack: 'U0PRIYA001', name: 'the business owner' }] }],
      whenGone: 'ask',
      safetyStop: { records: 50, percent: 20 },
      sweep: null,
      partialAfterHours: 24,
      moneyAtOnce: null,
      moneyProof: null,
      forgetValuesAfterDays: 30,
    },
  },
};

type RunRow = typeof runs.$inferInsert;
let made = 0;

/** Writes down a run of the flow as the runner does; a whole, scheduled one that went well unless told otherwise. */
export async function addRun(
  db: Db,
  slot: Date,
  more: Partial<RunRow> = {},
): Promise<RunRow & { id: number }> {
  made++;
  const values: RunRow = {
    flow: 'customers',
    slot,
    trigger: 'schedule',
    state: more.failures ? 'failed' : 'done',
    epoch: 1,
    owner: `run ${made}`,
    correlationId: `tr-${String(made).padStart(10, '0')}`,
    agreementVersion: 1,
    startedAt: slot,
    finishedAt: new Date(slot.getTime() + 1000),
    ...more,
  };
  const [row] = await db.insert(runs).values(values).returning();
  if (!row) throw new Error('the run was not written');
  return row;
}

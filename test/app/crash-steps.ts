import assert from 'node:assert/strict';
import { and, desc, eq } from 'drizzle-orm';
import { activeAgreement } from '#src/ledger/agreement/agreements.ts';
import { answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { answerLikeness } from '#src/ledger/questions/likenesses.ts';
import { approveRollback, askRollback, rollbackTarget } from '#src/ledger/rollback/rollbacks.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { answerStop } from '#src/ledger/runs/safety-stops.ts';
import {
  absences,
  changes,
  conflicts,
  likenesses,
  rollbacks,
  safetyStops,
} from '#src/ledger/tables/index.ts';
import { ordinaryCustomers, type PracticeCustomer } from '#src/playground/data/customers.ts';
import { specialCases } from '#src/playground/data/special-cases.ts';
import type { SmallWorld } from '#test/support/small-world.ts';
import type { Ledger } from '#test/support/steered/app.ts';

const by = 'U0PRIYA001';
const flow = 'customers';
const all = ordinaryCustomers(30);
const isTanami = ({ customer }: { customer: PracticeCustomer }) => customer.tradingName === 'Tanami Drilling';
/** The last looks like one customer in three systems, but nobody can be sure of it. */
export const customers = [
  ...all.slice(0, 26),
  ...specialCases.filter(isTanami).map(({ customer }) => customer),
];
const newcomers = all.slice(26);
/** Xero lets nothing be written to this one. */
export const locked = 25;
/** The safety stop counts an hour together: more than change one by one below, fewer than change at once. */
export const stopAt = 12;

/** A named point of the pipeline at which the process dies, and what people type into the systems before it gets there. */
export interface Death {
  readonly at: string;
  readonly typed?: (world: SmallWorld) => void;
}
/** What people answered, by the name of what does it here, and the deaths on the way that this opens. */
interface Act {
  readonly answers?: 'approveLoad' | 'answerAll' | 'approveUndoing';
  readonly deaths: readonly Death[];
}

const phones = (from: number, to: number, lead: string) => (world: SmallWorld) => {
  for (let i = from; i < to; i++) world.edit('hubspot', i, { phone: `(08) 5550 ${lead}${i + 10}` });
};
/** Of somebody of whom nothing is known that the other systems fill in by themselves. */
const comes = (newcomer: number, also: (world: SmallWorld) => void) => (world: SmallWorld) => {
  const { tradingName, legalName, abn, email } = newcomers[newcomer] as PracticeCustomer;
  const values = {
    name: tradingName,
    legal_name: legalName,
    abn,
    billing_email: email,
  };
  world.vendors.hubspot.add(values, 'Mia Torres');
  also(world);
};

/** A life that comes by every named point of the pipeline. */
export const acts: readonly Act[] = [
  { deaths: [{ at: 'staged' }, { at: 'matched' }] },
  {
    answers: 'approveLoad',
    deaths: [
      {
        at: 'decided',
        typed: (world) => {
          world.edit('hubspot', 0, { phone: '(02) 5550 7777' });
          // Two people apart, an archive that has to be approved, and a value that is put back.
          world.edit('hubspot', 6, { billing_email: 'sales@example.com' });
          world.edit('xero', 6, { EmailAddress: 'accounts@example.com' });
          world.edit('hubspot', 7, { customer_status: 'Archived' });
          world.edit('cin7-core', 8, { Phone: '(08) 5550 8888' });
        },
      },
      { at: 'parked', typed: (world) => world.edit('hubspot', locked, { phone: '(08) 5550 9999' }) },
      { at: 'intents', typed: (world) => world.edit('xero', 1, { PaymentTerms: '30 days' }) },
      { at: 'sent', typed: (world) => world.edit('hubspot', 2, { billing_email: 'pay@example.com' }) },
      { at: 'outcomes', typed: phones(3, 4, '77') },
      { at: 'creates', typed: comes(0, phones(4, 5, '77')) },
      { at: 'made', typed: comes(1, phones(5, 6, '77')) },
      { at: 'linked', typed: comes(2, () => undefined) },
      {
        at: 'gone',
        typed: (world) => {
          world.vendors.hubspot.crm.companies.purge(world.idOf('hubspot', 9), {
            sourceType: 'CRM_UI',
            sourceId: 'nobody',
            sourceLabel: 'Nobody',
          });
          world.edit('xero', 9, { EmailAddress: 'still@example.com' });
        },
      },
    ],
  },
  { deaths: [{ at: 'stopped', typed: phones(10, locked, '88') }] },
  { answers: 'answerAll', deaths: [{ at: 'rollback_read' }, { at: 'answered' }] },
  {
    answers: 'approveUndoing',
    deaths: [
      { at: 'rollback_intents' },
      { at: 'rollback_sent' },
      { at: 'rollback_outcomes' },
      { at: 'rollback_read_back' },
      { at: 'rollback_concluded' },
    ],
  },
];

export const approveLoad = ({ db, now }: Ledger) => approveFirstLoad(db, { flow, by, now });

export async function approveUndoing({ db, now }: Ledger): Promise<void> {
  for (const { id } of await db.select().from(rollbacks))
    assert.equal((await approveRollback(db, { id, by, now })).kind, 'approved');
}

/** Whatever is asked is answered, and what six changes wrote is to be undone. */
export async function answerAll({ db, now }: Ledger): Promise<void> {
  const agreementVersion = (await activeAgreement(db))?.version ?? 0;
  const asked = await db.select().from(conflicts).where(eq(conflicts.state, 'open'));
  const subjects = new Map((await db.select().from(changes)).map(({ id, subject }) => [id, subject]));
  assert.deepEqual(
    asked.map(({ changeId, field }) => `${subjects.get(changeId)}: ${field}`).sort(),
    [`${customers[6]?.tradingName}: email`, `${customers[7]?.tradingName}: status`].sort(),
  );
  for (const { changeId, field, optionsRevision: revision } of asked) {
    const from = field === 'email' ? 'xero' : 'hubspot';
    const decided = await decideConflict(db, { changeId, field, revision, from, by, now, agreementVersion });
    assert.equal(decided.kind, 'decided');
  }
  const alike = await db.select().from(likenesses).where(eq(likenesses.state, 'open'));
  assert.ok(alike.length > 0);
  for (const { id, revision } of alike)
    assert.equal((await answerLikeness(db, { id, revision, by, now, answer: 'same' })).kind, 'taken');
  const gone = await db.select().from(absences).where(eq(absences.state, 'asked'));
  assert.equal(gone.length, 1);
  for (const { id, revision } of gone)
    await db.transaction((tx) =>
      answerAbsence(tx, { id, revision, answer: 'keep', by, agreementVersion, now }),
    );
  const stops = await db.select().from(safetyStops).where(eq(safetyStops.state, 'open'));
  assert.equal(stops.length, 1);
  for (const { id, revision } of stops)
    await db.transaction((tx) => answerStop(tx, { id, revision, answer: 'approve', by, now }));
  for (const customer of customers.slice(0, 6)) {
    const [change] = await db
      .select()
      .from(changes)
      .where(and(eq(changes.subject, customer.tradingName), eq(changes.state, 'settled')))
      .orderBy(desc(changes.openedAt));
    const target = await rollbackTarget(db, change?.id ?? '', null);
    if (!target) throw new Error(`no change of ${customer.tradingName} can be undone`);
    await askRollback(db, { ...target, by, now });
  }
}

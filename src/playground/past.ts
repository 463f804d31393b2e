import { asc, eq } from 'drizzle-orm';
import { aliveFact } from '../alerts/presence.ts';
import type { App } from '../app.ts';
import type { ManualClock } from '../clock.ts';
import { decideConflict } from '../ledger/questions/decisions.ts';
import { approveFirstLoad } from '../ledger/runs/runs.ts';
import { conflicts, facts } from '../ledger/tables/index.ts';
import { type Deed, deeds } from './data/past-deeds.ts';
import { editByLabel } from './edit-by-label.ts';
import type { PracticeVendor } from './vendors/vendor.ts';

/** How many days of work the practice company has behind it when the page opens for the first time. */
export const pastDays = 14;
const hour = 3_600_000;
/** Runs of a day, in hours since midnight, every flow in each. Fewer than a real schedule has: the first start should not take long. */
const runHours = [11, 15];
/** What is there is read for the first time on the first day, before it is approved. */
const firstRunHour = 7;
const approvalHour = 9.5;

export interface Past {
  readonly past: ManualClock;
  readonly vendors: readonly PracticeVendor[];
  /** Epoch ms of the midnight at which it begins; the same when a killed process is taken up, since steps are counted from it. */
  readonly start: number;
  /** Epoch ms: nothing happens after it. */
  readonly end: number;
  /** How many steps an earlier start, killed meanwhile, had lived through. */
  readonly from: number;
  done(steps: number): void;
  /** Ends it after the step under way. */
  readonly signal: AbortSignal;
}

interface Step {
  readonly at: number;
  carryOut(): Promise<void>;
}

/**
 * Lives through the practice company's last two weeks on a clock that is moved: people edit in the vendors' products, runs
 * come twice a day, questions are answered, Xero fails once. Nothing is made up: every run, message,
 * decision and alert comes from the product's own code, over real HTTP. Returns true once it was lived through to its end.
 */
export async function livePast(app: App, past: Past): Promise<boolean> {
  const steps = stepsOf(app, past);
  for (let i = past.from; i < steps.length; i++) {
    if (past.signal.aborted) return false;
    const step = steps[i] as Step;
    past.past.set(new Date(Math.max(step.at, past.past.now().getTime())));
    await step.carryOut();
    past.done(i + 1);
  }
  return true;
}

function stepsOf(app: App, past: Past): Step[] {
  const flows = Object.keys(app.agreement().flows);
  const at = (day: number, hours: number) => past.start + (day * 24 + hours) * hour;
  const days = Array.from({ length: pastDays + 1 }, (_, day) => day);
  const runs = [at(0, firstRunHour), ...days.flatMap((day) => runHours.map((hours) => at(day, hours)))];
  const steps: Step[] = [
    ...runs.map((time) => ({ at: time, carryOut: () => runAndLook(app, flows) })),
    { at: at(0, approvalHour), carryOut: () => approveAll(app, flows) },
    ...deeds.map((deed) => ({ at: at(deed.day, deed.hour), carryOut: () => carryOutDeed(app, past, deed) })),
  ];
  return steps.filter((step) => step.at < past.end).sort((a, b) => a.at - b.at);
}

async function runAndLook(app: App, flows: readonly string[]): Promise<void> {
  for (const flow of flows) await app.runNow({ flow, trigger: 'schedule' });
  await stayPresent(app);
  await app.alerts.tick();
  await app.slack.flush();
}

/** Hours between two looks are no time away: the past's clock is moved, not lived through. */
export async function stayPresent(app: App): Promise<void> {
  await app.database.db.update(facts).set({ at: app.clock.now() }).where(eq(facts.name, aliveFact));
}

/** One after the other, as an invoice waits for its customer and products. */
async function approveAll(app: App, flows: readonly string[]): Promise<void> {
  for (const flow of flows) {
    const by = app.agreement().flows[flow]?.owners.business.slack ?? '';
    await approveFirstLoad(app.database.db, { flow, by, now: app.clock.now() });
    await app.runNow({ flow, trigger: 'command', askedBy: by });
  }
  await app.slack.flush();
}

async function carryOutDeed(app: App, { vendors }: Past, deed: Deed): Promise<void> {
  const vendor = vendors.find((candidate) => candidate.system === deed.system);
  switch (deed.kind) {
    case 'edit':
      if (vendor) editByLabel(vendor, deed.customer, deed.values, deed.editor);
      return;
    case 'break':
      return vendor?.setFault(deed.fault);
    case 'mend':
      return vendor?.setFault(null);
    case 'press': {
      const screen = vendor?.screens[deed.entity];
      const card = screen?.cards().find(({ title }) => title === deed.title);
      if (card) screen?.press?.(card.externalId, deed.deed, {}, deed.editor);
      return;
    }
    case 'add':
      vendor?.screens[deed.entity]?.add(deed.values, deed.editor);
      return;
    case 'decide':
      return decideAll(app, deed.choose);
    default:
      return undefined;
  }
}

/** The business owner answers everything that is open, as she would by pressing the buttons. */
async function decideAll(app: App, choose: string): Promise<void> {
  const { db } = app.database;
  const agreement = app.agreement();
  const open = await db
    .select()
    .from(conflicts)
    .where(eq(conflicts.state, 'open'))
    .orderBy(asc(conflicts.openedAt));
  for (const conflict of open) {
    const from = conflict.options.some((option) => option.connection === choose)
      ? choose
      : (conflict.options[0]?.connection ?? 'agreed');
    const by = agreement.flows[conflict.flow]?.owners.business.slack ?? '';
    const { changeId, field } = conflict;
    const now = app.clock.now();
    await decideConflict(db, {
      changeId,
      field,
      from,
      revision: conflict.optionsRevision,
      by,
      now,
      agreementVersion: agreement.version,
    });
    await app.runNow({ flow: conflict.flow, trigger: 'decision', targets: [conflict.recordId], askedBy: by });
    await app.slack.flush();
  }
}

import { asc, eq } from 'drizzle-orm';
import { aliveFact } from '../alerts/presence.ts';
import type { App } from '../app.ts';
import type { ManualClock } from '../clock.ts';
import { decideConflict } from '../ledger/decisions.ts';
import { approveFirstLoad } from '../ledger/runs.ts';
import { conflicts, facts } from '../ledger/tables/index.ts';
import { type Deed, deeds } from './data/past-deeds.ts';
import { editByLabel } from './edit-by-label.ts';
import type { PracticeVendor } from './vendors/vendor.ts';

/** How many days of work the practice company has behind it when the page opens for the first time. */
export const pastDays = 14;
const hour = 3_600_000;
/** Runs of a working day, in hours since midnight. Fewer than a real schedule has: the first start should not take long. */
const runHours = [7, 11, 15, 19];
/** Days on which the further flows run, once a day and one after the other, at noon. */
const otherDays = [0, 1, 7, pastDays - 1, pastDays];
const noon = 12;
const betweenFlows = 0.1;
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
 * come four times a day, questions are answered, Xero fails once. Nothing is made up: every run, message,
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
  const [flow, ...others] = Object.values(app.agreement().flows);
  if (!flow) return [];
  const at = (day: number, hours: number) => past.start + (day * 24 + hours) * hour;
  const days = Array.from({ length: pastDays + 1 }, (_, day) => day);
  const runs: Step[] = days.flatMap((day) =>
    runHours.map((hours) => ({ at: at(day, hours), carryOut: () => runAndLook(app, flow.id) })),
  );
  const approval: Step = { at: at(0, approvalHour), carryOut: () => approve(app, flow.id) };
  const further = others.flatMap(({ id }, i): Step[] => {
    const later = betweenFlows * (i + 1);
    const look = (day: number, hours: number) => ({
      at: at(day, hours + later),
      carryOut: () => runAndLook(app, id),
    });
    return [
      look(0, runHours[0] ?? 0),
      { at: at(0, approvalHour + later), carryOut: () => approve(app, id) },
      ...otherDays.map((day) => look(day, noon)),
    ];
  });
  const told = deeds.map(
    (deed): Step => ({ at: at(deed.day, deed.hour), carryOut: () => carryOutDeed(app, past, deed) }),
  );
  return [...runs, approval, ...further, ...told]
    .filter((step) => step.at < past.end)
    .sort((a, b) => a.at - b.at);
}

async function runAndLook(app: App, flow: string): Promise<void> {
  await app.runNow({ flow, trigger: 'schedule' });
  await stayPresent(app);
  await app.alerts.tick();
  await app.slack.flush();
}

/** Hours between two looks are no time away: the past's clock is moved, not lived through. */
export async function stayPresent(app: App): Promise<void> {
  await app.database.db.update(facts).set({ at: app.clock.now() }).where(eq(facts.name, aliveFact));
}

async function approve(app: App, flow: string): Promise<void> {
  const by = app.agreement().flows[flow]?.owners.business.slack ?? '';
  await approveFirstLoad(app.database.db, { flow, by, now: app.clock.now() });
  await app.runNow({ flow, trigger: 'command', askedBy: by });
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

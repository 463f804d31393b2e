import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import { needsOf } from '../alerts/connection-needs.ts';
import { judgeCheck } from '../alerts/judge-check.ts';
import type { Clock } from '../clock.ts';
import type { AccountReport, Connection } from '../connectors/connection.ts';
import { VendorError } from '../connectors/connector.ts';
import { type ConnectionCheck, checksOf, keepCheck } from '../ledger/connections/checks.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Db } from '../ledger/db.ts';
import { approveMarkingStep, markingSteps } from './marking-steps.ts';

export interface CheckParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly agreement: () => ActiveAgreement;
  readonly leaving?: AbortSignal;
}

/** What an account said of itself; or why it could not be asked, in words. */
export type Checked =
  | { readonly report: AccountReport; readonly error: null }
  | { readonly report: null; readonly error: string };

const minute = 60_000;
/** A look at an account that is well lasts a day; one that found something, or could not be taken, an hour. */
const lasts = { well: 24 * 60 * minute, otherwise: 60 * minute } as const;
/** A start looks again at what somebody may have put right; replicas that start together need not all look. */
const lastsAtStart = { well: 5 * minute, otherwise: 0 } as const;

/** Looks at every connection whose last look is too old. Never throws: a connection that cannot be asked is asked again later. */
export async function checkConnections(parts: CheckParts, { atStart }: { atStart: boolean }): Promise<void> {
  const limits = atStart ? lastsAtStart : lasts;
  try {
    const checks = await checksOf(parts.db);
    for (const id of parts.connections.keys()) {
      if (parts.leaving?.aborted) return;
      if (isDue(parts, checks.get(id), limits)) await checkConnection(parts, id, { forPerson: false });
    }
  } catch (error) {
    if (parts.leaving?.aborted) return;
    parts.log.error(
      { err: error },
      'The connections could not be looked at; it is tried again within an hour.',
    );
  }
}

function isDue(
  { clock, agreement }: CheckParts,
  check: ConnectionCheck | undefined,
  limits: { readonly well: number; readonly otherwise: number },
): boolean {
  if (!check) return true;
  const now = clock.now();
  const well =
    check.error === null &&
    check.report !== null &&
    needsOf(check.report, { now, timeZone: agreement().timeZone }).length === 0;
  const age = now.getTime() - check.at.getTime();
  return age < 0 || age >= (well ? limits.well : limits.otherwise);
}

/**
 * Asks a connection's account about itself, keeps the answer, and names what is missing before a run needs it: a line in the log,
 * and an alert for each flow that uses it. Throws only where the ledger cannot be written. `forPerson`: somebody asked for it, and
 * it may use the calls that are kept back for people.
 */
export async function checkConnection(
  parts: CheckParts,
  id: string,
  { forPerson }: { readonly forPerson: boolean } = { forPerson: true },
): Promise<Checked> {
  const { db, clock, agreement } = parts;
  const { timeZone, flows, command } = agreement();
  const { checked, refused } = await ask(parts, id, forPerson);
  const at = clock.now();
  const needs = checked.report ? needsOf(checked.report, { now: at, timeZone }) : [];
  // In the very words of a run that met it: else the two would edit one message in turns.
  const refusal = refused && checked.error !== null ? checked.error : null;
  const found = refusal
    ? { cause: 'auth' as const, message: refusal }
    : needs.length > 0
      ? { cause: 'connection' as const, message: `${needs.join(' ')} See ${command} connections.` }
      : null;
  await db.transaction(async (tx) => {
    await keepCheck(tx, { connection: id, at, ...checked });
    // One that could not be reached says nothing of what it needs; the runs tell that it is away.
    if (!checked.report && !refusal) return;
    for (const flow of Object.values(flows))
      if (flow.connections.includes(id))
        await judgeCheck(tx, flow, agreement(), { connection: id, found, at });
  });
  sayFound(parts, id, { checked, needs });
  return checked;
}

async function ask(
  parts: CheckParts,
  id: string,
  forPerson: boolean,
): Promise<{ readonly checked: Checked; readonly refused: boolean }> {
  const { db, connections, agreement, log, leaving } = parts;
  const connection = connections.get(id);
  if (!connection) return { checked: { report: null, error: 'There is no such connection' }, refused: false };
  const signal = leaving ? { signal: leaving } : {};
  const correlationId = await nextCorrelationId(db);
  const call = { runId: null, correlationId, changeIds: [], forPerson, ...signal };
  const flows = Object.values(agreement().flows).filter((flow) => flow.connections.includes(id));
  const entities = [...new Set(flows.map((flow) => flow.entity))];
  try {
    const report = await connection.account(entities, call);
    return { checked: { report: await withOurs(parts, id, report), error: null }, refused: false };
  } catch (error) {
    leaving?.throwIfAborted();
    if (error instanceof VendorError)
      return { checked: { report: null, error: error.message }, refused: error.failure === 'auth' };
    log.error({ connection: id, err: error }, `${connection.label} could not be asked about its account.`);
    return { checked: { report: null, error: 'Truce itself stumbled over the answer' }, refused: false };
  }
}

/** What people may let Truce do in the account beside what is needed, once nothing is lacking there. */
async function withOurs(parts: CheckParts, id: string, report: AccountReport): Promise<AccountReport> {
  if (report.steps.length + report.missingScopes.length > 0) return report;
  return { ...report, steps: await markingSteps(parts, id) };
}

function sayFound(
  { log, connections, agreement }: CheckParts,
  id: string,
  { checked, needs }: { checked: Checked; needs: readonly string[] },
): void {
  const who = `${connections.get(id)?.label ?? id} (connection “${id}”)`;
  const event = { event: 'connection', connection: id };
  if (checked.error !== null)
    log.warn(event, `${who} could not be asked about its account: ${checked.error}.`);
  else if (needs.length > 0)
    log.warn(
      event,
      `${who} needs something: ${needs.join(' ')} Type ${agreement().command} connections in Slack.`,
    );
}

/** Carries out a step in the vendor's account that a person approved, and looks at the account again. Throws VendorError. */
export async function setUpConnection(
  parts: CheckParts,
  { connection, step, by }: { connection: string; step: string; by: string },
): Promise<Checked> {
  const account = parts.connections.get(connection);
  if (!account) throw new VendorError('refused', connection, 'There is no such connection any more');
  const correlationId = await nextCorrelationId(parts.db);
  const event = { event: 'set_up', connection, step, by, reference: correlationId };
  parts.log.info(event, `${account.label}: the step “${step}” was approved and is carried out.`);
  // Truce's own: the runs do it, by and by.
  if (await approveMarkingStep(parts, { connection, step, by })) return checkConnection(parts, connection);
  await account.setUp(step, { runId: null, correlationId, changeIds: [], forPerson: true });
  parts.log.info(event, `${account.label}: the step “${step}” is done.`);
  return checkConnection(parts, connection);
}

import type { SetUpStep } from '../../connectors/connection.ts';
import { VendorError } from '../../connectors/connector.ts';
import { checksOf } from '../../ledger/connections/checks.ts';
import type { Desk } from '../desk.ts';
import { stepValue } from '../facts/connections.ts';
import type { Drawn } from '../messages/blocks.ts';
import {
  setUpBegun,
  setUpDone,
  setUpFailed,
  setUpMoved,
  setUpUnderWay,
} from '../messages/connections/connect.ts';
import type { Asker } from './asker.ts';
import { connectRefusal } from './connect.ts';

/** A step of a connection that waits for an approval, and the account it is for. */
export interface WaitingStep {
  readonly connection: string;
  readonly label: string;
  readonly account: string | null;
  readonly step: SetUpStep;
}

/** The step behind a button's value, as it was last seen; or the answer that says why there is none for this person. */
export async function waitingStep(
  desk: Desk,
  asker: Asker,
  value: string,
): Promise<WaitingStep | { readonly answer: Drawn }> {
  const connection = value.split('/')[0] ?? '';
  const refusal = connectRefusal(desk, asker, connection);
  if (refusal) return { answer: refusal };
  const label = desk.labels(connection);
  const report = (await checksOf(desk.db)).get(connection)?.report;
  const step = report?.steps.find((one) => stepValue(connection, one) === value);
  if (!report || !step) return { answer: setUpMoved(label, asker.command) };
  return { connection, label, account: report.account, step };
}

/**
 * Carries out an approved step, and tells how it went. The account is asked once more first: what is done is what was shown, or
 * nothing.
 */
export async function carryOutStep(
  desk: Desk,
  asker: Asker,
  value: string,
  say: (drawn: Drawn) => Promise<void>,
): Promise<void> {
  const connection = value.split('/')[0] ?? '';
  const refusal = connectRefusal(desk, asker, connection);
  if (refusal) return say(refusal);
  await desk.connections.check(connection);
  const waiting = await waitingStep(desk, asker, value);
  if ('answer' in waiting) return say(waiting.answer);
  const { label, step } = waiting;
  if (!step.optional) await say(setUpUnderWay(label, step.label));
  try {
    const { report } = await desk.connections.setUp({ connection, step: step.id, by: asker.id });
    if (step.optional) return await say(setUpBegun(label, step.label, asker.command));
    const needed = report?.steps.filter(({ optional }) => !optional) ?? [];
    const left = report ? needed.length + report.missingScopes.length + report.problems.length : 0;
    await say(setUpDone(label, step.label, left, asker.command));
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    desk.log.warn(
      { event: 'set_up_failed', connection, step: step.id },
      `${label}: the step “${step.id}” did not work: ${error.message}.`,
    );
    await say(setUpFailed(label, step.label, error.message));
  }
}

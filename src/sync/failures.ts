import type { VendorError } from '../connectors/connector.ts';
import { linkExchanges } from '../ledger/connections/exchanges.ts';
import type { RunFailure } from '../ledger/tables/runs.ts';
import type { RunContext } from './context.ts';

/** A call that did not work, as a fact of the run. */
export function failureOf(error: VendorError): RunFailure {
  return {
    cause: error.failure,
    connection: error.connection,
    message: error.message,
    ...(error.resumeAt ? { resumeAt: error.resumeAt.toISOString() } : {}),
  };
}

/** A call that did not work belongs to the story of every change that it was made for. */
export async function linkFailure(
  { db }: Pick<RunContext, 'db'>,
  changeIds: readonly string[],
  { exchangeId }: VendorError,
): Promise<void> {
  if (exchangeId === null) return;
  await linkExchanges(
    db,
    [...new Set(changeIds)].map((changeId) => ({ changeId, exchangeId })),
  );
}

/** Renamed fields leave the rest readable: a run with nothing worse goes on. */
export const stops = (failure: RunFailure): boolean => failure.cause !== 'drift';

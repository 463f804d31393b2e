import type { VendorError } from '../connectors/connector.ts';
import type { RunFailure } from '../ledger/tables/runs.ts';

/** A call that did not work, as a fact of the run. */
export function failureOf(error: VendorError): RunFailure {
  return {
    cause: error.failure,
    connection: error.connection,
    message: error.message,
    ...(error.resumeAt ? { resumeAt: error.resumeAt.toISOString() } : {}),
  };
}

/** Renamed fields leave the rest readable: a run with nothing worse goes on. */
export const stops = (failure: RunFailure): boolean => failure.cause !== 'drift';

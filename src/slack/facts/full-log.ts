import { chainOfCall, chainOfChange } from '../../ledger/chain/proof-of.ts';
import { exchangesOf, type LoggedExchange } from '../../ledger/connections/exchanges.ts';
import { callsOfRun, runByReference } from '../../ledger/records/lookup.ts';
import type { FactSources } from '../deps.ts';
import type { ChangeLookup, RunLookup } from '../messages/lookup/facts.ts';
import { callFacts } from './lookup.ts';

/** Slack shows text files of up to a megabyte. */
const longest = 900_000;

/**
 * Everything that is known of a change or a run, as JSON for the technical owner: its story, and every call with what was sent and
 * answered as far as the log keeps it. Redacted when it was written; values of personal and secret fields are not in it. With the
 * links of the chain over it, so that the ledger can be held against this copy later.
 */
export async function fullLog(
  { db, labels }: Pick<FactSources, 'db' | 'labels'>,
  found: ChangeLookup | RunLookup,
): Promise<string> {
  const { calls: _, places: __, command: ___, ...facts } = { places: null, ...found };
  const run = found.kind === 'run' ? await runByReference(db, found.reference) : null;
  const calls = run ? await callsOfRun(db, run.id) : await exchangesOf(db, found.reference);
  const lastCall = calls.reduce((last, { id }) => Math.max(last, id), 0) || null;
  const chain = await (run ? chainOfCall(db, lastCall) : chainOfChange(db, found.reference));
  const whole = written({ ...facts, chain, calls: calls.map((call) => told(call, labels)) });
  if (whole.length <= longest) return whole;
  const bare = calls.map((call) => ({ ...told(call, labels), sent: undefined, answered: undefined }));
  return written({
    ...facts,
    chain,
    note: 'What was sent and answered is left out: it is too long.',
    calls: bare,
  });
}

const written = (log: object): string => `${JSON.stringify(log, null, 2)}\n`;

const told = (call: LoggedExchange, labels: FactSources['labels']) => ({
  ...callFacts(call, labels),
  headers: call.headers,
  sent: call.requestBody,
  answered: call.responseBody,
  answerHash: call.responseHash,
});

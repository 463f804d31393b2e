import type { Write, WriteOutcome } from './connector.ts';
import { CallFailed } from './http/failure.ts';

export interface Sending {
  /** Writes per call at most. */
  readonly size: number;
  /** Sends one batch; may leave out writes that the vendor did not mention. Throws CallFailed. */
  send(batch: readonly Write[]): Promise<readonly WriteOutcome[]>;
}

/**
 * Sends writes in batches and gives each exactly one outcome. A batch that is refused without naming a record is halved until
 * the refusal names one: one bad record never stops the others. Throws only when nothing has been sent.
 */
export async function sendInBatches(writes: readonly Write[], sending: Sending): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  const waiting = inChunks(writes, sending.size);
  let sent = false;
  while (waiting.length > 0) {
    const batch = waiting.shift() ?? [];
    try {
      outcomes.push(...complete(batch, await sending.send(batch)));
      sent = true;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.failure === 'refused') {
        sent = true;
        if (batch.length > 1 && namesNoRecord(error)) waiting.unshift(...halves(batch));
        else outcomes.push(...batch.map((write) => refused(write, error.reason, error.exchangeId)));
        continue;
      }
      if (!sent && !error.mayHaveArrived) throw error;
      const first = error.mayHaveArrived ? error.message : notSent(error);
      outcomes.push(...batch.map((write) => unknown(write, first, error.exchangeId)));
      // What stopped this batch would stop the next ones too.
      outcomes.push(...waiting.flat().map((write) => unknown(write, notSent(error), null)));
      break;
    }
  }
  return outcomes;
}

/** Refusals that speak of the data; any other (404, 405, 413) would meet each half just the same. */
const namesNoRecord = ({ status }: CallFailed) => status === 400 || status === 409 || status === 422;

export const saved = (write: Write, exchangeId: number | null): WriteOutcome => ({
  kind: 'saved',
  key: write.key,
  exchangeId,
});

export const refused = (write: Write, reason: string, exchangeId: number | null): WriteOutcome => ({
  kind: 'refused',
  key: write.key,
  reason,
  exchangeId,
});

const unknown = (write: Write, reason: string, exchangeId: number | null): WriteOutcome => ({
  kind: 'unknown',
  key: write.key,
  reason,
  exchangeId,
});

/** Reading first does no harm where nothing went out, and the port has no word of its own for it. */
const notSent = (error: CallFailed) => `not sent: ${error.message}`;

function complete(batch: readonly Write[], outcomes: readonly WriteOutcome[]): WriteOutcome[] {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  return batch.map((write) => byKey.get(write.key) ?? unknown(write, 'the answer does not mention it', null));
}

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

function halves<T>(items: readonly T[]): T[][] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

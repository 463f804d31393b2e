import type { Create, CreateOutcome, Mark, Write, WriteOutcome } from './connector.ts';
import { CallFailed } from './http/failure.ts';

/** What is sent, whether an update or a new record. */
interface Item {
  readonly key: string;
}
type Unknown = Extract<WriteOutcome, { readonly kind: 'unknown' }>;

export interface Sending<I extends Item = Write, O extends Item = WriteOutcome> {
  /** Items per call at most. */
  readonly size: number;
  /** Sends one batch; may leave out items that the vendor did not mention. Throws CallFailed. */
  send(batch: readonly I[]): Promise<readonly O[]>;
}

/** As {@link inBatches}, for updates. */
export const sendInBatches = (writes: readonly Write[], sending: Sending): Promise<WriteOutcome[]> =>
  inBatches(writes, sending, refused);

/** As {@link inBatches}, for our ids in records that are there. */
export const markInBatches = (
  marks: readonly Mark[],
  sending: Sending<Mark, WriteOutcome>,
): Promise<WriteOutcome[]> => inBatches(marks, sending, refused);

/** As {@link inBatches}, for new records. What the vendor can take again without a second record is up to `send`. */
export const createInBatches = (
  creates: readonly Create[],
  sending: Sending<Create, CreateOutcome>,
): Promise<CreateOutcome[]> => inBatches(creates, sending, notCreated);

/**
 * Sends items in batches and gives each exactly one outcome. A batch that is refused without naming a record is halved until
 * the refusal names one: one bad record never stops the others. Throws only when nothing has been sent.
 */
async function inBatches<I extends Item, O extends Item>(
  items: readonly I[],
  sending: Sending<I, O>,
  refusal: (item: I, reason: string, exchangeId: number | null) => O,
): Promise<(O | Unknown)[]> {
  const outcomes: (O | Unknown)[] = [];
  const waiting = inChunks(items, sending.size);
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
        else outcomes.push(...batch.map((item) => refusal(item, error.reason, error.exchangeId)));
        continue;
      }
      if (!sent && !error.mayHaveArrived) throw error;
      const first = error.mayHaveArrived ? error.message : notSent(error);
      outcomes.push(...batch.map((item) => unknown(item, first, error.exchangeId)));
      // What stopped this batch would stop the next ones too.
      outcomes.push(...waiting.flat().map((item) => unknown(item, notSent(error), null)));
      break;
    }
  }
  return outcomes;
}

/** Refusals that speak of the data; any other (404, 405, 413) would meet each half just the same. */
const namesNoRecord = ({ status }: CallFailed) => status === 400 || status === 409 || status === 422;

export const saved = (write: Item, exchangeId: number | null, vendorAt?: string | null): WriteOutcome => ({
  kind: 'saved',
  key: write.key,
  exchangeId,
  ...(vendorAt ? { vendorAt } : {}),
});

export const refused = (write: Item, reason: string, exchangeId: number | null): WriteOutcome => ({
  kind: 'refused',
  key: write.key,
  reason,
  exchangeId,
});

export const created = (create: Create, externalId: string, exchangeId: number | null): CreateOutcome => ({
  kind: 'created',
  key: create.key,
  externalId,
  exchangeId,
});

/** `taken`: another record has what must be unique. */
export const notCreated = (
  create: Create,
  reason: string,
  exchangeId: number | null,
  taken = false,
): CreateOutcome & { readonly kind: 'refused' } => ({
  kind: 'refused',
  key: create.key,
  reason,
  taken,
  exchangeId,
});

const unknown = (item: Item, reason: string, exchangeId: number | null): Unknown => ({
  kind: 'unknown',
  key: item.key,
  reason,
  exchangeId,
});

/** Reading first does no harm where nothing went out, and the port has no word of its own for it. */
const notSent = (error: CallFailed) => `not sent: ${error.message}`;

function complete<I extends Item, O extends Item>(
  batch: readonly I[],
  outcomes: readonly O[],
): (O | Unknown)[] {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  return batch.map((item) => byKey.get(item.key) ?? unknown(item, 'the answer does not mention it', null));
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

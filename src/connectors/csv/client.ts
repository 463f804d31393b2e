import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { CallContext, FailureCause } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import type { ConnectorOptions } from '../options.ts';
import { NotASheet, rowsOf } from './sheet.ts';
import { headingsOf, type SheetTable, tableOf } from './table.ts';
import { label } from './words.ts';

/** A file as it was read. */
export interface Reading {
  readonly table: SheetTable;
  /** When the file says that it was saved. */
  readonly savedAt: Date;
  readonly exchangeId: number;
}

export interface SheetClient {
  /** The file as it is now; read again only where it has changed. Throws CallFailed. */
  read(call: CallContext): Promise<Reading>;
}

const largest = 50_000_000;
/** A file that does not grow for so long is taken as written, in ms. */
const quietMs = 250;
const tries = 4;

type Options = ConnectorOptions<'csv'>;
interface Identity {
  readonly print: string;
  readonly size: number;
  readonly savedAt: Date;
}

export function sheetClient({ terms, http, clock }: Options): SheetClient {
  let last: { readonly print: string; readonly reading: Reading } | null = null;
  const failed = (cause: FailureCause, what: string, exchangeId: number | null = null) =>
    new CallFailed(terms.id, failure(cause, `${label}: ${terms.file} ${what}`, { reason: what }), {
      exchangeId,
    });

  const identity = async (): Promise<Identity> => {
    try {
      const { ino, size, mtime, mtimeMs, ctimeMs } = await stat(terms.file);
      // A copy of an older file brings its time along; the time of its arrival it cannot.
      return { print: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, size, savedAt: mtime };
    } catch (error) {
      throw failed(...causeOf(error));
    }
  };

  /** Bytes that nobody was changing while they were read. */
  const settled = async (call: CallContext): Promise<Identity & { readonly bytes: Buffer }> => {
    for (let left = tries; left > 0; left -= 1) {
      call.signal?.throwIfAborted();
      const before = await identity();
      if (before.size > largest) throw failed('refused', 'is larger than 50 MB');
      await clock.sleep(quietMs, call.signal);
      const bytes = await readFile(terms.file).catch((error: unknown) => {
        throw failed(...causeOf(error));
      });
      const after = await identity();
      if (after.print === before.print) return { ...after, bytes };
    }
    throw failed('unreachable', 'is being written at this moment: the next run reads it');
  };

  const log = (call: CallContext, at: Date, bytes: Buffer | null, error: string | null) =>
    http.log.write({
      at,
      connection: terms.id,
      purpose: 'read the file',
      method: 'READ',
      url: terms.file,
      attempt: 1,
      status: error === null ? 200 : null,
      durationMs: clock.now().getTime() - at.getTime(),
      error,
      requestBody: null,
      responseBody: null,
      responseHash: bytes && createHash('sha256').update(bytes).digest('hex'),
      headers: {},
      runId: call.runId,
      changeIds: call.changeIds,
    });

  const parse = async (bytes: Buffer): Promise<SheetTable> => {
    if (bytes.length === 0) throw new NotASheet('is empty');
    return tableOf(await rowsOf(terms.file, bytes, headingsOf(terms)), terms);
  };

  return {
    read: async (call) => {
      call.signal?.throwIfAborted();
      const at = clock.now();
      try {
        const { print } = await identity();
        if (last?.print === print) return last.reading;
        const now = await settled(call);
        const table = await parse(now.bytes);
        const exchangeId = await log(call, at, now.bytes, null);
        last = { print: now.print, reading: { table, savedAt: now.savedAt, exchangeId } };
        return last.reading;
      } catch (error) {
        if (error instanceof CallFailed) {
          const exchangeId = await log(call, at, null, error.message);
          throw failed(error.failure, error.reason, exchangeId);
        }
        if (!(error instanceof NotASheet)) throw error;
        const exchangeId = await log(call, at, null, `${label}: ${terms.file} ${error.message}`);
        throw failed('nonsense', error.message, exchangeId);
      }
    },
  };
}

function causeOf(error: unknown): [FailureCause, string] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return ['unreachable', 'is not there'];
  if (code === 'EACCES' || code === 'EPERM') return ['auth', 'may not be read by the user that runs Truce'];
  if (code === 'EISDIR') return ['refused', 'is a folder'];
  return ['unreachable', `could not be read (${code ?? String(error)})`];
}

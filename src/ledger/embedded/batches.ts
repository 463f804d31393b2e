import type { PGlite } from '@electric-sql/pglite';

/** First bytes of the client's messages after which the server still expects more of the same batch. */
const unfinished = new Set([...'PBDECHF'].map((letter) => letter.charCodeAt(0)));

/**
 * Lets a connection finish its batch of protocol messages before another's turn.
 *
 * pglite-socket queues single messages, and all its connections share one backend with one unnamed statement: with several
 * clients, one's values were bound to another's query ("bind message supplies 2 parameters, but prepared statement "" requires
 * 1", seen with 0.2.17 and a pool of 8). Its queue stays with a connection while the database says that it is in a
 * transaction; here an unfinished batch counts as one.
 */
export function oneBatchAtATime(database: PGlite): PGlite {
  let inBatch = false;
  const send: PGlite['execProtocolRawStream'] = async (message, options) => {
    inBatch = unfinished.has(message[0] ?? 0);
    try {
      await database.execProtocolRawStream(message, options);
    } catch (error) {
      // The queue would stand still for ever with nobody told: better to stop the worker.
      queueMicrotask(() => {
        throw error;
      });
      throw error;
    }
  };
  /** Used by the socket server alone, to roll back what a lost connection left behind. */
  const exec: PGlite['exec'] = async (query, options) => {
    if (inBatch) await database.execProtocolRawStream(sync, { onRawData: () => undefined });
    inBatch = false;
    return database.exec(query, options);
  };
  const replaced = {
    isInTransaction: () => inBatch || database.isInTransaction(),
    execProtocolRawStream: send,
    exec,
  };
  return new Proxy(database, {
    get: (target, name) => {
      if (name in replaced) return replaced[name as keyof typeof replaced];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const sync = new Uint8Array(['S'.charCodeAt(0), 0, 0, 0, 4]);

import type { TokenStore } from '../connectors/tokens.ts';
import type { Db } from './db.ts';

/** Scaffold: the tokens of the connections, encrypted. */
export function tokenLedger(_db: Db): TokenStore {
  return {
    read: async () => null,
    renew: async () => {
      throw new Error('not built yet');
    },
    connect: async () => undefined,
  };
}

import type { Connector } from '#src/connectors/connector.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';

/** A connector of which it is told, before each reading by id, what is about to be read. */
export function watched(
  connector: Connector,
  connection: string,
  reads: (system: PracticeSystem, externalIds: readonly string[]) => void,
): Connector {
  return {
    ...connector,
    read: (ids, call) => {
      reads(connection as PracticeSystem, ids);
      return connector.read(ids, call);
    },
  };
}

import type { AccountReport, Connection } from '#src/connectors/connection.ts';
import { type CallContext, type Connector, VendorError } from '#src/connectors/connector.ts';

/** A connection and one kind of its records in one object: what most tests of a vendor talk to. */
export interface OneOf extends Connector, Omit<Connection, 'account' | 'keeps' | 'label'> {
  account(call: CallContext): Promise<AccountReport>;
}

export function customersOf(connection: Connection | undefined): OneOf {
  return oneOf(connection, 'customer');
}

export function oneOf(connection: Connection | undefined, entity: string): OneOf {
  const connector = connection?.keeps.get(entity);
  if (!connection || !connector) throw new Error(`the registry made no connector for ${entity}`);
  return {
    ...connection,
    ...connector,
    account: (call) => connection.account([entity], call),
  };
}

/** A connection to nothing but these connectors, by entity. */
export function connectionOf(id: string, keeps: Readonly<Record<string, Connector>>): Connection {
  const nobody = async () => {
    throw new VendorError('bug', id, `${id} has no account to ask`);
  };
  return {
    system: id,
    label: id,
    oauth: null,
    keeps: new Map(Object.entries(keeps)),
    webhook: () => ({ kind: 'refused', status: 400, reason: 'It sends no webhooks.' }),
    account: nobody,
    setUp: nobody,
  };
}

/** The same connection, with something between it and each of its connectors. */
export const wrapped = (connection: Connection, wrap: (connector: Connector) => Connector): Connection => ({
  ...connection,
  keeps: new Map([...connection.keeps].map(([entity, connector]) => [entity, wrap(connector)])),
});

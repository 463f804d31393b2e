import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';

export function createPostgres(options: ConnectorOptions<'postgresql'>): Connector {
  throw new Error(`not built yet: ${options.terms.id}`);
}

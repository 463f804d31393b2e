import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';

export function createCsv(options: ConnectorOptions<'csv'>): Connector {
  throw new Error(`not built yet: ${options.terms.id}`);
}

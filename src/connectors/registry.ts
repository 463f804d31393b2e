import type { Agreement, ConnectionTerms, SystemName } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import { cin7CoreBaseUrl } from './cin7-core/calls.ts';
import { createCin7Core } from './cin7-core/index.ts';
import type { Connection } from './connection.ts';
import { VendorError } from './connector.ts';
import { createCsv } from './csv/index.ts';
import type { HttpDeps } from './http/client.ts';
import { createHubSpot } from './hubspot/index.ts';
import { hubspotAuthUrl, hubspotBaseUrl } from './hubspot/sign-in.ts';
import type { ConnectorOptions } from './options.ts';
import { createPostgres } from './postgresql/index.ts';
import type { TokenStore } from './tokens.ts';
import { createXero } from './xero/index.ts';
import { xeroAuthUrl, xeroBaseUrl } from './xero/sign-in.ts';

/** As people call the products, and the vendors' own addresses, used where the agreement sets no `base_url` or `auth_url`. */
export const systems: Readonly<
  Record<
    SystemName,
    { readonly label: string; readonly baseUrl: string | null; readonly authUrl: string | null }
  >
> = {
  hubspot: { label: 'HubSpot', baseUrl: hubspotBaseUrl, authUrl: hubspotAuthUrl },
  xero: { label: 'Xero', baseUrl: xeroBaseUrl, authUrl: xeroAuthUrl },
  'cin7-core': { label: 'Cin7 Core', baseUrl: cin7CoreBaseUrl, authUrl: null },
  postgresql: { label: 'Database', baseUrl: null, authUrl: null },
  csv: { label: 'Spreadsheet', baseUrl: null, authUrl: null },
};

function create(options: ConnectorOptions): Connection {
  const { terms, ...rest } = options;
  switch (terms.system) {
    case 'hubspot':
      return createHubSpot({ terms, ...rest });
    case 'xero':
      return createXero({ terms, ...rest });
    case 'cin7-core':
      return createCin7Core({ terms, ...rest });
    case 'postgresql':
      return createPostgres({ terms, ...rest });
    case 'csv':
      return createCsv({ terms, ...rest });
  }
}

export interface ConnectionsOptions {
  readonly agreement: Pick<Agreement, 'connections'>;
  /** The value of an environment variable that the agreement names, if there is one. */
  credential(variable: string): string | undefined;
  readonly http: HttpDeps;
  readonly tokens: TokenStore;
  readonly clock: Clock;
}

/** The connections of the agreement, by id. One set per process: tokens and budgets are shared. */
export function createConnections(options: ConnectionsOptions): ReadonlyMap<string, Connection> {
  return new Map(
    Object.values(options.agreement.connections).map((terms) => [
      terms.id,
      create({
        terms,
        http: options.http,
        tokens: options.tokens,
        clock: options.clock,
        credential: (name) => credentialOf(terms, name, options.credential),
      }),
    ]),
  );
}

function credentialOf(
  terms: ConnectionTerms,
  name: string,
  value: (variable: string) => string | undefined,
): string {
  const variable = terms.credentials[name];
  const found = variable === undefined ? undefined : value(variable);
  if (found) return found;
  const remedy =
    variable === undefined ? `name it under connections.${terms.id}.credentials` : `set ${variable}`;
  throw new VendorError(
    'auth',
    terms.id,
    `${systems[terms.system].label} needs the credential ${name}: ${remedy}`,
  );
}

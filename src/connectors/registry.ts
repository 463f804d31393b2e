import type { Agreement, ConnectionTerms, SystemName } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import { cin7CoreBaseUrl } from './cin7-core/client.ts';
import { createCin7Core } from './cin7-core/index.ts';
import { type Connector, VendorError } from './connector.ts';
import type { HttpDeps } from './http/client.ts';
import { hubspotBaseUrl } from './hubspot/client.ts';
import { createHubSpot } from './hubspot/index.ts';
import type { ConnectorOptions } from './options.ts';
import { xeroAuthUrl, xeroBaseUrl } from './xero/client.ts';
import { createXero } from './xero/index.ts';

/** What an agreement must and may say of a system, and how its connector is made. */
export interface SystemEntry {
  /** As people call the product. */
  readonly label: string;
  /** Names that a connection's `credentials` must have. */
  readonly credentials: readonly string[];
  /** Names that it may have: without them its webhooks are refused, and polling finds the changes. */
  readonly webhookCredentials: readonly string[];
  /** The vendor's own addresses, used where the agreement sets no `base_url` or `auth_url`. */
  readonly baseUrl: string;
  readonly authUrl: string | null;
  create(options: ConnectorOptions): Connector;
}

export const systems: Readonly<Record<SystemName, SystemEntry>> = {
  hubspot: {
    label: 'HubSpot',
    credentials: ['token'],
    webhookCredentials: ['webhook_secret'],
    baseUrl: hubspotBaseUrl,
    authUrl: null,
    create: createHubSpot,
  },
  xero: {
    label: 'Xero',
    credentials: ['client_id', 'client_secret'],
    webhookCredentials: ['webhook_key'],
    baseUrl: xeroBaseUrl,
    authUrl: xeroAuthUrl,
    create: createXero,
  },
  'cin7-core': {
    label: 'Cin7 Core',
    credentials: ['account_id', 'application_key'],
    webhookCredentials: ['webhook_secret'],
    baseUrl: cin7CoreBaseUrl,
    authUrl: null,
    create: createCin7Core,
  },
};

export const labels: Readonly<Record<SystemName, string>> = {
  hubspot: systems.hubspot.label,
  xero: systems.xero.label,
  'cin7-core': systems['cin7-core'].label,
};

export interface ConnectorsOptions {
  readonly agreement: Pick<Agreement, 'connections'>;
  /** The value of an environment variable that the agreement names, if there is one. */
  credential(variable: string): string | undefined;
  readonly http: HttpDeps;
  readonly clock: Clock;
}

/** One connector for each connection of the agreement, by connection id. One set per process: tokens and budgets are shared. */
export function createConnectors(options: ConnectorsOptions): ReadonlyMap<string, Connector> {
  return new Map(
    Object.values(options.agreement.connections).map((terms) => [
      terms.id,
      systems[terms.system].create({
        terms,
        http: options.http,
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
  throw new VendorError('auth', terms.id, `${labels[terms.system]} needs the credential ${name}: ${remedy}`);
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { type Answer, type Call, empty, json, text } from '../exchange.ts';
import { plantedCollection } from '../practice.ts';
import type { App } from './apps.ts';
import { dateBody } from './books/dates.ts';
import type { LockDates } from './books/state.ts';
import { msDate } from './wire.ts';

/** An organisation ("tenant") of the practice Xero. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly version: 'AU' | 'NZ' | 'UK' | 'US';
}

/** That an organisation lets an app in. */
export interface Connection {
  readonly id: string;
  readonly clientId: string;
  readonly organisation: string;
  /** Shared by what was connected in one consent. */
  readonly authEventId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const mainOrganisation: Organisation = {
  id: '00000000-0000-4000-8000-00000000a0a0',
  name: 'Example Trading Co Pty Ltd',
  version: 'AU',
};

export interface Connections {
  /** Connects, or says again that it is. */
  connect(app: App, organisation: string, authEventId: string): void;
  isConnected(app: App, organisation: string): boolean;
  /** Without an app: from all of them. */
  disconnect(organisation: string, app?: App): void;
  disconnectAll(app: App): void;
  /** `GET /connections`, `DELETE /connections/{id}`. */
  answer(call: Call, app: App): Answer;
}

/** A Custom Connection is connected when it is bought; any other app once somebody allows it. */
export function openConnections(
  store: Store,
  clock: Clock,
  organisations: readonly Organisation[],
  custom: App,
): Connections {
  const at = clock.now().toISOString();
  const bought: Connection = {
    id: '00000000-0000-4000-8000-00000000c0c0',
    clientId: custom.clientId,
    organisation: mainOrganisation.id,
    authEventId: '00000000-0000-4000-8000-00000000e0e0',
    createdAt: at,
    updatedAt: at,
  };
  const connections = plantedCollection(store, 'xero.connections', [bought], ({ id }) => id);
  const of = ({ clientId }: App) => connections.all().filter((one) => one.clientId === clientId);
  const remove = (some: readonly Connection[]) => {
    for (const { id } of some) connections.delete(id);
  };
  const shown = ({ id, organisation, authEventId, createdAt, updatedAt }: Connection) => ({
    id,
    authEventId,
    tenantId: organisation,
    tenantType: 'ORGANISATION',
    tenantName: organisations.find((one) => one.id === organisation)?.name ?? '',
    createdDateUtc: sevenDigits(createdAt),
    updatedDateUtc: sevenDigits(updatedAt),
  });
  return {
    connect: (app, organisation, authEventId) => {
      const now = clock.now().toISOString();
      const before = of(app).find((one) => one.organisation === organisation);
      const { id, createdAt } = before ?? { id: randomUUID(), createdAt: now };
      const { clientId } = app;
      connections.set(id, { id, clientId, organisation, authEventId, createdAt, updatedAt: now });
    },
    isConnected: (app, organisation) => of(app).some((one) => one.organisation === organisation),
    disconnect: (organisation, app) =>
      remove((app ? of(app) : connections.all()).filter((one) => one.organisation === organisation)),
    disconnectAll: (app) => remove(of(app)),
    answer: (call, app) => {
      const [, , id] = call.path.split('/');
      if (call.method === 'GET' && !id) {
        const event = call.query.get('authEventId');
        return json(
          200,
          of(app)
            .filter((one) => event === null || one.authEventId === event)
            .map(shown),
        );
      }
      if (call.method !== 'DELETE' || !id) return empty(405);
      const found = of(app).filter((one) => one.id === id.toLowerCase());
      remove(found);
      return found.length > 0 ? empty(204) : text(404, 'Connection not found');
    },
  };
}

/** `2019-12-07T18:46:19.5165400`: UTC without saying so, to the tenth of a microsecond. */
const sevenDigits = (at: string) => at.replace(/Z$/, '0000');

/** `GET /Organisation`: the one that the call is for. */
export const organisationBody = (
  { id, name, version }: Organisation,
  { period, year }: LockDates,
): Record<string, unknown> => ({
  ...(period === null ? {} : { PeriodLockDate: dateBody(period) }),
  ...(year === null ? {} : { EndOfYearLockDate: dateBody(year) }),
  OrganisationID: id,
  Name: name,
  LegalName: name,
  PaysTax: true,
  Version: version,
  OrganisationType: 'COMPANY',
  BaseCurrency: version === 'NZ' ? 'NZD' : 'AUD',
  CountryCode: version === 'NZ' ? 'NZ' : 'AU',
  IsDemoCompany: false,
  OrganisationStatus: 'ACTIVE',
  TaxNumber: version === 'AU' ? '51824753556' : '',
  FinancialYearEndDay: 30,
  FinancialYearEndMonth: 6,
  SalesTaxBasis: 'ACCRUALS',
  SalesTaxPeriod: 'QUARTERLY1',
  DefaultSalesTax: 'Tax Exclusive',
  DefaultPurchasesTax: 'Tax Exclusive',
  CreatedDateUTC: msDate(new Date('2019-07-01T00:00:00.000Z')),
  OrganisationEntityType: 'COMPANY',
  Timezone: 'AUSEASTERNSTANDARDTIME',
  ShortCode: '!pRact',
  Edition: 'BUSINESS',
  Class: 'PREMIUM',
  Addresses: [],
  Phones: [],
  ExternalLinks: [],
  PaymentTerms: {},
});

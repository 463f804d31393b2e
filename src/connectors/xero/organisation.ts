import type { ConnectionTerms } from '../../agreement/agreement.ts';
import { VendorError } from '../connector.ts';
import type { XeroConnection } from './schema.ts';

type Terms = Pick<Extract<ConnectionTerms, { readonly system: 'xero' }>, 'id' | 'organisation'>;

/** An organisation that a sign-in reaches. */
export interface Organisation {
  readonly tenantId: string;
  readonly tenantName: string;
}

const fold = (text: string) => text.trim().toLowerCase();

/** True where a stored sign-in is for the organisation that the agreement names now, or it names none. */
export const isNamed = ({ tenantId, tenantName }: Organisation, { organisation }: Terms): boolean =>
  organisation === null || [tenantId, tenantName].some((own) => fold(own) === fold(organisation));

/** The organisation that the agreement names by id or name, or the only one. Throws VendorError `auth` that lists what there is. */
export function chooseOrganisation(connections: readonly XeroConnection[], terms: Terms): Organisation {
  const organisations = connections
    .filter(({ tenantType }) => (tenantType ?? 'ORGANISATION') === 'ORGANISATION')
    .map(({ tenantId, tenantName }) => ({ tenantId, tenantName: tenantName?.trim() || tenantId }));
  const wrong = (what: string) => new VendorError('auth', terms.id, `Xero’s sign-in ${what}`);
  if (organisations.length === 0) {
    throw wrong('reaches no organisation: connect it again and choose one on Xero’s page');
  }
  const names = organisations.map(({ tenantName }) => `“${tenantName}”`).join(', ');
  const setting = `connections.${terms.id}.organisation`;
  if (terms.organisation === null) {
    const [only, ...more] = organisations;
    if (only && more.length === 0) return only;
    throw wrong(`reaches several organisations (${names}): name one under ${setting}`);
  }
  const named = fold(terms.organisation);
  const byId = organisations.find(({ tenantId }) => fold(tenantId) === named);
  if (byId) return byId;
  const byName = organisations.filter(({ tenantName }) => fold(tenantName) === named);
  const [found, ...others] = byName;
  if (found && others.length === 0) return found;
  if (found)
    throw wrong(`reaches several organisations called “${terms.organisation}”: name its id under ${setting}`);
  throw wrong(
    `does not reach “${terms.organisation}”, only ${names}: choose it on Xero’s page, or correct ${setting}`,
  );
}

import type { ConnectionTerms, SystemName } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { HttpDeps } from './http/client.ts';
import type { TokenStore } from './tokens.ts';

/** What a connector is made from; the same for every system. */
export interface ConnectorOptions<S extends SystemName = SystemName> {
  readonly terms: Extract<ConnectionTerms, { readonly system: S }>;
  /** The credential of that name as it is now. Throws where there is none. */
  credential(name: string): string;
  readonly http: HttpDeps;
  readonly tokens: TokenStore;
  readonly clock: Clock;
}

/** A base URL of the agreement, or the vendor's own, without a slash at its end. */
export const address = (own: string | null, vendors: string): string => (own ?? vendors).replace(/\/+$/, '');

/** The credentials that are there, for taking them out of logs. */
export function knownSecrets(
  credential: (name: string) => string,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    try {
      return [credential(name)];
    } catch {
      return [];
    }
  });
}

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import type { App } from './apps.ts';

/** What somebody allowed an app. */
export interface Grant {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The consent that it came from. */
  readonly event: string;
}

interface Kept {
  readonly token: string;
  readonly grant: Grant;
  /** ISO 8601. */
  readonly issuedAt: string;
  readonly usedAt: string | null;
  /** The one that was given for it, once it was used. */
  readonly next: string | null;
}

export interface RefreshTokens {
  /** A new token, which takes the place of `before`. */
  issue(grant: Grant, before: string | null): string;
  /** The token that comes after this one, or null where it is no good any more. */
  rotate(app: App, token: string): { readonly token: string; readonly grant: Grant } | null;
  /** False where there was none. */
  forget(app: App, token: string): boolean;
  clear(): void;
}

const unusedMs = 60 * 86_400_000;
const graceMs = 30 * 60_000;

/**
 * A refresh token ends after 60 days without use, and with its use: then there is a new one. The one before may be used again
 * for 30 minutes, unless its successor was used; who does so makes the successor void. That is how parallel refreshes lose the
 * newest token. Sources: Xero's page on tokens; Xero-NetStandard#257, xero-ruby#95.
 */
export function openRefreshTokens(store: Store, clock: Clock): RefreshTokens {
  const kept = store.collection<Kept>('xero.refresh-tokens');
  const age = (at: string) => clock.now().getTime() - Date.parse(at);
  const isGood = ({ issuedAt, usedAt, next }: Kept): boolean => {
    if (usedAt === null) return age(issuedAt) < unusedMs;
    const successor = next === null ? undefined : kept.get(next);
    return age(usedAt) < graceMs && successor?.usedAt === null;
  };
  const issue = (grant: Grant, before: string | null): string => {
    const token = randomBytes(33).toString('base64url');
    const at = clock.now().toISOString();
    kept.set(token, { token, grant, issuedAt: at, usedAt: null, next: null });
    const used = before === null ? undefined : kept.get(before);
    if (used?.next) kept.delete(used.next);
    if (used) kept.set(used.token, { ...used, usedAt: used.usedAt ?? at, next: token });
    return token;
  };
  const held = ({ clientId }: App, token: string): Kept | null => {
    const found = kept.get(token);
    return found?.grant.clientId === clientId ? found : null;
  };
  return {
    issue,
    rotate: (app, token) => {
      const found = held(app, token);
      return found && isGood(found) ? { token: issue(found.grant, token), grant: found.grant } : null;
    },
    forget: (app, token) => {
      const found = held(app, token);
      for (const one of kept.all())
        if (found && one.grant.event === found.grant.event) kept.delete(one.token);
      return found !== null;
    },
    clear: () => {
      for (const { token } of kept.all()) kept.delete(token);
    },
  };
}

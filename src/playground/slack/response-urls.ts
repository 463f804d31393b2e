import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Origin } from './triggers.ts';
import { APP, TEAM } from './workspace.ts';

const LIFE_MS = 30 * 60_000;
const USES = 5;

/** What an answer to this address is about. */
export interface Addressee {
  readonly origin: Origin;
  /** The message that was clicked; null after a command. */
  readonly messageTs: string | null;
  readonly threadTs: string | null;
  readonly ephemeral: boolean;
}

/** Addresses to which the app may answer 5 times within 30 minutes, without a token. Kept in memory only. */
export interface ResponseUrls {
  give(kind: 'commands' | 'actions', addressee: Addressee): string;
  /** Counts one use of the path of such an address. Null: there is none, Slack would answer 404. */
  use(path: string): Addressee | { readonly error: string } | null;
}

/** @param origin where this workspace listens, as in `http://127.0.0.1:4000`; known only once it does. */
export function openResponseUrls(clock: Clock, origin: () => string): ResponseUrls {
  const given = new Map<string, { addressee: Addressee; at: number; uses: number }>();
  return {
    give: (kind, addressee) => {
      const path = `/${kind}/${TEAM.id}/${APP.id}/${randomBytes(12).toString('hex')}`;
      given.set(path, { addressee, at: clock.now().getTime(), uses: 0 });
      return origin() + path;
    },
    use: (path) => {
      const found = given.get(path);
      if (found === undefined) return null;
      if (clock.now().getTime() - found.at > LIFE_MS) return { error: 'expired_url' };
      if (found.uses >= USES) return { error: 'used_url' };
      found.uses += 1;
      return found.addressee;
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';

const LIFE_MS = 3000;

/** Who did what last, and where: what a modal opened from it belongs to. */
export interface Origin {
  readonly user: string;
  readonly channel: string;
  /** The modal in which it was done, if it was in one. */
  readonly viewId: string | null;
}

/** Permissions to open a modal for the person who just did something: good once, for 3 seconds. Kept in memory only. */
export interface Triggers {
  give(origin: Origin): string;
  /** Where it comes from, or the error that Slack names. */
  spend(id: string): Origin | { readonly error: string };
}

export function openTriggers(clock: Clock): Triggers {
  const given = new Map<string, { origin: Origin; at: number; spent: boolean }>();
  return {
    give: (origin) => {
      const at = clock.now().getTime();
      const id = `${at}.${given.size + 1}.${randomBytes(16).toString('hex')}`;
      given.set(id, { origin, at, spent: false });
      return id;
    },
    spend: (id) => {
      const trigger = given.get(id);
      if (trigger === undefined) return { error: 'invalid_trigger_id' };
      if (trigger.spent) return { error: 'exchanged_trigger_id' };
      if (clock.now().getTime() - trigger.at > LIFE_MS) return { error: 'expired_trigger_id' };
      trigger.spent = true;
      return trigger.origin;
    },
  };
}

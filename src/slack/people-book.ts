import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Known, PersonFacts } from './people.ts';

const keptFor = 60_000;

export interface PeopleBook {
  /** Who this is by Slack's word, remembered for a minute; null where Slack did not answer. */
  who(userId: string): Promise<Known>;
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>;

export function peopleBook({
  client,
  clock,
  log,
}: {
  client: WebClient;
  clock: Clock;
  log: Logger;
}): PeopleBook {
  const seen = new Map<string, { facts: PersonFacts; until: number }>();
  return {
    who: async (userId) => {
      const now = clock.now().getTime();
      const known = seen.get(userId);
      if (known && known.until > now) return known.facts;
      try {
        const { user } = await client.users.info({ user: userId });
        if (!user) return null;
        const facts = factsOf(userId, user);
        seen.set(userId, { facts, until: now + keptFor });
        return facts;
      } catch (error) {
        log.warn(
          { event: 'person_unknown', reason: (error as Error).message },
          'Slack did not say who somebody is; nothing was allowed.',
        );
        return null;
      }
    },
  };
}

function factsOf(id: string, user: SlackUser): PersonFacts {
  // In an Enterprise organisation a person belongs to several workspaces; `team_id` names only one of them.
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])].filter((team) => team !== undefined);
  return {
    id,
    teams,
    isBot: user.is_bot === true,
    deactivated: user.deleted === true,
    guest: user.is_restricted === true || user.is_ultra_restricted === true,
    stranger: (user as { is_stranger?: boolean }).is_stranger === true,
  };
}

import type { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';

const keptFor = 10 * 60_000;
const askAgainAfter = 60_000;

export interface Rooms {
  /** The id of a channel that the agreement names, by name or id; null where there is none. Throws what Slack answers. */
  idOf(channel: string): Promise<string | null>;
  /** Asks Slack again at the next need: a channel may have been made, renamed or archived. */
  forget(): void;
}

/** Which channels there are. */
export function rooms({ client, clock }: { client: WebClient; clock: Clock }): Rooms {
  let names = new Map<string, string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    idOf: async (channel) => {
      const name = channel.replace(/^#/, '');
      if (/^[CGD][A-Z0-9]{7,}$/.test(name)) return name;
      const age = clock.now().getTime() - askedAt;
      if (age > keptFor || age < 0 || (!names.has(name) && age > askAgainAfter)) {
        names = await channelIds(client);
        askedAt = clock.now().getTime();
      }
      return names.get(name) ?? null;
    },
    forget: () => {
      askedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** All channels that the bot can see, by name; a live channel wins over an archived one of the same name. */
async function channelIds(client: WebClient): Promise<Map<string, string>> {
  const found = new Map<string, { id: string; archived: boolean }>();
  for (const { id, name, is_archived } of await allRooms(client)) {
    if (!id || !name) continue;
    const known = found.get(name);
    if (!known || known.archived) found.set(name, { id, archived: is_archived === true });
  }
  return new Map([...found].map(([name, { id }]) => [name, id]));
}

/** A channel as Slack lists it. */
export interface Room {
  readonly id?: string;
  readonly name?: string;
  readonly is_archived?: boolean;
  readonly is_member?: boolean;
  readonly is_ext_shared?: boolean;
}

/** Every channel that the bot can see. Rejects where Slack does not list them. */
export async function allRooms(client: WebClient): Promise<Room[]> {
  const rooms: Room[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.conversations.list({
      types: 'public_channel,private_channel',
      limit: 200,
      ...(cursor ? { cursor } : {}),
    });
    rooms.push(...(page.channels ?? []));
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return rooms;
}

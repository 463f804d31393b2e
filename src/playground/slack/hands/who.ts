import type { PageAnswer } from '../../page-server/api.ts';
import type { Channel, Person } from '../workspace.ts';
import type { World } from '../world.ts';

/** A person did something that their Slack could not have offered: a mistake of the page or of a test. */
export class Impossible extends Error {}

const done: PageAnswer = { ok: true };

/** Runs `work` and turns an `Impossible` into an answer that the page can show. */
export async function attempt(work: () => Promise<void> | void): Promise<PageAnswer> {
  try {
    await work();
    return done;
  } catch (error) {
    if (error instanceof Impossible) return { ok: false, error: error.message };
    throw error;
  }
}

export function activePerson({ state }: World, id: string): Person {
  const person = state.people.get(id);
  if (person === undefined) throw new Impossible(`There is nobody with the id ${id} in this workspace.`);
  if (person.standing === 'deactivated') throw new Impossible(`${person.realName} has been deactivated.`);
  if (person.standing === 'bot') throw new Impossible(`${person.realName} is an app.`);
  return person;
}

/** A channel that the person is in. */
export function joinedChannel({ state }: World, person: Person, id: string): Channel {
  const channel = state.channels.get(id);
  if (channel === undefined || !channel.members.includes(person.id))
    throw new Impossible(`${person.realName} is not in the channel ${id}.`);
  return channel;
}

/** What Slack itself says to somebody, next to the channel they are in. */
export function slackbot(world: World, to: string, channel: string, text: string): void {
  world.listeners.tell(to, { type: 'slackbot', channel, text });
}

import type { PageAnswer } from '../../page-server/api.ts';
import type { Message } from '../messages.ts';
import { eventPayload } from '../payloads.ts';
import { post } from '../posting.ts';
import { APP, type Channel, TEAM } from '../workspace.ts';
import type { World } from '../world.ts';
import { activePerson, attempt, Impossible, joinedChannel } from './who.ts';

interface Words {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs: string | null;
}

/** An ordinary message. The app hears of it where it is in the channel and subscribed to such events. */
export function say(world: World, { as, channel, text, threadTs }: Words): Promise<PageAnswer> {
  return attempt(() => {
    const person = activePerson(world, as);
    const room = joinedChannel(world, person, channel);
    if (room.isArchived) throw new Impossible(`#${room.name} is archived.`);
    if (text.trim() === '') throw new Impossible('A message needs words.');
    const message = post(world, { channel: room, user: as, text: linked(world, text), blocks: [], threadTs });
    tellApp(world, room, message);
  });
}

/** `@sam.lee` and `#general` become `<@U…>` and `<#C…|general>`, as Slack's composer sends them. */
export function linked({ state }: World, text: string): string {
  return text
    .replace(/(^|\s)@([a-z][a-z0-9._-]*)/g, (whole, before: string, name: string) => {
      const person = state.people.all().find((one) => one.name === name);
      return person === undefined ? whole : `${before}<@${person.id}>`;
    })
    .replace(/(^|\s)#([a-z0-9][a-z0-9_-]*)/g, (whole, before: string, name: string) => {
      const channel = state.channels.all().find((one) => one.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}|${name}>`;
    });
}

function tellApp(world: World, room: Channel, message: Message): void {
  if (!room.members.includes(APP.botUser)) return;
  const kind = room.isDirect ? 'im' : room.isPrivate ? 'group' : 'channel';
  const common = {
    user: message.user,
    text: message.text,
    ts: message.ts,
    channel: room.id,
    team: TEAM.id,
    event_ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  };
  const send = (event: Readonly<Record<string, unknown>>) =>
    world.sockets.event(eventPayload(event, world.clock.now()));
  const subscription = room.isDirect ? 'message.im' : room.isPrivate ? 'message.groups' : 'message.channels';
  if (world.events.includes(subscription)) send({ type: 'message', channel_type: kind, ...common });
  const mentions = message.text.includes(`<@${APP.botUser}>`);
  if (mentions && world.events.includes('app_mention')) send({ type: 'app_mention', ...common });
}

/** The person opens the app's Home tab. */
export function openHome(world: World, as: string): Promise<PageAnswer> {
  return attempt(() => {
    const person = activePerson(world, as);
    if (!world.events.includes('app_home_opened')) return;
    const channel = world.state.directWith(person.id).id;
    const event = {
      type: 'app_home_opened',
      user: as,
      channel,
      tab: 'home',
      event_ts: world.state.nextTs(channel),
    };
    world.sockets.event(eventPayload(event, world.clock.now()));
  });
}

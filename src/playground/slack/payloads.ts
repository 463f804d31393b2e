import { randomBytes } from 'node:crypto';
import { messageObject } from './api/rooms.ts';
import type { Message } from './messages.ts';
import { homeObject, type LiveView, type PublishedHome, viewObject } from './views.ts';
import { APP, type Channel, type Person, TEAM } from './workspace.ts';
import type { World } from './world.ts';

/** The payloads that Slack sends, field by field as in Bolt's types and Slack's recorded samples. */
type Payload = Readonly<Record<string, unknown>>;

const VERIFICATION_TOKEN = 'practice-verification-token';
const team = { id: TEAM.id, domain: TEAM.domain };
const userOf = ({ id, name, teamId }: Person) => ({ id, username: name, name, team_id: teamId });
const channelName = (channel: Channel) => (channel.isDirect ? 'directmessage' : channel.name);
const common = (person: Person) => ({
  user: userOf(person),
  api_app_id: APP.id,
  token: VERIFICATION_TOKEN,
  team,
  enterprise: null,
  is_enterprise_install: false,
});

interface CommandGiven {
  readonly person: Person;
  readonly channel: Channel;
  readonly command: string;
  readonly text: string;
  readonly responseUrl: string;
  readonly triggerId: string;
}
/** Flat, every value a string. */
export const commandPayload = (given: CommandGiven): Payload => ({
  token: VERIFICATION_TOKEN,
  team_id: TEAM.id,
  team_domain: TEAM.domain,
  channel_id: given.channel.id,
  channel_name: channelName(given.channel),
  user_id: given.person.id,
  user_name: given.person.name,
  command: given.command,
  text: given.text,
  api_app_id: APP.id,
  is_enterprise_install: 'false',
  response_url: given.responseUrl,
  trigger_id: given.triggerId,
});

interface Click {
  readonly person: Person;
  readonly action: Payload;
  readonly values: unknown;
  readonly triggerId: string;
}
interface MessageClick extends Click {
  readonly channel: Channel;
  readonly message: Message;
  readonly ephemeral: boolean;
  readonly responseUrl: string;
}
/** From a message. Of an ephemeral one Slack sends the container only, never the message. */
export const messageClickPayload = (world: World, click: MessageClick): Payload => ({
  type: 'block_actions',
  ...common(click.person),
  container: {
    type: 'message',
    message_ts: click.message.ts,
    channel_id: click.channel.id,
    is_ephemeral: click.ephemeral,
    ...(click.message.threadTs === null ? {} : { thread_ts: click.message.threadTs }),
  },
  trigger_id: click.triggerId,
  channel: { id: click.channel.id, name: channelName(click.channel) },
  ...(click.ephemeral ? {} : { message: messageObject(world, click.message) }),
  state: { values: click.values },
  response_url: click.responseUrl,
  actions: [click.action],
});

export const viewClickPayload = (click: Click & { readonly view: LiveView }): Payload => ({
  type: 'block_actions',
  ...common(click.person),
  container: { type: 'view', view_id: click.view.id },
  trigger_id: click.triggerId,
  view: viewObject(click.view, click.values),
  actions: [click.action],
});

/** From the app's Home tab. */
export const homeClickPayload = (click: Click & { readonly home: PublishedHome }): Payload => ({
  type: 'block_actions',
  ...common(click.person),
  container: { type: 'view', view_id: click.home.id },
  trigger_id: click.triggerId,
  view: homeObject(click.home, click.values),
  actions: [click.action],
});

interface Submission {
  readonly person: Person;
  readonly view: LiveView;
  readonly values: unknown;
  readonly triggerId: string;
}
export const submissionPayload = ({ person, view, values, triggerId }: Submission): Payload => ({
  type: 'view_submission',
  ...common(person),
  trigger_id: triggerId,
  view: viewObject(view, values),
  response_urls: [],
});

export const closedPayload = (
  person: Person,
  view: LiveView,
  values: unknown,
  isCleared: boolean,
): Payload => ({
  type: 'view_closed',
  ...common(person),
  view: viewObject(view, values),
  is_cleared: isCleared,
});

interface Shortcut {
  readonly person: Person;
  readonly channel: Channel;
  readonly message: Message;
  readonly callbackId: string;
  readonly responseUrl: string;
  readonly triggerId: string;
  readonly actionTs: string;
}
export const shortcutPayload = (world: World, shortcut: Shortcut): Payload => ({
  type: 'message_action',
  ...common(shortcut.person),
  callback_id: shortcut.callbackId,
  trigger_id: shortcut.triggerId,
  message_ts: shortcut.message.ts,
  response_url: shortcut.responseUrl,
  message: messageObject(world, shortcut.message),
  channel: { id: shortcut.channel.id, name: channelName(shortcut.channel) },
  action_ts: shortcut.actionTs,
});

/** `event` in the envelope of the Events API. The same event id comes again when it is sent again. */
export const eventPayload = (event: Payload, at: Date): Payload => ({
  token: VERIFICATION_TOKEN,
  team_id: TEAM.id,
  api_app_id: APP.id,
  event,
  type: 'event_callback',
  event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
  event_time: Math.floor(at.getTime() / 1000),
  authorizations: [
    {
      enterprise_id: null,
      team_id: TEAM.id,
      user_id: APP.botUser,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
  event_context: `4-${randomBytes(12).toString('hex')}`,
});

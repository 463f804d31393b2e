import type { World } from '../world.ts';
import type { Args } from './args.ts';
import * as chat from './chat.ts';
import * as conversations from './conversations.ts';
import * as files from './files.ts';
import * as people from './people.ts';
import * as views from './views.ts';

/** Carries out one call that came to `host`, and answers its fields without `ok`. Throws `Refused`. */
export type Method = (world: World, args: Args, host: string) => Readonly<Record<string, unknown>>;

/** Every method for the bot's token. `apps.connections.open` takes the app's and is served apart. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    'auth.test': people.authTest,
    'chat.postMessage': chat.postMessage,
    'chat.update': chat.update,
    'chat.postEphemeral': chat.postEphemeral,
    'chat.getPermalink': chat.getPermalink,
    'conversations.info': conversations.info,
    'conversations.list': conversations.list,
    'conversations.history': conversations.history,
    'conversations.replies': conversations.replies,
    'conversations.members': conversations.members,
    'conversations.open': conversations.open,
    'files.getUploadURLExternal': files.getUploadURLExternal,
    'files.completeUploadExternal': files.completeUploadExternal,
    'bots.info': people.botInfo,
    'users.info': people.userInfo,
    'usergroups.users.list': people.groupMembers,
    'views.open': views.open,
    'views.push': views.push,
    'views.update': views.update,
    'views.publish': views.publish,
  }),
);

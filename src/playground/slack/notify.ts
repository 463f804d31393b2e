import type { Message } from './messages.ts';
import type { Channel, Person, UserGroup } from './workspace.ts';

/** Pure: who is told of a new message, and in which words. An edit or an ephemeral message never comes here. */

interface NewMessage {
  readonly message: Message;
  readonly channel: Channel;
  /** The parent and the earlier replies, when the message is a reply. */
  readonly thread: readonly Message[];
  readonly person: (id: string) => Person | undefined;
  readonly group: (id: string) => UserGroup | undefined;
}

/** Members mentioned, the other side of a direct message, and those who follow the thread. Never the author, bots or people who left. */
export function whoIsNotified(now: NewMessage): readonly string[] {
  const { message, channel, thread } = now;
  const inThread = message.threadTs !== null;
  const addressed = new Set(channel.isDirect ? channel.members : mentioned(message, now));
  if (inThread)
    for (const one of thread) for (const id of [one.user, ...mentioned(one, now)]) addressed.add(id);
  return channel.members.filter((id) => {
    const standing = now.person(id)?.standing;
    const reachable = standing === 'member' || standing === 'guest' || standing === 'foreign';
    return reachable && id !== message.user && addressed.has(id);
  });
}

/** People named by a mention, a user group, `<!here>` or `<!channel>`, in the text or in a block. */
function mentioned(message: Message, { channel, group }: NewMessage): readonly string[] {
  const words = JSON.stringify([message.text, message.blocks]);
  const users = [...words.matchAll(/<@([UW][A-Z0-9]+)|"user_id":"([UW][A-Z0-9]+)"/g)];
  const groups = [...words.matchAll(/<!subteam\^(S[A-Z0-9]+)|"usergroup_id":"(S[A-Z0-9]+)"/g)];
  const all = /<!(here|channel|everyone)[|>]|"type":"broadcast"/.test(words);
  return [
    ...users.map((hit) => hit[1] ?? hit[2] ?? ''),
    ...groups.flatMap((hit) => group(hit[1] ?? hit[2] ?? '')?.members ?? []),
    ...(all ? channel.members : []),
  ];
}

const LOCK_SCREEN = 150;

/** What a phone's lock screen shows: the top-level text, names for mentions, one line, at most 150 characters. */
export function notificationText(text: string, nameOf: (id: string) => string): string {
  if (text.trim() === '') return 'This content can’t be displayed.';
  const line = asRead(text, nameOf).replace(/\s+/g, ' ').trim();
  return line.length <= LOCK_SCREEN ? line : `${line.slice(0, LOCK_SCREEN - 1).trimEnd()}…`;
}

function asRead(text: string, nameOf: (id: string) => string): string {
  return text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(id)}`)
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!subteam\^[^|>]*(?:\|@?([^>]*))?>/g, (_, name?: string) => `@${name ?? 'group'}`)
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<#[CG][A-Z0-9]+\|?([^>]*)>/g, '#$1')
    .replace(/<([^|>]+)(?:\|([^>]*))?>/g, (_, address: string, name?: string) => name ?? address)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

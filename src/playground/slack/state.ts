import type { Clock } from '../../clock.ts';
import type { PageNotification } from '../page-server/api.ts';
import type { Collection, Store } from '../store.ts';
import { type Messages, openMessages } from './messages.ts';
import { APP, type Channel, type Person, type UserGroup } from './workspace.ts';

export interface Seed {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly groups?: readonly UserGroup[];
}

/** What a workspace remembers over a restart: people, channels with their members, messages, notifications. */
export interface State extends Messages {
  readonly people: Collection<Person>;
  readonly channels: Collection<Channel>;
  readonly groups: Collection<UserGroup>;
  readonly notifications: Collection<PageNotification>;
  /** The direct messages between the app and a person, opened when there are none. */
  directWith(user: string): Channel;
}

/** Opens what `store` holds; people and channels of the seed are added where they are not known yet. */
export function openState(store: Store, clock: Clock, seed: Seed): State {
  const people = store.collection<Person>('slack.people');
  const channels = store.collection<Channel>('slack.channels');
  const groups = store.collection<UserGroup>('slack.groups');
  addMissing(people, seed.people);
  addMissing(channels, seed.channels);
  addMissing(groups, seed.groups ?? []);
  return {
    people,
    channels,
    groups,
    notifications: store.collection<PageNotification>('slack.notifications'),
    ...openMessages(store, clock),
    directWith: (user) => openDirect(channels, user, clock),
  };
}

function addMissing<T extends { readonly id: string }>(to: Collection<T>, seed: readonly T[]): void {
  for (const one of seed) if (to.get(one.id) === undefined) to.set(one.id, one);
}

function openDirect(channels: Collection<Channel>, user: string, clock: Clock): Channel {
  const id = `D${user.slice(1)}`;
  const known = channels.get(id);
  if (known !== undefined) return known;
  const opened: Channel = {
    id,
    name: '',
    topic: '',
    isPrivate: true,
    isArchived: false,
    isShared: false,
    isDirect: true,
    members: [user, APP.botUser],
    created: Math.floor(clock.now().getTime() / 1000),
  };
  channels.set(id, opened);
  return opened;
}

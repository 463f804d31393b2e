import { randomBytes } from 'node:crypto';
import type { HomeView, ModalView } from '@slack/types';
import type { PageView } from '../page-server/api.ts';
import { withIds } from './ids.ts';
import type { Listeners } from './listeners.ts';
import type { Origin } from './triggers.ts';
import { APP, TEAM } from './workspace.ts';

export interface LiveView {
  readonly id: string;
  readonly user: string;
  /** Where the person was when it was opened. */
  readonly channel: string;
  readonly view: ModalView;
  readonly hash: string;
  readonly rootId: string;
  readonly previousId: string | null;
}
export interface PublishedHome {
  readonly id: string;
  readonly view: HomeView;
  readonly hash: string;
}
export const STACK = 3;

/** The modals that are open, one stack per person, and each person's App Home. A restart forgets them. */
export interface Views {
  get(id: string): LiveView | undefined;
  byExternalId(externalId: string): LiveView | undefined;
  /** The person's stack, the topmost last. */
  stack(user: string): readonly LiveView[];
  /** Replaces whatever modal the person has open. */
  open(origin: Origin, view: ModalView): LiveView;
  push(origin: Origin, view: ModalView): LiveView;
  update(live: LiveView, view: ModalView): LiveView;
  showErrors(live: LiveView, errors: PageView['errors']): void;
  close(live: LiveView): void;
  home(user: string): PublishedHome | undefined;
  publish(user: string, view: HomeView): PublishedHome;
}

const newHash = () => `${randomBytes(4).readUInt32BE()}.${randomBytes(4).toString('hex')}`;
const newId = () => `V0${randomBytes(5).toString('hex').toUpperCase()}`;
const pageView = (live: LiveView, errors: PageView['errors'] = {}): PageView => ({
  id: live.id,
  view: live.view,
  errors,
});
const named = <V extends ModalView | HomeView>(view: V): V => ({ ...view, blocks: withIds(view.blocks) });

export function openViews(listeners: Listeners): Views {
  const live = new Map<string, LiveView>();
  const homes = new Map<string, PublishedHome>();
  const stack = (user: string) => [...live.values()].filter((one) => one.user === user);
  const close = (one: LiveView) => {
    live.delete(one.id);
    listeners.tell(one.user, { type: 'view_closed', id: one.id });
  };
  const show = (origin: Origin, view: ModalView, previous: LiveView | undefined): LiveView => {
    const shown = newView(origin, view, previous);
    live.set(shown.id, shown);
    listeners.tell(shown.user, { type: 'view_opened', view: pageView(shown) });
    return shown;
  };
  return {
    get: (id) => live.get(id),
    byExternalId: (externalId) => [...live.values()].find((one) => one.view.external_id === externalId),
    stack,
    open: (origin, view) => {
      for (const one of stack(origin.user).reverse()) close(one);
      return show(origin, view, undefined);
    },
    push: (origin, view) => show(origin, view, stack(origin.user).at(-1)),
    update: (old, view) => {
      const changed = { ...old, view: named(view), hash: newHash() };
      live.set(old.id, changed);
      listeners.tell(old.user, { type: 'view_changed', view: pageView(changed) });
      return changed;
    },
    showErrors: (one, errors) =>
      listeners.tell(one.user, { type: 'view_changed', view: pageView(one, errors) }),
    close,
    home: (user) => homes.get(user),
    publish: (user, view) => {
      const home = { id: homes.get(user)?.id ?? newId(), view: named(view), hash: newHash() };
      homes.set(user, home);
      listeners.tell(user, { type: 'home', home: { id: home.id, view: home.view } });
      return home;
    },
  };
}

function newView({ user, channel }: Origin, view: ModalView, previous: LiveView | undefined): LiveView {
  const id = newId();
  const rootId = previous?.rootId ?? id;
  return { id, user, channel, view: named(view), hash: newHash(), rootId, previousId: previous?.id ?? null };
}

/** A view as Slack hands it to apps: in answers of `views.*` and in what people do in it. */
export function viewObject(
  {
    id,
    view,
    hash,
    rootId,
    previousId,
  }: Omit<LiveView, 'user' | 'channel' | 'view'> & { view: ModalView | HomeView },
  values: unknown = {},
): Record<string, unknown> {
  const modal = view.type === 'modal' ? view : null;
  return {
    id,
    team_id: TEAM.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values },
    hash,
    title: modal?.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: modal?.clear_on_close ?? false,
    notify_on_close: modal?.notify_on_close ?? false,
    close: modal?.close ?? null,
    submit: modal?.submit ?? null,
    previous_view_id: previousId,
    root_view_id: rootId,
    app_id: APP.id,
    external_id: view.external_id ?? '',
    app_installed_team_id: TEAM.id,
    bot_id: APP.botId,
  };
}
export const homeObject = (home: PublishedHome, values: unknown = {}) =>
  viewObject({ ...home, rootId: home.id, previousId: null }, values);

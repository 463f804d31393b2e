import type { HomeView, ModalView } from '@slack/types';
import { refuseView } from '../blocks.ts';
import { homeObject, STACK, viewObject } from '../views.ts';
import type { World } from '../world.ts';
import { type Args, optionalText, structure, text } from './args.ts';
import { badArgument, check, Refused } from './refused.ts';

/** A view that Slack takes; anything else is refused as the API does. */
function readView(args: Args, surface: 'modal' | 'home'): unknown {
  const view = structure(args, 'view', badArgument('view is not valid JSON'));
  if (view === undefined) throw badArgument('missing required field: view');
  check(refuseView(view, surface));
  return view;
}

function newModal(world: World, args: Args): ModalView {
  const view = readView(args, 'modal') as ModalView;
  if (view.external_id && world.views.byExternalId(view.external_id))
    throw new Refused('duplicate_external_id');
  return view;
}

function spend(world: World, args: Args) {
  const origin = world.triggers.spend(text(args, 'trigger_id'));
  if ('error' in origin) throw new Refused(origin.error);
  return origin;
}

export function open(world: World, args: Args) {
  const view = newModal(world, args);
  return { view: viewObject(world.views.open(spend(world, args), view)) };
}

/** On top of the modal in which the trigger was given; three at most. */
export function push(world: World, args: Args) {
  const view = newModal(world, args);
  const origin = spend(world, args);
  const stack = world.views.stack(origin.user);
  if (stack.length === 0 || origin.viewId === null) throw new Refused('not_found');
  if (stack.length >= STACK) throw new Refused('push_limit_reached');
  return { view: viewObject(world.views.push(origin, view)) };
}

export function update(world: World, args: Args) {
  const id = optionalText(args, 'view_id');
  const externalId = optionalText(args, 'external_id');
  const view = readView(args, 'modal') as ModalView;
  const live = id === null ? world.views.byExternalId(externalId ?? '') : world.views.get(id);
  if (live === undefined) throw new Refused('not_found');
  refuseOldHash(args, live.hash);
  return { view: viewObject(world.views.update(live, view)) };
}

export function publish(world: World, args: Args) {
  const view = readView(args, 'home') as HomeView;
  const user = text(args, 'user_id');
  const standing = world.state.people.get(user)?.standing;
  if (standing === undefined || standing === 'bot') throw badArgument('invalid `user_id`');
  if (standing === 'deactivated') throw new Refused('user_disabled');
  const home = world.views.home(user);
  if (home !== undefined) refuseOldHash(args, home.hash);
  return { view: homeObject(world.views.publish(user, view)) };
}

function refuseOldHash(args: Args, hash: string): void {
  const sent = optionalText(args, 'hash');
  if (sent !== null && sent !== hash) throw new Refused('hash_conflict');
}

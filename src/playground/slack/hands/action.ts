import type { ActionInput, PageAnswer } from '../../page-server/api.ts';
import { homeClickPayload, messageClickPayload, shortcutPayload, viewClickPayload } from '../payloads.ts';
import { fieldsOf, optionOf, stateOf, stateValues } from '../state-values.ts';
import type { PublishedHome } from '../views.ts';
import type { Channel, Person } from '../workspace.ts';
import type { World } from '../world.ts';
import { activePerson, attempt, Impossible, joinedChannel, slackbot } from './who.ts';

type Payload = Readonly<Record<string, unknown>>;

/** A press on a button, overflow or select, in a message or in a modal. Resolves when it was acknowledged or its time was up. */
export function action(world: World, input: ActionInput): Promise<PageAnswer> {
  return attempt(async () => {
    const person = activePerson(world, input.as);
    const { channel, payload } =
      input.viewId === null ? inMessage(world, person, input) : inView(world, person, input.viewId, input);
    const said = await world.sockets.ask({ type: 'interactive', answers: false, payload });
    if (!said.acked)
      slackbot(world, person.id, channel, 'That did not work: the app did not respond in time');
  });
}

function inMessage(world: World, person: Person, input: ActionInput): { channel: string; payload: Payload } {
  const channel = joinedChannel(world, person, input.channel ?? '');
  const { message, ephemeral } = seenMessage(world, person, channel, input.ts ?? '');
  const origin = { user: person.id, channel: channel.id, viewId: null };
  const about = { origin, messageTs: message.ts, threadTs: message.threadTs, ephemeral };
  const payload = messageClickPayload(world, {
    person,
    channel,
    message,
    ephemeral,
    action: pressed(world, [...message.blocks, ...world.outdated.blocksOf(channel.id, message.ts)], input),
    values: stateValues(message.blocks, input.values),
    responseUrl: world.responses.give('actions', about),
    triggerId: world.triggers.give(origin),
  });
  return { channel: channel.id, payload };
}

function seenMessage({ state, ephemerals }: World, person: Person, channel: Channel, ts: string) {
  const whispered = ephemerals.get(person.id, channel.id, ts);
  const message = whispered ?? state.message(channel.id, ts);
  if (message === undefined) throw new Impossible('This message is no longer there.');
  return { message, ephemeral: whispered !== undefined };
}

function inView(
  world: World,
  person: Person,
  viewId: string,
  input: ActionInput,
): { channel: string; payload: Payload } {
  const home = world.views.home(person.id);
  if (home?.id === viewId) return onHome(world, person, home, input);
  const view = world.views.get(viewId);
  if (view === undefined || view.user !== person.id) throw new Impossible('This window is no longer open.');
  const payload = viewClickPayload({
    person,
    view,
    action: pressed(world, view.view.blocks, input),
    values: stateValues(view.view.blocks, input.values),
    triggerId: world.triggers.give({ user: person.id, channel: view.channel, viewId }),
  });
  return { channel: view.channel, payload };
}

function onHome(
  world: World,
  person: Person,
  home: PublishedHome,
  input: ActionInput,
): { channel: string; payload: Payload } {
  const channel = world.state.directWith(person.id).id;
  const payload = homeClickPayload({
    person,
    home,
    action: pressed(world, home.view.blocks, input),
    values: stateValues(home.view.blocks, input.values),
    triggerId: world.triggers.give({ user: person.id, channel, viewId: null }),
  });
  return { channel, payload };
}

/** The entry of `actions`: which element, and what it now holds. */
function pressed(world: World, blocks: readonly unknown[], input: ActionInput): Payload {
  const field = fieldsOf(blocks).find(
    (one) => one.blockId === input.blockId && one.actionId === input.actionId,
  );
  if (field === undefined) throw new Impossible('This button is no longer there.');
  const { element } = field;
  const common = {
    type: element.type,
    action_id: field.actionId,
    block_id: field.blockId,
    action_ts: world.state.nextTs('actions'),
  };
  if (element.type === 'button' || element.type === 'workflow_button') {
    const { text, value, style, url } = element;
    return {
      ...common,
      text,
      ...(value ? { value } : {}),
      ...(style ? { style } : {}),
      ...(url ? { url } : {}),
    };
  }
  if (element.type === 'overflow') {
    const option = optionOf(element, input.value ?? '');
    if (option === undefined) throw new Impossible('This choice is not offered.');
    return { ...common, selected_option: option };
  }
  const filled = input.value ?? input.values[field.blockId]?.[field.actionId] ?? null;
  return { ...common, ...stateOf(element, filled) };
}

interface ShortcutInput {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  readonly callbackId: string;
}

/** An entry of a message's own menu, as the manifest declares it. */
export function messageShortcut(
  world: World,
  { as, channel, ts, callbackId }: ShortcutInput,
): Promise<PageAnswer> {
  return attempt(async () => {
    const person = activePerson(world, as);
    const room = joinedChannel(world, person, channel);
    const { message, ephemeral } = seenMessage(world, person, room, ts);
    if (ephemeral) throw new Impossible('A message that only you can see has no such menu.');
    const origin = { user: as, channel, viewId: null };
    const about = { origin, messageTs: null, threadTs: message.threadTs, ephemeral: false };
    const payload = shortcutPayload(world, {
      person,
      channel: room,
      message,
      callbackId,
      responseUrl: world.responses.give('actions', about),
      triggerId: world.triggers.give(origin),
      actionTs: world.state.nextTs('actions'),
    });
    const said = await world.sockets.ask({ type: 'interactive', answers: false, payload });
    if (!said.acked) slackbot(world, as, channel, 'That did not work: the app did not respond in time');
  });
}

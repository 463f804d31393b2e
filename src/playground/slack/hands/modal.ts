import type { ModalView } from '@slack/types';
import type { PageAnswer, ViewInput } from '../../page-server/api.ts';
import { isThing } from '../blocks/rule.ts';
import { refuseView } from '../blocks.ts';
import { closedPayload, submissionPayload } from '../payloads.ts';
import { stateValues, unfinished } from '../state-values.ts';
import { type LiveView, STACK } from '../views.ts';
import type { Person } from '../workspace.ts';
import type { World } from '../world.ts';
import { activePerson, attempt, Impossible, slackbot } from './who.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

function openModal(world: World, person: Person, id: string): LiveView {
  const live = world.views.get(id);
  if (live === undefined || live.user !== person.id) throw new Impossible('This window is no longer open.');
  return live;
}

/** Presses the modal's submit button. Inputs that Slack itself refuses never reach the app. */
export function submit(world: World, { as, viewId, values }: ViewInput): Promise<PageAnswer> {
  return attempt(async () => {
    const person = activePerson(world, as);
    const live = openModal(world, person, viewId);
    const errors = unfinished(live.view.blocks, values);
    if (Object.keys(errors).length > 0) {
      world.views.showErrors(live, errors);
      return;
    }
    const payload = submissionPayload({
      person,
      view: live,
      values: stateValues(live.view.blocks, values),
      triggerId: world.triggers.give({ user: as, channel: live.channel, viewId }),
    });
    const said = await world.sockets.ask({ type: 'interactive', answers: true, payload });
    if (said.acked) follow(world, live, said.payload);
    else slackbot(world, as, live.channel, TROUBLE);
  });
}

/** Does what the app's acknowledgement asks for; nothing asked closes this one modal. */
function follow(world: World, live: LiveView, said: Readonly<Record<string, unknown>>): void {
  const current = world.views.get(live.id);
  if (current === undefined) return;
  const how = said.response_action;
  if (how === undefined) world.views.close(current);
  else if (how === 'clear') closeAll(world, live.user);
  else if (how === 'errors' && isThing(said.errors))
    world.views.showErrors(current, said.errors as Record<string, string>);
  else if (!show(world, current, how, said.view)) slackbot(world, live.user, live.channel, TROUBLE);
}

/** Whether `how` and `view` are something that Slack would show. */
function show(world: World, current: LiveView, how: unknown, view: unknown): boolean {
  if ((how !== 'update' && how !== 'push') || refuseView(view, 'modal') !== null) return false;
  if (how === 'update') world.views.update(current, view as ModalView);
  else if (world.views.stack(current.user).length >= STACK) return false;
  else world.views.push({ ...current, viewId: current.id }, view as ModalView);
  return true;
}

function closeAll(world: World, user: string): void {
  for (const live of [...world.views.stack(user)].reverse()) world.views.close(live);
}

/** Closes the modal, or, where it says `clear_on_close`, the whole stack. The app hears of it where it asked to. */
export function dismiss(world: World, { as, viewId, values }: ViewInput): Promise<PageAnswer> {
  return attempt(async () => {
    const person = activePerson(world, as);
    const live = openModal(world, person, viewId);
    const clears = live.view.clear_on_close === true;
    const closing = clears ? [...world.views.stack(as)].reverse() : [live];
    for (const one of closing) world.views.close(one);
    await Promise.all(
      closing
        .filter((one) => one.view.notify_on_close === true)
        .map((one) => closedPayload(person, one, stateValues(one.view.blocks, values), clears))
        .map((payload) => world.sockets.ask({ type: 'interactive', answers: false, payload })),
    );
  });
}

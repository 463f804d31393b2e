import type { BlockAction, RespondFn, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type Desk, type Reply, replyBy } from '../desk.ts';
import { oldButton, ourFault } from '../messages/refusals.ts';
import { actions } from './actions/index.ts';
import { replyInView } from './reply-in-view.ts';

/** Any press on anything of ours: acknowledged at once, then carried out by the listener of its name. */
export async function onAction(desk: Desk, { ack, body, respond }: SlackActionMiddlewareArgs): Promise<void> {
  await ack();
  if (body.type !== 'block_actions') return;
  const reply = replyTo(desk, body, respond);
  try {
    await carryOut(desk, body, reply);
  } catch (error) {
    desk.log.error(
      { event: 'press_failed', err: error },
      'A press on a button failed on a fault of Truce’s own.',
    );
    await reply(ourFault());
  }
}

/** A press in a view has no response URL; in a form of ours nothing answers one. */
const replyTo = (desk: Desk, body: BlockAction, respond: RespondFn | undefined): Reply =>
  respond ? replyBy(desk, respond) : (replyInView(desk, body) ?? (async () => undefined));

async function carryOut(desk: Desk, body: BlockAction, reply: Reply): Promise<void> {
  const action = body.actions[0];
  if (!action) return;
  const [name = '', ...detail] = action.action_id.split(':');
  const asker = {
    id: body.user.id,
    person: await desk.people.who(body.user.id),
    command: desk.agreement().command,
  };
  const listener = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!listener) return reply(oldButton(asker.command));
  await listener({
    desk,
    asker,
    detail: detail.join(':'),
    value: valueOn(action),
    triggerId: body.trigger_id,
    channel: body.channel?.id ?? null,
    view: body.view ? { id: body.view.id, metadata: body.view.private_metadata } : null,
    onAnswer: body.container?.is_ephemeral === true,
    reply,
  });
}

function valueOn(action: BlockAction['actions'][number]): string {
  if ('value' in action && typeof action.value === 'string') return action.value;
  return 'selected_option' in action ? (action.selected_option?.value ?? '') : '';
}

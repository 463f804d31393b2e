import type { SlackViewMiddlewareArgs, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { Desk } from '../desk.ts';
import { ourFault } from '../messages/refusals.ts';
import { tellOne } from '../tell-one.ts';
import type { Inputs } from './submission.ts';
import { views } from './views/index.ts';

/** Any submitted modal: what was typed is checked at once, since Slack shows the answer in the modal; all else comes after it. */
export async function onView(
  desk: Desk,
  { ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>,
): Promise<void> {
  const listener = Object.hasOwn(views, view.callback_id) ? views[view.callback_id] : undefined;
  const result = listener?.({ desk, metadata: view.private_metadata, values: inputsOf(view) });
  if (!result) return ack();
  if (result.kind === 'errors') return ack({ response_action: 'errors', errors: { ...result.errors } });
  await ack();
  const tell = tellOne(desk, body.user.id);
  try {
    const asker = {
      id: body.user.id,
      person: await desk.people.who(body.user.id),
      command: desk.agreement().command,
    };
    await result.afterwards({ desk, asker, tell, beneath: view.previous_view_id });
  } catch (error) {
    desk.log.error(
      { event: 'submission_failed', err: error },
      'A submitted form failed on a fault of Truce’s own.',
    );
    await tell(view.private_metadata.split('/').at(-1) ?? '', ourFault());
  }
}

function inputsOf(view: ViewOutput): Inputs {
  const held = (state: ViewOutput['state']['values'][string][string]) =>
    state.value ?? state.selected_option?.value ?? null;
  return Object.fromEntries(
    Object.entries(view.state.values).map(([blockId, states]) => [
      blockId,
      Object.fromEntries(Object.entries(states).map(([actionId, state]) => [actionId, held(state)])),
    ]),
  );
}

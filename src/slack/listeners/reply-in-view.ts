import type { BlockAction } from '@slack/bolt';
import type { Desk, Reply } from '../desk.ts';
import { drawModalAnswer } from '../messages/decision/other-modal.ts';

const title = 'Truce';
/** As {@link drawModalAnswer} names a modal that only answers. */
const answers = 'note';

/**
 * Answers a press that has no response URL: one on the board opens a modal, one in such a modal changes it. Null for a press
 * anywhere else. As with any answer, one that cannot be delivered any more is logged, never thrown.
 */
export function replyInView(
  desk: Pick<Desk, 'client' | 'log'>,
  { view, trigger_id }: Pick<BlockAction, 'view' | 'trigger_id'>,
): Reply | null {
  let open = view?.type === 'modal' && view.callback_id === answers ? view.id : null;
  if (!view || (view.type !== 'home' && open === null)) return null;
  return async (drawn) => {
    const shown = drawModalAnswer(title, drawn);
    try {
      if (open === null) open = (await desk.client.views.open({ trigger_id, view: shown })).view?.id ?? null;
      else await desk.client.views.update({ view_id: open, view: shown });
    } catch (error) {
      desk.log.warn(
        { event: 'answer_lost', reason: (error as Error).message },
        'An answer could not be shown in Slack.',
      );
    }
  };
}

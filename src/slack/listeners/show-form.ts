import type { ModalView } from '@slack/types';
import { drawModalNote } from '../messages/decision/other-modal.ts';
import type { Press } from './press.ts';

/**
 * Opens a form within the three seconds for which a press is good, and then fills it. `fill` gives what it shows in the end;
 * nothing is asked where Slack opened none.
 */
export async function showForm(
  { desk, triggerId }: Pick<Press, 'desk' | 'triggerId'>,
  title: string,
  fill: () => Promise<ModalView>,
): Promise<void> {
  const opened = await desk.client.views.open({
    trigger_id: triggerId,
    view: drawModalNote(title, ['One moment, looking it up…']),
  });
  const viewId = opened.view?.id;
  if (viewId) await desk.client.views.update({ view_id: viewId, view: await fill() });
}

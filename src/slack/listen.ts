import type { App, ViewSubmitAction } from '@slack/bolt';
import type { Desk } from './desk.ts';
import { onAction } from './listeners/actions.ts';
import { onCommand } from './listeners/commands.ts';
import { onView } from './listeners/views.ts';
import { onlyOnce } from './only-once.ts';

/**
 * Gives everything that comes from Slack to one of three listeners, each of which takes all of its kind: nothing stays without
 * an acknowledgement because nobody was listening for it. Returns what is still being worked on.
 */
export function listen(app: App, desk: Desk): () => Promise<unknown>[] {
  const working = new Set<Promise<unknown>>();
  const kept = <T>(work: Promise<T>): Promise<T> => {
    working.add(work);
    void work.finally(() => working.delete(work)).catch(() => undefined);
    return work;
  };
  const isNew = onlyOnce();
  app.use(async (args) => {
    const { body, context, next } = args;
    const { envelopeId } = context as { envelopeId?: string };
    const triggerId = (body as { trigger_id?: string }).trigger_id;
    // Slack delivers at least once: what was seen before is acknowledged and does nothing again.
    if (isNew([envelopeId, triggerId])) return next();
    const { ack } = args as { ack?: () => Promise<void> };
    await ack?.();
  });
  app.command(/.*/, (args) => kept(onCommand(desk, args)));
  app.action(/.*/, (args) => kept(onAction(desk, args)));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: /.*/ }, (args) =>
    kept(onView(desk, args)),
  );
  app.view({ type: 'view_closed' }, ({ ack }) => ack());
  app.shortcut(/.*/, ({ ack }) => ack());
  app.options(/.*/, ({ ack }) => ack({ options: [] }));
  app.error(async (failure) => {
    // With the extended handler the error comes wrapped, which the library's types do not say.
    const { error } = failure as unknown as { error?: Error };
    desk.log.error(
      { event: 'slack_listener_failed', err: error ?? failure },
      'Something that came from Slack could not be handled.',
    );
  });
  return () => [...working];
}

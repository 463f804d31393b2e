import type { App, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import type { Boards } from './boards.ts';
import type { Desk } from './desk.ts';
import { onAction } from './listeners/actions.ts';
import { onCommand } from './listeners/commands.ts';
import { onHomeOpened } from './listeners/home-opened.ts';
import { onMention } from './listeners/mention.ts';
import { onShortcut } from './listeners/shortcuts.ts';
import { onView } from './listeners/views.ts';
import { onlyOnce } from './only-once.ts';

/**
 * Gives everything that comes from Slack to a few listeners, each of which takes all of its kind: nothing stays without
 * an acknowledgement because nobody was listening for it. Returns what is still being worked on.
 */
export function listen(app: App, desk: Desk, boards: Boards): () => Promise<unknown>[] {
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
    const { trigger_id: triggerId, event_id: eventId } = body as { trigger_id?: string; event_id?: string };
    // Slack delivers at least once: what was seen before is acknowledged and does nothing again.
    if (isNew([envelopeId, triggerId, eventId])) return next();
    const { ack } = args as { ack?: () => Promise<void> };
    await ack?.();
  });
  /** Whoever did something sees it on their board, if that is open. */
  const did = (user: string, work: Promise<void>) => kept(work.then(() => boards.acted(user)));
  app.command(/.*/, (args) => did(args.command.user_id, onCommand(desk, args)));
  app.action(/.*/, (args) => did(args.body.user.id, onAction(desk, args)));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: /.*/ }, (args) =>
    did(args.body.user.id, onView(desk, args)),
  );
  app.view({ type: 'view_closed' }, ({ ack }) => ack());
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: /.*/ }, (args) =>
    kept(onShortcut(desk, args)),
  );
  app.event('app_home_opened', ({ event }) => kept(onHomeOpened(boards, event)));
  app.event('app_mention', ({ event, body }) => kept(onMention(desk, event, body.event_id)));
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

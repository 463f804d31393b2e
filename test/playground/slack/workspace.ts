import { App, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type Clock, type ManualClock, manualClock } from '#src/clock.ts';
import type { PageEvent, PageMessage } from '#src/playground/page-server/api.ts';
import {
  type PracticeSlack,
  type PracticeSlackOptions,
  startPracticeSlack,
} from '#src/playground/slack/practice-slack.ts';
import { defaultWorkspace } from '#src/playground/slack/workspace.ts';
import { openStore, type Store } from '#src/playground/store.ts';

export const PRIYA = 'U0PRIYA001';
export const TOM = 'U0TOMW0001';
export const SAM = 'U0SAML0001';
export const GUEST = 'U0GREG0001';
export const FOREIGN = 'U0FRANK001';
export const GONE = 'U0DANA0001';
export const SYNC = 'C0SYNCCUST';

const commands = [{ command: '/sync', description: 'Syncs', usageHint: 'status', shouldEscape: true }];
type Changes = Partial<Omit<PracticeSlackOptions, 'clock' | 'store'>> & { readonly store?: Store };

/** A workspace for one test, on a clock that stands still, with a client that never retries. */
export async function workspace(
  changes: Changes = {},
): Promise<{ slack: PracticeSlack; clock: ManualClock; client: WebClient }> {
  const clock = manualClock(new Date('2026-11-21T00:00:00Z'));
  const slack = await start(clock, changes);
  return { slack, clock, client: webClient(slack) };
}

export async function start(clock: Clock, changes: Changes = {}): Promise<PracticeSlack> {
  const { store = openStore(':memory:'), ...others } = changes;
  const slack = await startPracticeSlack({ store, clock, commands, ...defaultWorkspace, ...others });
  onTestFinished(() => slack.close());
  return slack;
}

/** The refusals that these tests provoke are not worth a line each. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
const options = (slack: PracticeSlack): WebClientOptions => ({
  slackApiUrl: slack.apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 5000,
});
export const webClient = (slack: PracticeSlack, token = slack.botToken) =>
  new WebClient(token, { ...options(slack), logger: quiet });

/** Bolt as the product runs it: an explicit receiver whose own client options carry the address. */
export async function boltApp(slack: PracticeSlack, register: (app: App) => void): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    clientPingTimeout: 1000,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({
    token: slack.botToken,
    receiver,
    clientOptions: options(slack),
    deferInitialization: true,
    convoStore: false,
    logger: quiet,
  });
  register(app);
  await app.init();
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** A window of one person: everything that reached it. */
export function watch(slack: PracticeSlack, user: string) {
  const events: PageEvent[] = [];
  slack.subscribe(user, (event) => events.push(event));
  return {
    events,
    messages: (): PageMessage[] => events.flatMap((one) => (one.type === 'message' ? [one.message] : [])),
    changed: (): PageMessage[] =>
      events.flatMap((one) => (one.type === 'message_changed' ? [one.message] : [])),
    notifications: () => events.flatMap((one) => (one.type === 'notification' ? [one.notification] : [])),
    said: () => events.flatMap((one) => (one.type === 'slackbot' ? [one.text] : [])),
    opened: () => events.flatMap((one) => (one.type === 'view_opened' ? [one.view] : [])),
    redrawn: () => events.flatMap((one) => (one.type === 'view_changed' ? [one.view] : [])),
    closed: () => events.flatMap((one) => (one.type === 'view_closed' ? [one.id] : [])),
  };
}

export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not happen within 5 seconds.');
}

/** The error that Slack names, the client's own code where it got no answer, or `ok`. */
export const error = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (thrown) => thrown.data?.error ?? thrown.code,
  );

export const buttons = (value = 'd-1') => [
  { type: 'section' as const, block_id: 'words', text: { type: 'mrkdwn' as const, text: 'Which one?' } },
  {
    type: 'actions' as const,
    block_id: 'act',
    elements: [
      {
        type: 'button' as const,
        action_id: 'keep',
        text: { type: 'plain_text' as const, text: 'Keep Xero' },
        value,
        style: 'primary' as const,
      },
    ],
  },
];
export const modal = (more: object = {}) => ({
  type: 'modal' as const,
  callback_id: 'why',
  title: { type: 'plain_text' as const, text: 'Why?' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  private_metadata: 'd-1',
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'words' },
    },
  ],
  ...more,
});

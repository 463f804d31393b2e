import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { z } from 'zod';
import { every } from '../../clock.ts';
import type { PracticeSlack } from '../slack/practice-slack.ts';
import type { PracticeVendor } from '../vendors/vendor.ts';
import type { PageAnswer, PageCommand, PageEvent, PageRecords, PageState, PageUser } from './api.ts';
import { sendBurst } from './burst.ts';
import { cardWork } from './card-work.ts';
import { createFileRoutes } from './files.ts';
import {
  actionInput,
  breakInput,
  burstInput,
  commandInput,
  editInput,
  faultOf,
  focusInput,
  homeInput,
  inputProblem,
  pressInput,
  shortcutInput,
  showInput,
  viewInput,
} from './inputs.ts';
import { PageRefusal } from './refusal.ts';
import type { Stage } from './stage.ts';

/** The practice Slack as the page uses it: what one person sees there, and what one can do. */
export type PageSlack = Pick<
  PracticeSlack,
  | 'users'
  | 'commands'
  | 'channelsFor'
  | 'messagesFor'
  | 'notificationsFor'
  | 'subscribe'
  | 'command'
  | 'say'
  | 'action'
  | 'submit'
  | 'shortcuts'
  | 'messageShortcut'
  | 'dismiss'
  | 'homeFor'
  | 'openHome'
>;

export interface PageOptions {
  readonly slack: PageSlack;
  readonly vendors: readonly PracticeVendor[];
  readonly stage: Stage;
  /** What may follow the slash command, for suggestions while typing. */
  readonly subcommands: readonly PageCommand[];
}

/** Said on an idle stream, in ms of real time, so that proxies keep it open and a page that went away is noticed. */
const heartbeatMs = 15_000;

/** Everything under `/` that the practice workspace's page needs. */
export function createPageRoutes(options: PageOptions): Hono {
  const routes = new Hono();
  routes.route('/', createFileRoutes());
  // A link to a message: the page shows the channel, and the person finds it there.
  routes.get('/archives/:channel/:message', (c) => c.redirect('/'));
  routes.get('/practice/state', (c) => {
    const user = personOf(options, c.req.query('as'));
    return user ? c.json(stateFor(options, user)) : c.json(nobody, 404);
  });
  routes.get('/practice/events', (c) => {
    const user = personOf(options, c.req.query('as'));
    return user ? eventsFor(c, options, user) : c.json(nobody, 404);
  });
  routes.get('/practice/records', (c) => {
    const asked = showInput.safeParse({ kind: c.req.query('kind') });
    if (!asked.success)
      return c.json({ ok: false, error: inputProblem(asked.error) } satisfies PageAnswer, 400);
    const records = options.stage.records(asked.data.kind);
    return c.json({ records: records.map(({ cards: _, ...record }) => record) } satisfies PageRecords);
  });
  addPosts(routes, options);
  return routes;
}

const nobody: PageAnswer = { ok: false, error: 'There is nobody with this id in the practice workspace.' };

/** Whoever is asked for, if one can be that person; the business owner when nobody is named. */
function personOf({ slack }: PageOptions, as: string | undefined): PageUser | undefined {
  const people = slack.users().filter((user) => user.part !== null);
  if (as !== undefined) return people.find((user) => user.id === as);
  return people.find((user) => user.part === 'business owner') ?? people[0];
}

function stateFor({ slack, stage, subcommands }: PageOptions, user: PageUser): PageState {
  return {
    me: user.id,
    users: slack.users(),
    channels: slack.channelsFor(user.id),
    messages: slack.messagesFor(user.id),
    notifications: slack.notificationsFor(user.id),
    home: slack.homeFor(user.id),
    commands: slack.commands,
    subcommands,
    shortcuts: slack.shortcuts,
    kind: stage.kind(),
    cards: stage.cards(),
    faults: stage.faults(),
    guide: stage.guide(user),
  };
}

function eventsFor(c: Context, { slack, stage }: PageOptions, user: PageUser): Response {
  return streamSSE(c, async (stream) => {
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
    stream.onAbort(leave);
    const write = (text: string) => stream.write(text).then(() => undefined, leave);
    const send = (event: PageEvent) => void write(`data: ${JSON.stringify(event)}\n\n`);
    const stops = [slack.subscribe(user.id, send), stage.watch(user, send)];
    // The first bytes open the stream on the other side, so that the page can ask for the state after it listens.
    await write(': open\n\n');
    const quiet = every(heartbeatMs, () => write(': still here\n\n'));
    await gone;
    for (const stop of stops) stop();
    await quiet();
  });
}

function addPosts(routes: Hono, options: PageOptions): void {
  const { slack, vendors, stage } = options;
  const cards = cardWork(options);

  post(routes, options, 'command', commandInput, (input) =>
    input.text.startsWith('/')
      ? slack.command(input)
      : slack.say(input.as, input.channel, input.text, input.threadTs),
  );
  post(routes, options, 'action', actionInput, (input) => slack.action(input));
  post(routes, options, 'shortcut', shortcutInput, ({ as, channel, ts, id }) =>
    slack.messageShortcut(as, channel, ts, id),
  );
  post(routes, options, 'home', homeInput, ({ as }) => slack.openHome(as));
  post(routes, options, 'submit', viewInput, (input) => slack.submit(input));
  post(routes, options, 'dismiss', viewInput, (input) => slack.dismiss(input));
  post(routes, options, 'edit', editInput, cards.edit);
  post(routes, options, 'press', pressInput, cards.press);
  post(routes, options, 'show', showInput, ({ kind }) => {
    stage.show(kind);
  });
  post(routes, options, 'focus', focusInput, cards.focus);
  post(routes, options, 'break', breakInput, ({ system, kind }) => {
    vendors.find((vendor) => vendor.system === system)?.setFault(faultOf(kind));
    stage.faultsChanged();
  });
  post(routes, options, 'burst', burstInput, ({ count }) => {
    stage.burst(sendBurst(vendors, count, 'A sales import'));
  });
}

function post<T extends object>(
  routes: Hono,
  options: PageOptions,
  name: string,
  schema: z.ZodType<T>,
  work: (input: T) => Promise<PageAnswer | undefined> | undefined,
): void {
  routes.post(`/practice/${name}`, async (c) => {
    const refused = (status: 400 | 403 | 404 | 415 | 500, error: string) =>
      c.json({ ok: false, error } satisfies PageAnswer, status);
    if (isForeign(c)) return refused(403, 'Only the practice workspace’s own page may do this.');
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
      return refused(415, 'Please send JSON.');
    const body: unknown = await c.req.json().catch(() => undefined);
    const input = schema.safeParse(body);
    if (!input.success) return refused(400, inputProblem(input.error));
    if ('as' in input.data && !personOf(options, String(input.data.as)))
      return refused(404, 'There is nobody with this id in the practice workspace.');
    try {
      const answer = await work(input.data);
      return answer && !answer.ok ? refused(400, answer.error) : c.json({ ok: true } satisfies PageAnswer);
    } catch (error) {
      return error instanceof PageRefusal
        ? refused(400, error.message)
        : refused(500, `That did not work: ${String(error)}`);
    }
  });
}

/** A page of another site, posting through the reader's browser. Programs send no such header and are welcome. */
function isForeign(c: Context): boolean {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (site && site !== 'same-origin' && site !== 'none') return true;
  if (!origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== (c.req.header('host') ?? new URL(c.req.url).host);
}

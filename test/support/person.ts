import type { PageEvent, PageMessage, PageView, StateValues } from '#src/playground/page-server/api.ts';
import type { PracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { readable, textOf } from './reading.ts';
import { until } from './until.ts';

interface Button {
  readonly blockId: string;
  readonly actionId: string;
  readonly label: string;
  readonly value: string | null;
}

/** Somebody in front of the practice Slack, with a window open: sees what Slack shows them, and can do what people do. */
export interface Person {
  readonly id: string;
  messages(channel: string): readonly PageMessage[];
  /** What only this person was shown, oldest first. */
  readonly whispers: readonly PageMessage[];
  readonly views: readonly PageView[];
  /** What Slack itself told this person, say that the app did not answer. */
  readonly slackbot: readonly string[];
  notifications(): readonly string[];
  /** Types a command and waits for the answer: the newest thing shown to this person alone. */
  command(text: string, channel?: string): Promise<PageMessage>;
  /** Presses the button whose label matches, on a message as this person sees it. */
  press(message: PageMessage, label: string | RegExp): Promise<void>;
  /** As `press`, and waits for what is answered to this person alone. */
  pressAndRead(message: PageMessage, label: string | RegExp): Promise<PageMessage>;
  /** Takes an entry of a message's own menu, by its callback id. */
  choose(message: PageMessage, shortcut: string): Promise<void>;
  /** Writes into a channel, or into a thread of it. */
  says(text: string, threadTs?: string | null): Promise<void>;
  /** Waits until something shown to this person alone says these words. */
  hears(words: string | RegExp): Promise<PageMessage>;
  /** The modal that is open, as it is now; waits until it says these words. */
  view(words?: string | RegExp): Promise<PageView>;
  submit(view: PageView, values: StateValues): Promise<void>;
  /** Types a command where Slack refuses it, or anything else that it answers itself. */
  slackbotOn(text: string, threadTs: string | null, channel?: string): Promise<string>;
}

export function personIn(slack: PracticeSlack, id: string): Person {
  const whispers: PageMessage[] = [];
  const views: PageView[] = [];
  const slackbot: string[] = [];
  slack.subscribe(id, (event: PageEvent) => {
    if ((event.type === 'message' || event.type === 'message_changed') && event.message.ephemeral) {
      const known = whispers.findIndex((message) => message.ts === event.message.ts);
      if (known >= 0) whispers[known] = event.message;
      else whispers.push(event.message);
    }
    if (event.type === 'view_opened' || event.type === 'view_changed') views.push(event.view);
    if (event.type === 'slackbot') slackbot.push(event.text);
  });
  const press = async (message: PageMessage, label: string | RegExp) => {
    const button = buttonsOf(message).find((one) =>
      typeof label === 'string' ? one.label === label : label.test(one.label),
    );
    if (!button)
      throw new Error(
        `there is no button ${label}; there are: ${buttonsOf(message)
          .map((one) => one.label)
          .join(', ')}`,
      );
    const { blockId, actionId, value } = button;
    await slack.action({
      as: id,
      channel: message.channel,
      ts: message.ts,
      viewId: null,
      blockId,
      actionId,
      value,
      values: {},
    });
  };
  const answerTo = async (act: () => Promise<unknown>) => {
    const before = whispers.length;
    const shown = JSON.stringify(whispers);
    await act();
    await until(() => whispers.length > before || JSON.stringify(whispers) !== shown);
    return whispers.at(-1) as PageMessage;
  };
  return {
    id,
    messages: (channel) => slack.messagesFor(id).filter((message) => message.channel === channel),
    whispers,
    views,
    slackbot,
    notifications: () => slack.notificationsFor(id).map((one) => one.text),
    command: (text, channel = 'C0SYNCCUST') =>
      answerTo(() => slack.command({ as: id, channel, threadTs: null, text })),
    press,
    pressAndRead: (message, label) => answerTo(() => press(message, label)),
    choose: async (message, shortcut) => {
      await slack.messageShortcut(id, message.channel, message.ts, shortcut);
    },
    says: async (text, threadTs = null) => {
      await slack.say(id, 'C0SYNCCUST', text, threadTs);
    },
    hears: (words) => until(() => whispers.findLast((whisper) => matches(textOf(whisper), words))),
    view: (words = '') =>
      until(() =>
        views.findLast((view, i) => i === views.length - 1 && matches(readable(view.view), words)),
      ).catch(() => {
        const last = views.at(-1);
        throw new Error(
          `no form said “${words}”; the last says: ${last ? readable(last.view) : 'there is none'}`,
        );
      }),
    submit: async (view, values) => {
      const done = await slack.submit({ as: id, viewId: view.id, values });
      if (!done.ok) throw new Error(done.error);
    },
    slackbotOn: async (text, threadTs, channel = 'C0SYNCCUST') => {
      const before = slackbot.length;
      await slack.command({ as: id, channel, threadTs, text });
      return until(() => slackbot[before]);
    },
  };
}

const matches = (text: string, words: string | RegExp) =>
  typeof words === 'string' ? text.includes(words) : words.test(text);

/** The buttons of a message, with the labels that people read. */
export function buttonsOf(message: Pick<PageMessage, 'blocks'>): Button[] {
  return message.blocks.flatMap((block) => {
    const elements =
      'elements' in block ? block.elements : 'accessory' in block && block.accessory ? [block.accessory] : [];
    const blockId = block.block_id ?? '';
    // What is in a menu is pressed as a button is.
    return (elements as unknown as readonly Record<string, unknown>[])
      .flatMap((element) =>
        element.type === 'overflow'
          ? (element.options as Record<string, unknown>[]).map((option) => ({ ...element, ...option }))
          : element.type === 'button'
            ? [element]
            : [],
      )
      .map((element: Record<string, unknown>) => ({
        blockId,
        actionId: String(element.action_id),
        label: (element.text as { text: string }).text,
        value: (element.value as string | undefined) ?? null,
      }));
  });
}

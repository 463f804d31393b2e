import type { PageMessage, PageUser } from './page-api.ts';
import type { PageSlack } from './page-server.ts';
import type { Stage } from './page-stage.ts';

/** What the line on top depends on. */
export interface GuideFacts {
  /** The first minute has not been played yet. */
  readonly isBefore: boolean;
  /** It has just been played, and Truce has not asked yet. */
  readonly isComparing: boolean;
  /** A decision of the flow waits for somebody. */
  readonly isOpen: boolean;
  /** A choice was made in sight and is on its way into the systems. */
  readonly isSaving: boolean;
  /** A decision was settled in sight. */
  readonly isSettled: boolean;
  /** The business owner's name. */
  readonly owner: string;
  /** The slash command as installed. */
  readonly command: string;
}

/** The one line on top, for one person. Pure. */
export function guideWords(facts: GuideFacts, user: PageUser): string {
  if (facts.isOpen && user.part === 'business owner')
    return 'You are the business owner. Two systems disagree. Choose.';
  if (facts.isOpen)
    return `Two systems disagree. You are ${youAre(user)}; ${facts.owner}, the business owner, can choose.`;
  if (facts.isSaving)
    return 'Chosen. Truce saves it in the other systems, then reads every one of them back.';
  if (facts.isBefore) return 'Watch the two cards: two people are about to change the same address.';
  if (facts.isComparing) return 'Both addresses are saved. Truce reads the systems now and compares them.';
  if (facts.isSettled)
    return `Settled: every system was read back. Now try Break Xero, or type ${facts.command} status.`;
  return `Change a value on a card and see what Truce does. Or try Break Xero, or type ${facts.command} status.`;
}

const youAre = (user: PageUser) => (user.part?.startsWith('from ') ? user.part : `the ${user.part}`);

/** Is this message a question that somebody can still answer? Its buttons say so, in whatever words it is written. */
export function asksForDecision(message: PageMessage): boolean {
  return message.blocks.some(
    (block) =>
      block.type === 'actions' &&
      block.elements.some((element) => element.action_id?.startsWith('decision_pick')),
  );
}

const saysSettled = (message: PageMessage) => /^settled\b/i.test(message.text);
const saysSaving = (message: PageMessage) => /^saving\b/i.test(message.text);

export interface GuideWatch {
  /** The first minute has been played. */
  played(): void;
  stop(): void;
}

/** Keeps the line on top true, by reading the flow's channel as the business owner sees it. */
export function watchGuide(options: {
  readonly slack: PageSlack;
  readonly stage: Stage;
  /** The flow's channel, without "#". */
  readonly channel: string;
  readonly isBefore: boolean;
}): GuideWatch {
  const { slack, stage } = options;
  const owner = slack.users().find((user) => user.part === 'business owner');
  const seen = new Map<string, PageMessage>();
  let isBefore = options.isBefore;
  let wasPlayedNow = false;
  /** The question that was last open in sight: how it ended is what the line tells. */
  let followed: string | null = null;

  const key = (message: { channel: string; ts: string }) => `${message.channel}/${message.ts}`;
  const note = (message: PageMessage) => {
    const isOurs = slack
      .channelsFor(owner?.id ?? '')
      .some(({ id, name }) => id === message.channel && name === options.channel);
    if (!isOurs) return;
    seen.set(key(message), message);
    if (asksForDecision(message)) followed = key(message);
  };
  const say = () => {
    const last = followed === null ? undefined : seen.get(followed);
    const facts: GuideFacts = {
      isBefore,
      isComparing: wasPlayedNow && last === undefined,
      isOpen: [...seen.values()].some(asksForDecision),
      isSaving: last !== undefined && saysSaving(last),
      isSettled: last !== undefined && saysSettled(last),
      owner: owner?.name ?? 'the business owner',
      command: slack.commands[0]?.command ?? '/sync',
    };
    stage.setGuide((user) => guideWords(facts, user));
  };
  const stop = slack.subscribe(owner?.id ?? '', (event) => {
    if (event.type === 'message' || event.type === 'message_changed') note(event.message);
    else if (event.type === 'message_deleted') seen.delete(key(event));
    else return;
    say();
  });
  for (const message of slack.messagesFor(owner?.id ?? '')) note(message);
  say();
  return {
    played: () => {
      isBefore = false;
      wasPlayedNow = true;
      say();
    },
    stop,
  };
}

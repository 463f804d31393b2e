import type { PageMessage, PageUser } from './api.ts';
import type { PageSlack } from './server.ts';
import type { Stage, Stir } from './stage.ts';

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
  /** The system that a visitor broke, by its label, and how; or null. */
  readonly broken: ReturnType<Stage['broken']>;
  /** An alert about a system stands open in the channel. */
  readonly isAlerted: boolean;
  /** An alert recovered in sight, and nothing else happened since. */
  readonly isRecovered: boolean;
  /** So many changes were sent at once, and nothing else happened since; else 0. */
  readonly burst: number;
  /** The business owner's name. */
  readonly owner: string;
  /** The slash command as installed. */
  readonly command: string;
  /** The flow's id, as typed after the command. */
  readonly flow: string;
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
  if (facts.broken !== null || facts.isAlerted) return troubleWords(facts);
  if (facts.burst > 0)
    return `${facts.burst} phone numbers changed in HubSpot. Watch the cards, or type ${facts.command} status.`;
  if (facts.isRecovered) return 'Recovered, on the same message. Now try Send 40 changes at once.';
  if (facts.isSettled)
    return `Settled: every system was read back. Now try Break Xero, or type ${facts.command} status.`;
  return `Change a value on a card, or win a deal under Sales. Or try Break Xero, or type ${facts.command} status.`;
}

function troubleWords({ broken, isAlerted, command, flow }: GuideFacts): string {
  const hurry = `Or type ${command} run ${flow} now.`;
  if (broken === null) return `It works again: the next run closes the alert. ${hurry}`;
  const { system, kind } = broken;
  if (isAlerted)
    return `One alert, kept up to date. Mend ${system} under Break ${system}, and it recovers by itself.`;
  // A run that finds nothing changed reads no contact, and so cannot miss a field in one.
  if (kind === 'renamed')
    return `${system} renamed a field. Truce meets it at the next change: try Send 40 changes at once.`;
  return `${system} is broken: the next run will meet it. ${hurry}`;
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

/** Is this message an alert that has not recovered yet? */
const asksForHelp = (message: PageMessage) =>
  message.blocks.some(
    (block) =>
      block.type === 'actions' && block.elements.some((element) => element.action_id === 'alert_run'),
  );

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
  /** The flow's id, and its channel without "#". */
  readonly flow: string;
  readonly channel: string;
  readonly isBefore: boolean;
}): GuideWatch {
  const { slack, stage } = options;
  const owner = slack.users().find((user) => user.part === 'business owner');
  const inFlowChannel = (message: PageMessage) =>
    slack
      .channelsFor(owner?.id ?? '')
      .some(({ id, name }) => id === message.channel && name === options.channel);
  const story = readStory();
  let isBefore = options.isBefore;
  let wasPlayedNow = false;

  const say = () => {
    const facts: GuideFacts = {
      ...story.facts(),
      isBefore,
      isComparing: wasPlayedNow && !story.hasAsked(),
      broken: stage.broken(),
      owner: owner?.name ?? 'the business owner',
      command: slack.commands[0]?.command ?? '/sync',
      flow: options.flow,
    };
    stage.setGuide((user) => guideWords(facts, user));
  };
  const stops = [
    slack.subscribe(owner?.id ?? '', (event) => {
      if (event.type === 'message_deleted') story.gone(event);
      else if (event.type !== 'message' && event.type !== 'message_changed') return;
      else if (inFlowChannel(event.message)) story.note(event.message);
      say();
    }),
    stage.onStir((stir) => {
      story.stirred(stir);
      say();
    }),
  ];
  for (const message of slack.messagesFor(owner?.id ?? '').filter(inFlowChannel)) story.note(message);
  say();
  return {
    played: () => {
      isBefore = false;
      wasPlayedNow = true;
      say();
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

/** What the channel's messages, and the visitor's own deeds, tell so far. */
function readStory() {
  const seen = new Map<string, PageMessage>();
  /** The question that was last open in sight: how it ended is what the line tells. */
  let followed: string | null = null;
  let isRecovered = false;
  let burst = 0;

  const key = (message: { channel: string; ts: string }) => `${message.channel}/${message.ts}`;
  const asked = () => (followed === null ? undefined : seen.get(followed));
  const isAlerted = () => [...seen.values()].some(asksForHelp);
  const note = (message: PageMessage) => {
    const wasAlerted = isAlerted();
    seen.set(key(message), message);
    if (asksForDecision(message)) {
      followed = key(message);
      burst = 0;
      isRecovered = false;
    }
    if (wasAlerted && !isAlerted()) isRecovered = true;
  };
  return {
    note,
    gone: (message: { channel: string; ts: string }) => void seen.delete(key(message)),
    stirred: (stir: Stir) => {
      burst = stir.kind === 'burst' ? stir.count : 0;
      isRecovered = false;
    },
    hasAsked: () => asked() !== undefined,
    facts: () => {
      const last = asked();
      return {
        isOpen: [...seen.values()].some(asksForDecision),
        isSaving: last !== undefined && saysSaving(last),
        isSettled: last !== undefined && saysSettled(last),
        isAlerted: isAlerted(),
        isRecovered,
        burst,
      };
    },
  };
}

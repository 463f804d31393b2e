import type { Button } from '@slack/types';
import { actions, blockIds, button, context, type Drawn, section } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, escaped, named, sentence, spoken } from '../text.ts';
import { moment } from '../times.ts';
import type { PauseAsk, PauseFacts } from './pause-facts.ts';

/** "until Mon 30 Nov, 9:00 am", "until somebody lets it go on". mrkdwn. */
export const untilWords = (until: Date | null, zone: string): string =>
  until ? `until ${moment(zone, until)}` : 'until somebody lets it go on';

/** Says what a pause means, and asks. Nothing has happened yet. Ephemeral. Pure. */
export function drawPauseAsk(ask: PauseAsk): Drawn {
  const { zone, now, between, noun } = ask;
  const title = titleWords(ask);
  const already = now
    ? `\nIt is paused already, by ${escaped(now.by)} since ${moment(zone, now.at)}, ${untilWords(now.until, zone)}. This gives it another end.`
    : '';
  const words = [
    `*${title}*${already}`,
    `While it is paused Truce reads and writes nothing of it: what changes in ${escaped(between)} waits, and so does what people decide. A run under way ends first. Undo still works.`,
    `When it goes on, Truce reads all ${escaped(noun.many)} and compares them afresh. Nothing is lost.`,
  ];
  return {
    text: spoken(title),
    blocks: [section('what', words.join('\n')), actions('do', [...choices(ask), cancelButton('pause')])],
  };
}

function titleWords({ flowName, until, zone }: PauseAsk): string {
  const when = until === undefined ? '' : ` ${untilWords(until, zone)}`;
  return `Pause ${escaped(flowName)}${when}?`;
}

function choices({ flowId, flowName, until, choices, asked }: PauseAsk): Button[] {
  const all = until === undefined ? choices : [{ label: `Pause ${flowName}`, until }];
  return all.map((choice, i) =>
    button({
      action: `pause_confirm:${i}`,
      label: choice.label,
      value: [flowId, choice.until?.getTime() ?? '-', asked.getTime()].join('/'),
      says: `Pause ${named(flowName, 40)}: ${choice.label}`,
    }),
  );
}

const cancelButton = (what: 'pause' | 'resume'): Button =>
  button({
    action: 'pause_cancel',
    label: 'Cancel',
    value: what,
    says: 'Cancel: nothing happens',
  });

/** Says what waits, and asks whether it goes on. Ephemeral. Pure. */
export function drawResumeAsk(facts: PauseFacts): Drawn {
  const { flowName, by, at, until, zone, noun, waiting, flowId, id } = facts;
  const waits =
    waiting > 0 ? ` ${sentence(count(waiting, `${noun.one} is`, `${noun.many} are`))} known to wait.` : '';
  const title = `Let ${escaped(flowName)} go on?`;
  const words =
    `*${title}*\nPaused by ${escaped(by)} since ${moment(zone, at)}, ${untilWords(until, zone)}.${waits}\n` +
    `The first run reads all ${escaped(noun.many)} and compares them afresh. If it would write more than is usual for the time away, it stops and asks first.`;
  return {
    text: spoken(title),
    blocks: [
      section('what', words),
      actions('do', [resumeButton(facts, `${flowId}/${id}`), cancelButton('resume')]),
    ],
  };
}

const resumeButton = ({ flowName }: Pick<PauseFacts, 'flowName'>, value: string): Button =>
  button({
    action: 'resume_confirm',
    label: 'Let it go on',
    value,
    says: `Let ${named(flowName, 40)} go on now`,
    style: 'primary',
  });

/** The message in the channel: who paused it, and until when; edited as that changes. Pure. */
export function drawPause(facts: PauseFacts): Drawn {
  const { flowName, by, at, zone, ended, id, drawing, flowId } = facts;
  const ids = blockIds(`pause.${id}`, 0, drawing);
  if (ended) {
    const who = ended.by ? `${escaped(ended.by)} let it go on` : 'its time had come';
    const words = `*${escaped(flowName)} goes on.* Paused by ${escaped(by)} from ${moment(zone, at)} to ${moment(zone, ended.at)}; ${who}. The first run reads everything and compares it afresh.`;
    return { text: spoken(words), blocks: [section(ids('over'), words)] };
  }
  const words = `*${escaped(flowName)}: paused* by ${escaped(by)} since ${moment(zone, at)}, ${untilWords(facts.until, zone)}.\nWhat changes meanwhile waits; nothing is lost.`;
  const ask = button({
    action: 'resume_ask',
    label: 'Let it go on…',
    value: flowId,
    says: `Let ${named(flowName, 40)} go on; asks first`,
  });
  return {
    text: spoken(words.split('\n')[0] ?? ''),
    blocks: [
      section(ids('what'), words),
      actions(ids('do'), [ask]),
      context(ids('foot'), `Or type \`${escaped(facts.command)} resume ${escaped(flowId)}\``),
    ],
  };
}

/** Somebody decided while the flow stands still. */
export const goesOutLater = (facts: Pick<PauseFacts, 'flowName' | 'until' | 'zone'>): Drawn =>
  answer(
    `Noted. *${escaped(facts.flowName)}* is paused ${untilWords(facts.until, facts.zone)}: what you chose is saved in the systems once it goes on.`,
  );

/** Asked for something that a flow does not do while it stands still. */
export const pausedNow = (
  facts: Pick<PauseFacts, 'flowName' | 'flowId' | 'by' | 'at' | 'until' | 'zone' | 'command'>,
): Drawn =>
  answer(
    `*${escaped(facts.flowName)} is paused* by ${escaped(facts.by)} since ${moment(facts.zone, facts.at)}, ${untilWords(facts.until, facts.zone)}. Nothing was started.\nNext: \`${escaped(facts.command)} resume ${escaped(facts.flowId)}\``,
  );

import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import {
  actions,
  bold,
  bullets,
  button,
  code,
  context,
  type Drawn,
  line,
  link,
  numbered,
  type Piece,
  person,
  rich,
} from '../blocks.ts';
import { answer, notSeen } from '../refusals.ts';
import { keepButton } from '../rollback/locked.ts';
import { count, duration, escaped, named, sentence } from '../text.ts';
import { richMoment, richTime } from '../times.ts';
import type { CallFacts, ChangeLookup, RunLookup, StoryFacts } from './facts.ts';
import { storyPieces } from './story.ts';

const longestStory = 25;

/** `/sync lookup tr-…`: the story in words first; the calls behind one button. Pure. */
export function drawChangeLookup(facts: ChangeLookup): Drawn {
  const title = `${stateWord(facts)}: ${named(facts.title)}`;
  const done: Piece[] = facts.closedAt ? [' Done ', richMoment(facts.zone, facts.closedAt), '.'] : [];
  const details = facts.details > 0 ? `${count(facts.details, 'detail', 'details')}, ` : '';
  const scope = `${details}${count(facts.systems, 'system', 'systems')}, ${facts.flowName}, agreement ${facts.agreement}.`;
  const why =
    facts.state === 'held' && facts.waitsDetail ? `\n${sentence(named(facts.waitsDetail, 300))}.` : '';
  const head: RichTextSection = line(bold(title), ` (${facts.noun})\n${scope}`, ...done, why);
  const story = shortened(facts.story);
  const steps = story.map((step) => storyLine(step, facts));
  const places = facts.places.map(({ label, url }): Piece => link(label, url));
  const blocks: KnownBlock[] = [
    rich('head', head),
    ...(places.length > 0 ? [rich('places', line('Open it: ', ...listedPieces(places), '.'))] : []),
    rich('story', steps.length > 0 ? numbered(steps) : line('Nothing has happened to it yet.')),
    rich('calls', line(callsWords(facts.calls))),
    actions('do', lookupButtons(facts)),
    context('next', nextWords(facts)),
  ];
  return { text: escaped(title), blocks };
}

const listedPieces = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece, i) => (i === 0 ? [piece] : [', ', piece]));

const stateWords: Record<ChangeLookup['state'], string> = {
  open: 'Under way',
  asking: 'Waiting for a decision',
  writing: 'Being saved',
  held: 'Waiting',
  failed: 'Not saved everywhere',
  settled: 'Settled',
  withdrawn: 'No longer needed',
};

const stateWord = (facts: ChangeLookup): string =>
  facts.state === 'held' && facts.waitsFor ? `Waiting: ${facts.waitsFor}` : stateWords[facts.state];

/** A long story keeps its beginning and its end. */
function shortened(story: readonly StoryFacts[]): StoryFacts[] {
  if (story.length <= longestStory) return [...story];
  return [...story.slice(0, 5), ...story.slice(-(longestStory - 5))];
}

function storyLine(step: StoryFacts, { zone }: ChangeLookup): RichTextSection {
  const { verb, rest } = storyPieces(step);
  return line(richTime(zone, step.at), ', ', bold(verb), ...rest);
}

function callsWords(calls: readonly CallFacts[]): string {
  if (calls.length === 0) return 'No calls were made for it alone.';
  const bySystem = Map.groupBy(calls, (call) => call.system);
  const parts = [...bySystem].map(([system, list]) => `${system} ${list.length}`).join(', ');
  const failed = calls.filter((call) => call.status === null || call.status >= 400).length;
  return `${count(calls.length, 'call', 'calls')}: ${parts}. ${failed === 0 ? 'None failed.' : `${failed} did not work.`}`;
}

function lookupButtons(facts: ChangeLookup): Button[] {
  const buttons: Button[] = [];
  if (facts.calls.length > 0) buttons.push(callsButton(facts.reference, 1, 'Show the calls'));
  if (facts.state === 'failed' || facts.state === 'held') {
    buttons.push(
      button({
        action: 'reprocess_ask',
        label: 'Reprocess…',
        value: facts.reference,
        says: 'Run this again: shows first what it will do',
      }),
    );
  }
  if (facts.keepable) buttons.push(keepButton(facts.reference, facts.keepable.revision, facts.title));
  if (facts.undoable) buttons.push(undoButton(facts.reference));
  buttons.push(
    fullLogButton(facts.reference),
    button({
      action: 'change_log',
      label: 'Refresh',
      value: facts.reference,
      says: 'Look this reference up again',
    }),
  );
  return buttons;
}

const fullLogButton = (reference: string): Button =>
  button({
    action: 'lookup_file',
    label: 'Full log to me',
    value: reference,
    says: 'Send the full log to my direct messages, as a file',
  });

const undoButton = (reference: string): Button =>
  button({
    action: 'rollback_ask',
    label: 'Undo…',
    value: reference,
    says: 'Undo what it wrote: shows first what goes back',
  });

const callsButton = (reference: string, page: number, label: string): Button =>
  button({
    action: `lookup_calls:${page}`,
    label,
    value: `${reference}/calls/${page}`,
    says: `${label}, page ${page}`,
  });

function nextWords({ state, command, reference, undoable }: ChangeLookup): string {
  const typed = escaped(command);
  if (state === 'failed' || state === 'held') return `Next: \`${typed} reprocess ${reference}\``;
  if (state === 'asking') return `Next: choose on its message · reference \`${reference}\``;
  if (undoable)
    return `To undo what it wrote: \`${typed} rollback ${reference}\` · reference \`${reference}\``;
  return `Nothing to do · reference \`${reference}\``;
}

const perPage = 3;

/** One page of calls, with the way back. `page` counts from 1. Pure. */
export function drawCalls(
  { reference, calls, zone }: { reference: string; calls: readonly CallFacts[]; zone: string },
  page: number,
): Drawn {
  const pages = Math.max(1, Math.ceil(calls.length / perPage));
  const at = Math.min(Math.max(1, page), pages);
  const from = (at - 1) * perPage;
  const shown = calls.slice(from, from + perPage);
  const last = from + shown.length;
  const buttons = [
    button({ action: 'change_log', label: 'Back', value: reference, says: 'Back to the story' }),
    ...(at > 1 ? [callsButton(reference, at - 1, `Previous ${perPage}`)] : []),
    ...(at < pages ? [callsButton(reference, at + 1, `Next ${Math.min(perPage, calls.length - last)}`)] : []),
  ];
  return {
    text: `Calls of ${reference}, ${from + 1} to ${last} of ${calls.length}`,
    blocks: [
      rich('head', line(bold('Calls of '), code(reference), `, ${from + 1} to ${last} of ${calls.length}`)),
      ...shown.map((call, i) => rich(`call.${from + i + 1}`, callLine(call, from + i + 1, zone))),
      actions('pages', buttons),
      context('note', 'Secrets and personal data are blacked out.'),
    ],
  };
}

function callLine(call: CallFacts, nr: number, zone: string): RichTextSection {
  const outcome =
    call.status === null ? `no answer (${named(call.error ?? 'cut off', 120)})` : String(call.status);
  const tries = call.attempt > 1 ? `, try ${call.attempt}` : '';
  return line(
    `${nr}. `,
    bold(call.system),
    `, ${named(call.purpose, 120)}, `,
    richTime(zone, call.at),
    `: ${outcome}, ${duration(call.durationMs)}${tries}\n`,
    code(`${call.method} ${named(call.url, 200)}`),
  );
}

/** `/sync lookup` on a run's reference, as an alert carries it. Pure. */
export function drawRunLookup(facts: RunLookup): Drawn {
  const title = `${runWord(facts)}: a run of ${facts.flowName}`;
  const by: Piece[] = facts.askedBy ? [', asked for by ', person(facts.askedBy)] : [];
  const end: Piece[] = facts.finishedAt ? [', ended ', richTime(facts.zone, facts.finishedAt)] : [];
  const head = line(bold(title), '\nBegan ', richMoment(facts.zone, facts.startedAt), ...end, ...by, '.');
  const counts = facts.counts
    .filter(({ n }) => n > 0)
    .map(({ n, what }) => `${n.toLocaleString('en-AU')} ${what}`);
  const blocks: KnownBlock[] = [
    rich('head', head),
    rich('counts', line(counts.length > 0 ? `${counts.join(', ')}.` : 'Nothing had changed.')),
  ];
  if (facts.failures.length > 0) {
    blocks.push(
      rich('failures', bullets(...facts.failures.slice(0, 5).map((words) => line(named(words, 300))))),
    );
  }
  if (facts.changes.length > 0)
    blocks.push(rich('changes', numbered(facts.changes.slice(0, 10).map(changeLine))));
  blocks.push(rich('calls', line(callsWords(facts.calls))));
  const buttons = [
    ...(facts.calls.length > 0 ? [callsButton(facts.reference, 1, 'Show the calls')] : []),
    ...(facts.undoable ? [undoButton(facts.reference)] : []),
    fullLogButton(facts.reference),
  ];
  blocks.push(actions('do', buttons));
  blocks.push(
    context('next', `Reference \`${facts.reference}\` · next: \`${escaped(facts.command)} status\``),
  );
  return { text: escaped(title), blocks };
}

const runWord = ({ state, failures }: RunLookup): string => {
  if (state === 'running') return 'Running';
  if (state === 'done') return failures.length > 0 ? 'Done in part' : 'Done';
  return state === 'parked' ? 'Put off' : 'Did not work';
};

const changeLine = (change: RunLookup['changes'][number]): RichTextSection =>
  line(code(change.reference), ` ${named(change.title, 80)}: ${change.state}`);

/** Not there, or not yours: the same words; one near that the asker may see is offered. */
export function drawNotFound({ reference, near }: { reference: string; near: string | null }): Drawn {
  if (!near) return answer(notSeen());
  const words = `Nothing has the reference ${reference}. One character may be mistyped: *${near}* exists.`;
  return {
    ...answer(words),
    blocks: [
      ...answer(words).blocks,
      actions('do', [
        button({ action: 'change_log', label: 'Look it up', value: near, says: `Look up ${near}` }),
      ]),
    ],
  };
}

export const drawNotAReference = ({
  typed,
  verb,
  command,
}: {
  typed: string;
  verb: string;
  command: string;
}): Drawn =>
  answer(
    `${typed.trim() ? `“${escaped(named(typed, 60))}” is not a reference. ` : ''}Tell me which change: a reference is \`tr-\` and ten letters or digits, ` +
      `and stands at the foot of every message.\nFor example \`${escaped(command)} ${verb} tr-7F3K92QDXB\``,
  );

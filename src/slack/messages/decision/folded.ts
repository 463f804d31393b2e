import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import { ruleButton } from '../agreement/case-law.ts';
import {
  actions,
  type BlockIds,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  line,
  type Piece,
  person,
  rich,
} from '../blocks.ts';
import { keepButton } from '../rollback/locked.ts';
import { drawnTug } from '../rollback/tug-of-war.ts';
import { count, escaped, isUserId, listed, named, sentence } from '../text.ts';
import { richMoment } from '../times.ts';
import type { DecisionFacts, FieldFacts, SaveFacts } from './facts.ts';
import { drawnUndone, putBackButton, undoButton, undoNote } from './undone.ts';
import { detailWords, footWords, valueWords } from './words.ts';

type Ending = 'failed' | 'waiting' | 'saving' | 'settled' | 'expired' | 'withdrawn' | 'undone';

/** The message once nobody has to choose any more: saving, settled, failed, withdrawn, out of time, or waiting for something else. Pure. */
export function drawFolded(facts: DecisionFacts): Drawn {
  return drawings[endingOf(facts)](facts, named(facts.title));
}

function endingOf({ state, fields, undone }: Pick<DecisionFacts, 'state' | 'fields' | 'undone'>): Ending {
  const isOver = state === 'settled' || state === 'withdrawn';
  if (undone && (undone.isUnderWay || isOver)) return 'undone';
  const states = new Set(fields.map((field) => field.state));
  if (state === 'failed' || states.has('failed')) return 'failed';
  if (state === 'held') return 'waiting';
  if (state === 'withdrawn') return states.has('expired') ? 'expired' : 'withdrawn';
  if (state !== 'settled') return states.has('expired') ? 'expired' : 'saving';
  if (states.has('confirmed') || states.has('decided_pending') || states.size === 0) return 'settled';
  return states.has('expired') ? 'expired' : 'withdrawn';
}

type Draw = (facts: DecisionFacts, title: string) => Drawn;

const drawings: Record<Ending, Draw> = {
  saving: (facts, title) =>
    facts.paused ? drawPaused(facts, facts.paused, title) : drawSaving(facts, title),
  settled: (facts, title) =>
    fold(facts, {
      text: `Settled: ${title}. All systems agree.`,
      head: ['white_check_mark', `Settled: ${title}`],
      lines: [
        ...facts.fields.map((field) => fieldLine(field, decidedBy(field))),
        confirmedLine(facts),
        ...undoNote(facts),
      ],
      buttons: [...undoButtons(facts), ...(facts.custom ? [ruleButton(facts, facts.custom)] : [])],
    }),
  undone: drawUndone,
  failed: drawFailed,
  waiting: (facts, title) => (facts.tugs.length > 0 ? drawTug(facts, title) : drawWaiting(facts, title)),
  withdrawn: (facts, title) => {
    const words = facts.fields.length > 0 ? 'No decision needed any more' : 'Nothing waits any more';
    return fold(facts, {
      text: `${words}: ${title}.`,
      head: [null, `${words}: ${title}`],
      lines: [withdrawnLine(facts), ...endLines(facts.fields)],
    });
  },
  expired: (facts, title) =>
    fold(facts, {
      text: `Time is up: ${title}. The agreed fallback was used.`,
      head: ['hourglass', `Nobody chose in time: ${title}`],
      lines: [
        line(`Agreement ${facts.agreement} says what happens then:`),
        ...facts.fields.map((field) =>
          fieldLine(field, field.chosen ? decidedBy(field) : [`: ${afterwards(field)}`]),
        ),
        ...undoNote(facts),
      ],
      buttons: undoButtons(facts),
    }),
};

/** Decided, and not on its way: "Saving" would be wrong for hours. */
function drawPaused(
  facts: DecisionFacts,
  { until }: NonNullable<DecisionFacts['paused']>,
  title: string,
): Drawn {
  const waits = `waits: ${named(facts.flowName, 40)} is paused`;
  const when: Piece[] = until ? [' at the latest ', richMoment(facts.zone, until)] : [];
  return fold(facts, {
    text: `Decided, and ${waits}. ${title}.`,
    head: ['double_vertical_bar', `Decided, and ${waits}. ${title}`],
    lines: [
      ...facts.fields.map((field) => fieldLine(field, decidedBy(field))),
      ...saveLines(facts.saves.filter(({ outcome }) => outcome !== 'saving')),
      line('It is saved in the systems once the sync goes on', ...when, '. Nothing is lost.'),
    ],
  });
}

const drawSaving: Draw = (facts, title) =>
  fold(facts, {
    text: `Saving: ${title}. ${sentence(detailWords(facts.fields) || facts.noun)}.`,
    head: ['hourglass_flowing_sand', `Saving: ${title}`],
    lines: [...facts.fields.map((field) => fieldLine(field, decidedBy(field))), ...saveLines(facts.saves)],
  });

const undoButtons = (facts: DecisionFacts): Button[] => (facts.undoable === 'yes' ? [undoButton(facts)] : []);

function drawUndone(facts: DecisionFacts, title: string): Drawn {
  if (!facts.undone) throw new Error(`${facts.changeId} was not undone`);
  const { text, head, lines, buttons } = drawnUndone(facts, facts.undone, title);
  return fold(facts, { text, head: ['leftwards_arrow_with_hook', head], lines, buttons });
}

interface Folded {
  readonly text: string;
  readonly head: readonly [emoji: string | null, words: string];
  readonly lines: readonly RichTextSection[];
  readonly buttons?: readonly Button[];
}

function fold(facts: DecisionFacts, { text, head: [emoji, words], lines, buttons = [] }: Folded): Drawn {
  const id: BlockIds = blockIds(facts.changeId, facts.revision, facts.drawing);
  const mark: Piece[] = emoji ? [{ type: 'emoji', name: emoji }, ' '] : [];
  const blocks: KnownBlock[] = [rich(id('sum'), line(...mark, bold(words)), bullets(...lines.slice(0, 20)))];
  if (buttons.length > 0) blocks.push(actions(id('after'), [...buttons]));
  blocks.push(context(id('foot'), `${forgottenWords(facts)}${footWords(facts)}`));
  return { text: escaped(text), blocks };
}

const forgottenWords = ({ forgottenAfterDays: days }: DecisionFacts): string =>
  days === null ? '' : `Values are shown here for ${count(days, 'day', 'days')}.\n`;

const drawWaiting: Draw = (facts, title) =>
  fold(facts, {
    text: `Waiting: ${title}. ${sentence(facts.waitsFor ?? 'something is missing')}.`,
    head: [null, `Waiting: ${facts.waitsFor ?? 'something is missing'}. ${title}`],
    lines: [
      ...(facts.waitsDetail ? [line(sentence(named(facts.waitsDetail, 300)))] : []),
      line(
        'Nothing of it is written meanwhile; all other records go on. It goes on by itself once this is put right.',
      ),
    ],
    buttons: [
      ...(facts.locked ? [keepButton(facts.changeId, facts.revision, facts.title)] : []),
      retryButton(facts),
      logButton(facts),
    ],
  });

/** Something that Truce does not know keeps writing: only a person can say what, and how it goes on. */
const drawTug: Draw = (facts, title) => {
  const { text, head, lines } = drawnTug(facts, title);
  const again = retryButton(facts, 'primary', 'Put it back again');
  return fold(facts, { text, head: ['warning', head], lines, buttons: [again, logButton(facts)] });
};

function drawFailed(facts: DecisionFacts, title: string): Drawn {
  const refused = facts.saves.filter((save) => save.outcome === 'refused');
  const who = listed(refused.map((save) => save.label));
  const what = refused.flatMap((save) => (save.makes ? [] : save.what));
  const details = detailWords(facts.fields) || listed([...new Set(what)]);
  const isMaking = refused.length > 0 && refused.every((save) => save.makes);
  const isOurs = refused.length > 0 && refused.every((save) => save.unasked);
  const refusal = isMaking ? 'did not make it' : `refused${details ? ` the ${details}` : ''}`;
  const why = isOurs ? ` Not made in ${who}.` : who ? ` ${who} ${refusal}.` : '';
  const said = refused.some((save) => save.reason !== null && facts.waitsDetail?.includes(save.reason));
  const where = isOurs ? 'where it comes from' : `in ${who}`;
  const remedy = who ? `put it right ${where}, then press Try again` : 'press Try again; the log says more';
  const has = listed(facts.saves.filter(({ outcome }) => outcome === 'saved').map(({ label }) => label));
  const back = facts.undoable === 'yes' ? `, or put the old value back${has ? ` in ${has}` : ''}` : '';
  return fold(facts, {
    text: `Not saved everywhere: ${title}.${why}`,
    head: ['warning', `Not saved everywhere: ${title}`],
    lines: [
      ...facts.fields.map((field) => fieldLine(field, decidedBy(field))),
      ...saveLines(facts.saves),
      ...(facts.waitsDetail && !said ? [line(named(facts.waitsDetail, 300))] : []),
      line(bold('Nothing is lost.'), ` Truce did not write over anything else. You can: ${remedy}${back}.`),
      ...undoNote(facts),
    ],
    buttons: [
      retryButton(facts, 'primary'),
      ...(facts.undoable === 'yes' ? [putBackButton(facts)] : []),
      logButton(facts),
    ],
  });
}

function fieldLine(field: FieldFacts, after: readonly Piece[]): RichTextSection {
  return line(bold(field.label), ...after);
}

function decidedBy(field: FieldFacts): Piece[] {
  if (!field.chosen) return [': no decision needed any more'];
  const { shown, by, from, first } = field.chosen;
  const source = from ? ` (${from})` : '';
  const both: Piece[] = first ? [person(first), ' and '] : [];
  const who: Piece[] = isUserId(by) ? [', by ', ...both, person(by)] : [];
  return [`: ${valueWords(field, shown)}${source}`, ...who];
}

const saveWords: Record<SaveFacts['outcome'], string> = {
  has_it: 'has it',
  saved: 'is done',
  saving: 'is being saved',
  checking: 'gave no answer; Truce is looking whether it was saved',
  refused: 'refused',
};
const makeWords: Record<SaveFacts['outcome'], string> = {
  has_it: 'has it',
  saved: 'has it',
  saving: 'gets it now',
  checking: 'gave no answer; Truce is looking whether it was made',
  refused: 'did not make it',
};

function saveLines(saves: readonly SaveFacts[]): RichTextSection[] {
  const fine = saves.filter((save) => save.outcome === 'has_it' || save.outcome === 'saved');
  const lines = fine.length > 0 ? [line(`Saved in ${listed(fine.map((save) => save.label))}`)] : [];
  for (const save of saves) {
    if (fine.includes(save)) continue;
    if (save.outcome === 'refused' && save.unasked && save.reason) {
      lines.push(line(`Not made in ${save.label}: ${named(save.reason, 200)}`));
      continue;
    }
    const answer =
      save.outcome === 'refused' && save.reason ? `. Its answer: “${named(save.reason, 200)}”` : '';
    const isRefused = save.outcome === 'refused' && !save.makes;
    const what = isRefused && save.what.length > 0 ? ` the ${listed(save.what)}` : '';
    const words = (save.makes ? makeWords : saveWords)[save.outcome];
    lines.push(line(`${save.label} ${words}${what}${answer}`));
  }
  return lines;
}

function confirmedLine({ saves, closedAt, zone }: DecisionFacts): RichTextSection {
  const n = saves.length;
  const all =
    n > 2 ? `All ${n} systems confirmed` : n === 2 ? 'Both systems confirmed' : 'Every system confirmed';
  return line(all, ...(closedAt ? [' ', richMoment(zone, closedAt)] : []), '.');
}

function withdrawnLine({ closedAt, zone, fields }: DecisionFacts): RichTextSection {
  const reasons = new Set(fields.map(reasonOf));
  const [reason] = reasons;
  const one = reasons.size === 1 && reason ? sentence(reason) : 'The question went away by itself';
  return line(
    fields.length > 0 ? named(one, 250) : 'It came right by itself',
    ...(closedAt ? [', ', richMoment(zone, closedAt)] : []),
    '.',
  );
}

const reasonOf = ({ note, withdrawn }: FieldFacts): string | null => note ?? withdrawn?.reason ?? null;

/** What the systems agree on now; why, where that is not the same for all details. */
function endLines(fields: readonly FieldFacts[]): RichTextSection[] {
  const isOne = new Set(fields.map(reasonOf)).size === 1;
  return fields.flatMap((field) => {
    const settledOn = field.withdrawn?.settledOn ?? null;
    const reason = isOne ? null : reasonOf(field);
    if (!settledOn && !reason) return [];
    const value = settledOn ? [`: ${valueWords(field, settledOn.shown)}, in all systems`] : [];
    return [
      line(bold(field.label), ...value, reason ? `${settledOn ? '; ' : ': '}${named(reason, 200)}` : ''),
    ];
  });
}

function afterwards(field: FieldFacts): string {
  if (field.fallback === 'keep')
    return 'nothing was written. The systems stay apart; Truce asks again when one of them changes.';
  if (field.fallback === 'owner_wins') return `${field.ownerLabel}’s value is used.`;
  return 'it keeps waiting.';
}

const retryButton = (facts: DecisionFacts, style?: 'primary', label = 'Try again') =>
  button({
    action: 'decision_retry',
    label,
    value: `${facts.changeId}/-/retry/r${facts.revision}`,
    says: `${label}: ${detailWords(facts.fields.length > 0 ? facts.fields : facts.tugs) || facts.noun} of ${named(facts.title, 30)}`,
    ...(style ? { style } : {}),
  });

const logButton = (facts: DecisionFacts) =>
  button({
    action: 'change_log',
    label: 'Show log',
    value: facts.changeId,
    says: 'Show the log of this change',
  });

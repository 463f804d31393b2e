import type { ModalView } from '@slack/types';
import { actions, bold, bullets, button, line, rich, section } from '../blocks.ts';
import { count, escaped, inSentence, listed, named } from '../text.ts';
import { type FormRef, formFrame } from './form.ts';

/** The same answer for many decisions: which, what exactly is written, and what became of it. Pure. */

interface ManyFacts {
  readonly ref: FormRef;
  readonly channel: string;
  readonly label: string;
  readonly noun: { readonly one: string; readonly many: string };
  /** Systems that changed it in each of them, by their labels. */
  readonly changed: readonly string[];
}

export interface ManyAskFacts extends ManyFacts {
  readonly total: number;
  /** Open decisions about the same detail that differ in another way. */
  readonly others: number;
  /** `changeId/field`, the decision from which it was asked. */
  readonly like: string;
  readonly revision: number;
  /** What can be taken for all: a connection, or `agreed`. */
  readonly choices: readonly { readonly from: string; readonly label: string }[];
}

const backButton = button({
  action: 'review_turn:stay',
  label: 'Back',
  value: 'stay',
  says: 'Back: nothing is saved',
});

const differsIn = ({ label, changed }: ManyFacts): string =>
  `${escaped(inSentence(label))} was changed in ${escaped(listed([...changed]))}`;

/** Which answer it is. */
export function drawManyAsk(facts: ManyAskFacts): ModalView {
  const { ref, channel, total, noun, like, revision, choices, label, others } = facts;
  const more =
    others > 0
      ? ` ${count(others, 'other decision', 'other decisions')} about it differ in another way, and are not part of this.`
      : '';
  return formFrame(ref, channel, [
    section('what', `*${count(total, noun.one, noun.many)}*, and in each the ${differsIn(facts)}.${more}`),
    section('ask', 'Which is right in all of them? You see first what would be written.'),
    actions('choices', [
      ...choices.map((choice) =>
        button({
          action: `review_many_preview:${choice.from}`,
          label: choice.label,
          value: `${like}/${choice.from}/r${revision}`,
          says: `${label}, in all ${total}: ${choice.label}`,
        }),
      ),
      backButton,
    ]),
  ]);
}

export interface ManyPreviewFacts extends ManyFacts {
  readonly id: string;
  /** "Xero", or "as agreed before". */
  readonly from: string;
  readonly total: number;
  /** More than are answered at a time: these wait on. */
  readonly rest: number;
  /** How many values each system gets. */
  readonly writes: readonly { readonly system: string; readonly n: number }[];
  readonly examples: readonly ManyExample[];
}

export interface ManyExample {
  readonly title: string;
  readonly shown: string | null;
  readonly systems: readonly string[];
}

const value = (shown: string | null): string => (shown === null ? '(empty)' : named(shown, 120));

/** What exactly is written; asks once. */
export function drawManyPreview(facts: ManyPreviewFacts): ModalView {
  const { ref, channel, id, label, noun, total, from, examples, rest } = facts;
  const what = count(total, noun.one, noun.many);
  const more = total - examples.length;
  const waits =
    rest > 0
      ? ` ${count(rest, 'more waits', 'more wait')} for another time: this is as many as go at once.`
      : '';
  return formFrame(ref, channel, [
    section('what', `*${escaped(label)} of ${what}: ${escaped(from)}*`),
    section('writes', writesWords(facts)),
    rich(
      'examples',
      bullets(
        ...examples.map(exampleLine),
        ...(more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : []),
      ),
    ),
    section(
      'after',
      `Each is decided by itself, and can be undone by itself. What changes before you press is left out, and you are told.${waits}`,
    ),
    actions('do', [
      button({
        action: 'review_many_confirm',
        label: `Save these ${total.toLocaleString('en-AU')}`,
        value: id,
        says: `${label} of ${what}: ${from}. Save`,
        style: 'primary',
      }),
      backButton,
    ]),
  ]);
}

function writesWords({ writes }: ManyPreviewFacts): string {
  if (writes.length === 0) return 'Nothing has to be written: the systems agree with it.';
  const goes = writes.map(({ system, n }) => `${n.toLocaleString('en-AU')} to ${escaped(system)}`);
  return `Values that are written: ${listed(goes)}.`;
}

const exampleLine = ({ title, shown, systems }: ManyExample) =>
  line(
    bold(named(title, 60)),
    `: ${value(shown)}`,
    systems.length > 0 ? `, to ${listed([...systems])}` : ', nothing to write',
  );

export type LeftOut = 'moved' | 'decided' | 'over' | 'two_people' | 'agreement';

export interface ManyDoneFacts extends Pick<ManyFacts, 'ref' | 'channel' | 'noun' | 'label'> {
  readonly decided: number;
  readonly left: readonly { readonly title: string; readonly why: LeftOut }[];
}

const whyWords: Record<LeftOut, string> = {
  moved: 'a value changed meanwhile; it is asked again',
  decided: 'somebody decided it meanwhile',
  over: 'it needs no decision any more',
  two_people: 'two people choose it',
  agreement: 'the agreement changed meanwhile',
};

/** What became of it. */
export function drawManyDone({ ref, channel, decided, left, noun, label }: ManyDoneFacts): ModalView {
  const shown = left.slice(0, 10);
  const more = left.length - shown.length;
  return formFrame(ref, channel, [
    section(
      'done',
      `*${escaped(label)} of ${count(decided, noun.one, noun.many)} decided.* The values go out now; each message shows it.`,
    ),
    ...(left.length > 0
      ? [
          rich(
            'left',
            line(bold(`${left.length.toLocaleString('en-AU')} left out:`)),
            bullets(
              ...shown.map(({ title, why }) => line(`${named(title, 60)}: ${whyWords[why]}`)),
              ...(more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : []),
            ),
          ),
        ]
      : []),
    actions('do', [
      button({
        action: 'review_turn:first',
        label: 'On to the others',
        value: 'first',
        says: 'The other decisions',
      }),
    ]),
  ]);
}

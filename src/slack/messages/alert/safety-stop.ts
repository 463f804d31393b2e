import type { Button } from '@slack/types';
import type { SafetyStopKind } from '../../../ledger/tables/safety-stops.ts';
import {
  actions,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  header,
  line,
  rich,
  section,
} from '../blocks.ts';
import { count, escaped, inSentence, listed, mention, named } from '../text.ts';
import { moment } from '../times.ts';

/** One record that a safety stop keeps back, and what would happen to it. */
export interface StopExample {
  readonly title: string;
  /** The detail that would change; null where the whole record is meant. */
  readonly field: string | null;
  /** In words; null = empty. Never a personal or secret value: `hidden` then. */
  readonly from: string | null;
  readonly to: string | null;
  readonly hidden: boolean;
  /** The systems in which it would be made, or from which it is gone. */
  readonly systems: readonly string[];
}

/** Everything that the message of a safety stop shows. */
export interface SafetyStopFacts {
  readonly number: number;
  readonly revision: number;
  readonly drawing: number;
  readonly kind: SafetyStopKind;
  readonly state: 'open' | 'approved' | 'refused' | 'over';
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  /** Records that it covers, what is usual for that time, and how many there are. */
  readonly records: number;
  readonly usual: number;
  readonly of: number;
  readonly examples: readonly StopExample[];
  readonly openedAt: Date;
  readonly deciders: readonly string[];
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly zone: string;
}

/** The message of a safety stop: what would happen, beside what is usual, five examples, and two answers. Pure. */
export function drawSafetyStop(facts: SafetyStopFacts): Drawn {
  return facts.state === 'open' ? drawOpen(facts) : drawAnswered(facts);
}

function drawOpen(facts: SafetyStopFacts): Drawn {
  const id = blockIds(`stop-${facts.number}`, facts.revision, facts.drawing);
  const would = wouldWords(facts);
  return {
    text: escaped(`${facts.flowName}: safety stop. ${would}. Nothing of it was written; please look.`),
    blocks: [
      header(id('head'), `Safety stop: ${would}`),
      section(
        id('what'),
        `That is *${count(facts.records, facts.noun.one, facts.noun.many)} of ${facts.of.toLocaleString('en-AU')}*, ${usualWords(facts)}, so Truce stopped before it wrote anything of it (${moment(facts.zone, facts.openedAt)}).`,
      ),
      ...exampleBlocks(facts, id('examples')),
      section(
        id('ask'),
        `*Was this meant?* ${escaped(listed(facts.deciders, 'or')) || 'An owner'} can answer. ${ifNot[facts.kind]}`,
      ),
      actions(id('do'), [approveButton(facts, 'Approve', 'primary'), refuseButton(facts)]),
      context(id('foot'), footWords(facts, 'Open')),
    ],
  };
}

const nounFor = ({ records, noun }: SafetyStopFacts) => count(records, noun.one, noun.many);

function wouldWords(facts: SafetyStopFacts): string {
  const one = facts.records === 1;
  switch (facts.kind) {
    case 'writes':
      return `${nounFor(facts)} would be changed`;
    case 'blanks':
      return `${nounFor(facts)} would lose a value`;
    case 'makes':
      return `${nounFor(facts)} would be made`;
    case 'gone':
      return `${nounFor(facts)} ${one ? 'is' : 'are'} gone at once`;
  }
}

const usualWords = ({ usual }: SafetyStopFacts): string =>
  usual > 0
    ? `where about ${usual.toLocaleString('en-AU')} are usual in that time`
    : 'far more than is usual';

/** What somebody does who did not mean it. */
const ifNot: Readonly<Record<SafetyStopKind, string>> = {
  writes:
    'If not, put it right in the system where it came from: when the values are back, this closes by itself. “Do not write” leaves the other systems as they are until the values change.',
  blanks:
    'If not, fill the values in again in the system where they were cleared: then this closes by itself. “Do not write” leaves the other systems as they are until the values change.',
  makes:
    'If not, archive them where they came from. “Do not write” makes none of them, until somebody approves after all.',
  gone: 'If not, see whether that system still shows Truce everything: when they are back, this closes by itself. “Do not write” leaves the other systems as they are.',
};

function exampleBlocks(facts: SafetyStopFacts, blockId: string) {
  if (facts.examples.length === 0) return [];
  const shown = facts.examples.length < facts.records ? 'For example:' : 'These are:';
  return [
    rich(
      blockId,
      line(shown),
      bullets(
        ...facts.examples.map((example) => line(bold(named(example.title, 80)), whatHappens(facts, example))),
      ),
    ),
  ];
}

function whatHappens({ kind }: SafetyStopFacts, { field, from, to, hidden, systems }: StopExample): string {
  if (kind === 'makes') return `: to be made in ${listed(systems)}`;
  if (kind === 'gone') return `: gone from ${listed(systems)}`;
  const detail = field ? `: ${inSentence(field)}` : '';
  if (hidden) return `${detail} ${kind === 'blanks' ? 'cleared' : 'changed'} (hidden)`;
  return `${detail} from ${shownValue(from)} to ${shownValue(to)}`;
}

const shownValue = (value: string | null): string => (value === null ? '(empty)' : `“${named(value, 80)}”`);

function drawAnswered(facts: SafetyStopFacts): Drawn {
  const id = blockIds(`stop-${facts.number}`, facts.revision, facts.drawing);
  const by = facts.decidedBy ? ` by ${mention(facts.decidedBy)}` : '';
  const at = facts.decidedAt ? `, ${moment(facts.zone, facts.decidedAt)}` : '';
  const flow = escaped(facts.flowName);
  const what = `${nounFor(facts)} (${kindWords[facts.kind]})`;
  if (facts.state === 'approved') {
    return {
      text: `${flow}: a safety stop was approved.`,
      blocks: [
        section(id('sum'), `*${flow}: approved*${by}${at}. ${what}: Truce goes on with exactly these.`),
        context(id('foot'), footWords(facts, 'Approved')),
      ],
    };
  }
  if (facts.state === 'over') {
    return {
      text: `${flow}: a safety stop is over, nothing of it was written.`,
      blocks: [
        section(
          id('sum'),
          `*${flow}: over by itself.* ${what}: what it was about is as it was. Nothing of it was written.`,
        ),
        context(id('foot'), footWords(facts, 'Over')),
      ],
    };
  }
  return {
    text: `${flow}: a safety stop was answered, nothing of it is written.`,
    blocks: [
      section(
        id('sum'),
        `*${flow}: not written*, so chosen${by}${at}. ${what}: the systems stay apart here, as they are, until the values change or somebody approves after all.`,
      ),
      actions(id('do'), [approveButton(facts, 'Approve after all')]),
      context(id('foot'), footWords(facts, 'Not written')),
    ],
  };
}

const kindWords: Readonly<Record<SafetyStopKind, string>> = {
  writes: 'changed at once',
  blanks: 'with values cleared at once',
  makes: 'to be made at once',
  gone: 'gone at once',
};

const approveButton = (facts: SafetyStopFacts, label: string, style?: 'primary'): Button =>
  button({
    action: 'safety_stop_answer:approve',
    label,
    value: `${facts.number}/approve/r${facts.revision}`,
    says: `Approve: Truce goes on with ${nounFor(facts)} of ${facts.flowName}`,
    ...(style ? { style } : {}),
  });

const refuseButton = (facts: SafetyStopFacts): Button =>
  button({
    action: 'safety_stop_answer:refuse',
    label: 'Do not write',
    value: `${facts.number}/refuse/r${facts.revision}`,
    says: `Do not write: the other systems stay as they are, ${nounFor(facts)}`,
    style: 'danger',
  });

const footWords = ({ flowName, number }: SafetyStopFacts, state: string): string =>
  `${state} · ${escaped(flowName)} · safety stop ${number}`;

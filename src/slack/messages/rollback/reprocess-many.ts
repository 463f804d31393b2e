import type { ChangeState } from '../../../ledger/tables/changes.ts';
import { actions, bold, bullets, button, context, type Drawn, line, type Piece, rich } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, defused, escaped, named } from '../text.ts';
import { moment, richMoment } from '../times.ts';

type Noun = { readonly one: string; readonly many: string };

export interface ReprocessManyFacts {
  /** What the button carries. */
  readonly value: string;
  readonly flowName: string;
  readonly noun: Noun;
  readonly what: 'failed' | 'waiting' | 'all';
  readonly since: Date | null;
  readonly until: Date;
  readonly zone: string;
  readonly total: number;
  readonly parts: readonly {
    readonly n: number;
    readonly state: ChangeState;
    readonly waitsFor: string | null;
  }[];
  readonly titles: readonly string[];
}

const kinds: Record<ReprocessManyFacts['what'], string> = {
  failed: 'that could not be saved everywhere',
  waiting: 'that wait',
  all: 'that moved',
};

/** Shows how many would be run again, and asks. Ephemeral. Pure. */
export function drawReprocessMany(facts: ReprocessManyFacts): Drawn {
  const { total, noun, flowName, zone, since } = facts;
  if (total === 0) {
    const when = since ? ` since ${moment(zone, since)}` : '';
    return answer(
      `*${defused(flowName)}:* there are no ${noun.many} ${kinds[facts.what]}${when}. Nothing to run again.`,
    );
  }
  const title = `Run ${count(total, noun.one, noun.many)} again?`;
  const more = total - facts.titles.length;
  const names = [
    ...facts.titles.map((name) => named(name, 80)),
    ...(more > 0 ? [`and ${more.toLocaleString('en-AU')} more`] : []),
  ];
  return {
    text: escaped(`${named(flowName)}: ${title}`),
    blocks: [
      rich('what', line(bold(title), ` (${named(flowName)})`, ...range(facts))),
      rich('parts', bullets(...facts.parts.map((part) => line(partWords(part))))),
      rich('names', line('Among them: ', names.join(', '), '.')),
      rich(
        'how',
        line(
          'Truce reads each of them afresh in every system and compares. Nothing old is sent as it was; what is right already stays untouched.',
        ),
      ),
      actions('do', [
        button({
          action: 'reprocess_many',
          label: `Run ${total.toLocaleString('en-AU')} again`,
          value: facts.value,
          says: `Run ${count(total, noun.one, noun.many)} of ${named(flowName, 40)} again`,
          style: 'primary',
        }),
        button({
          action: 'reprocess_cancel',
          label: 'Cancel',
          value: 'many',
          says: 'Cancel: nothing happens',
        }),
      ]),
    ],
  };
}

function range({ since, until, zone }: ReprocessManyFacts): Piece[] {
  return since ? [', from ', richMoment(zone, since), ' to ', richMoment(zone, until)] : [];
}

const stateWords: Record<ChangeState, string> = {
  open: 'under way',
  asking: 'waiting for a decision',
  writing: 'being saved',
  held: 'waiting',
  failed: 'not saved everywhere',
  settled: 'settled: looked at again',
  withdrawn: 'no longer needed: looked at again',
};

const partWords = ({ n, state, waitsFor }: ReprocessManyFacts['parts'][number]): string =>
  `${n.toLocaleString('en-AU')} ${state === 'held' && waitsFor ? `waiting: ${named(waitsFor)}` : stateWords[state]}`;

/** How far it is, or what came of it. `next` is mrkdwn. */
export function drawReprocessManyDone({
  flowName,
  noun,
  n,
  ended,
}: {
  readonly flowName: string;
  readonly noun: Noun;
  readonly n: number;
  readonly ended: { readonly failed: number; readonly waiting: number; readonly next: string } | null;
}): Drawn {
  const many = count(n, noun.one, noun.many);
  if (!ended) {
    const words = `${many} ${n === 1 ? 'is' : 'are'} being run again. I tell you here when the run has ended.`;
    return {
      text: escaped(`${flowName}: ${words}`),
      blocks: [rich('report', line(bold(flowName), `: ${words}`))],
    };
  }
  const left = [
    ...(ended.failed > 0 ? [`${ended.failed.toLocaleString('en-AU')} still not saved everywhere`] : []),
    ...(ended.waiting > 0 ? [`${ended.waiting.toLocaleString('en-AU')} still waiting`] : []),
  ];
  const words = `${many} run again: ${left.length > 0 ? left.join(', ') : 'nothing is left of them'}.`;
  return {
    text: escaped(`${flowName}: ${words}`),
    blocks: [rich('report', line(bold(flowName), `: ${words}`)), context('next', `Next: ${ended.next}`)],
  };
}

import type { KnownBlock, ModalView } from '@slack/types';
import {
  actions,
  blockIds,
  button,
  context,
  type Drawn,
  header,
  line,
  plain,
  rich,
  section,
} from '../blocks.ts';
import { count, named } from '../text.ts';
import { askField, chosenPieces } from './decision.ts';
import type { DecisionFacts } from './facts.ts';
import { limitWords } from './limits.ts';
import { footWords } from './words.ts';

/** What a form of decisions is leafing through, and where it is: all that wait in a flow, or one record's. */
export interface FormRef {
  readonly kind: 'queue' | 'one';
  /** A flow's id, or a change's. */
  readonly id: string;
  readonly at: number;
}

const formRef = ({ kind, id, at }: FormRef): string => `${kind}:${id}:${at}`;

/** Null for anything else. */
export function readFormRef(text: string): FormRef | null {
  const found = /^(queue|one):([^:/]+):(\d+)$/.exec(text);
  const [, kind, id, at] = found ?? [];
  return kind && id ? { kind: kind as FormRef['kind'], id, at: Number(at) } : null;
}

export interface DecisionFormFacts {
  readonly ref: FormRef;
  readonly channel: string;
  /** How many records it leafs through. */
  readonly total: number;
  /** The record that it shows: its values whole, since only who may decide opens it. */
  readonly page: DecisionFacts;
  /** For each detail, how many wait with the same kind of difference, this one among them. */
  readonly alike: Readonly<Record<string, number>>;
  /** What became of the last press. */
  readonly note: Drawn | null;
}

const mostFields = 25;

export const formFrame = (ref: FormRef, channel: string, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  callback_id: 'decision_form',
  private_metadata: `${formRef(ref)}/${channel}`,
  title: plain('Decisions', 24),
  close: plain('Close', 24),
  blocks,
});

/** Opened at once, while the ledger is asked. */
export const drawFormLoading = (ref: FormRef, channel: string): ModalView =>
  formFrame(ref, channel, [section('loading', 'One moment, looking it up…')]);

/** One record's decisions, with all values whole, and the way to the others. Pure. */
export function drawDecisionForm(facts: DecisionFormFacts): ModalView {
  const { ref, channel, total, page, alike, note } = facts;
  const id = blockIds(page.changeId, page.revision, ref.at);
  const open = page.fields.filter((field) => field.state === 'open').slice(0, mostFields);
  const where = total > 1 ? ` (${ref.at + 1} of ${total})` : '';
  const blocks: KnownBlock[] = [
    ...(note?.blocks ?? []),
    header(id('head'), `${named(page.title)}${where}`),
    ...page.fields
      .filter((field) => field.state !== 'open')
      .slice(0, mostFields)
      .map((field, i) => rich(id(`done${i}`), line(...chosenPieces(page, field)))),
    ...open.flatMap((field, i) => [
      ...askField(page, field, id, open.length > 1 ? `${i + 1}. ` : '').map(inForm),
      ...alikeBlocks(facts, field.name, field.label, alike[field.name] ?? 0, id),
    ]),
    ...(open.length > 0 ? [section(id('ask'), limitWords(page, open))] : []),
    ...(total > 1 ? [turning(facts, id)] : []),
    context(id('foot'), footWords(page)),
  ];
  return formFrame(ref, channel, blocks);
}

/** The same buttons as on the message, but answered in the form. */
function inForm(block: KnownBlock): KnownBlock {
  if (block.type !== 'actions') return block;
  const elements = block.elements.map((element) =>
    'action_id' in element
      ? { ...element, action_id: element.action_id?.replace(/^decision_/, 'review_') }
      : element,
  );
  return { ...block, elements } as KnownBlock;
}

function alikeBlocks(
  { page }: DecisionFormFacts,
  name: string,
  label: string,
  n: number,
  id: (part: string) => string,
): KnownBlock[] {
  if (n < 2) return [];
  return [
    actions(id(`${name}.alike`), [
      button({
        action: 'review_many',
        label: `Same for all ${n.toLocaleString('en-AU')}…`,
        value: `${page.changeId}/${name}/-/r${page.revision}`,
        says: `${label}: the same answer for all ${count(n, 'decision', 'decisions')} like this`,
      }),
    ]),
  ];
}

function turning({ ref, total }: DecisionFormFacts, id: (part: string) => string): KnownBlock {
  const back = button({
    action: 'review_turn:back',
    label: 'Back',
    value: 'back',
    says: 'The decision before',
  });
  const next = button({
    action: 'review_turn:next',
    label: 'Next',
    value: 'next',
    says: 'The next decision',
  });
  return actions(id('turn'), [...(ref.at > 0 ? [back] : []), ...(ref.at < total - 1 ? [next] : [])]);
}

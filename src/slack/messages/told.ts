import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { button, context, plain, section } from './blocks.ts';
import { defused, listed } from './text.ts';

/** How one person is told, and what of it they can choose. */
export interface ToldFacts {
  readonly slots: 'twice' | 'morning';
  readonly outside: 'urgent' | 'never';
  /** Names of their syncs that the agreement calls urgent. */
  readonly urgent: readonly string[];
  /** "Monday to Friday, 8:00 am to 6:00 pm, Australia/Sydney" */
  readonly hours: string;
  /** Names of the syncs that they own. */
  readonly owns: readonly string[];
}

export const slotWords = {
  twice: 'at 9 am and 2 pm on working days',
  morning: 'at 9 am on working days',
} as const;

/** "How you are told…" */
export const toldButton = button({
  action: 'told_ask',
  label: 'How you are told…',
  value: 'all',
  says: 'Choose when Truce writes to you',
});

/** When Truce writes to this person: what they choose, and what cannot be switched off. Pure. */
export function drawTold(facts: ToldFacts): ModalView {
  return {
    type: 'modal',
    callback_id: 'told',
    title: plain('How you are told', 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    blocks: [
      choice('slots', 'What waits for you, in one message', facts.slots, [
        ['twice', 'At 9 am and 2 pm'],
        ['morning', 'At 9 am only'],
      ]),
      ...urgentBlocks(facts),
      section('always', alwaysWords(facts)),
      context('hours', `Your working hours: ${defused(facts.hours, 200)}. Nothing waiting, no message.`),
    ],
  };
}

/** Only where a sync of theirs is urgent is there anything to choose. */
function urgentBlocks({ urgent, outside }: ToldFacts): KnownBlock[] {
  if (urgent.length === 0)
    return [
      section('outside.none', '*Outside working hours* nothing calls you: no sync of yours is urgent.'),
    ];
  const names = listed(urgent.map((name) => defused(name, 40)));
  return [
    choice('outside', `Problems outside working hours (${names})`, outside, [
      ['urgent', 'Call me at any hour'],
      ['never', 'Wait for working hours'],
    ]),
  ];
}

function alwaysWords({ urgent, owns }: ToldFacts): string {
  const lines = [
    'a second approval that waits for you',
    'a decision whose time ends before you would be told of it',
    ...(owns.length > 0
      ? [`a problem of ${listed(owns.map((name) => defused(name, 40)))} that nobody has taken on`]
      : []),
  ];
  const when =
    urgent.length > 0
      ? 'in working hours; what is urgent and nobody answers, at any hour'
      : 'in working hours';
  return `*Cannot be switched off* (${when}):\n${lines.map((words) => `• ${words}`).join('\n')}`;
}

function choice(
  id: string,
  label: string,
  chosen: string,
  options: readonly (readonly [value: string, words: string])[],
): InputBlock {
  const all = options.map(([value, words]): PlainTextOption => ({ text: plain(words, 75), value }));
  const initial = all.find(({ value }) => value === chosen);
  return {
    type: 'input',
    block_id: id,
    label: plain(label, 150),
    element: {
      type: 'radio_buttons',
      action_id: id,
      options: all,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { refuseMessageBlocks, refuseView } from '#src/playground/slack/blocks.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const x = (times: number) => 'x'.repeat(times);
const section = (text = 'Hello') => ({ type: 'section', text: mrkdwn(text) });
const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('Why'),
  element,
  ...more,
});
const note = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'n', ...more });

const modal = (more: object = {}) => ({ type: 'modal', title: plain('Why?'), blocks: [section()], ...more });

test('takes a modal with everything', () => {
  const view = modal({
    submit: plain('Send'),
    close: plain('Cancel'),
    private_metadata: x(3000),
    callback_id: 'why',
    notify_on_close: true,
    blocks: [
      input(note({ multiline: true, max_length: 3000 })),
      { type: 'alert', text: plain('Careful'), level: 'warning' },
    ],
  });
  expect(refuseView(view, 'modal')).toBeNull();
  expect(
    refuseView(modal({ blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) }), 'modal'),
  ).toBeNull();
});

const badModals: [string, object, string][] = [
  [
    'a title of 25',
    modal({ title: plain(x(25)) }),
    'less than 25 characters [json-pointer:/view/title/text]',
  ],
  ['a submit of 25', modal({ submit: plain(x(25)) }), 'less than 25'],
  ['no title', { type: 'modal', blocks: [] }, 'missing required field: title'],
  ['private_metadata of 3,001', modal({ private_metadata: x(3001) }), 'less than 3001'],
  ['a callback_id of 256', modal({ callback_id: x(256) }), 'less than 256'],
  [
    '101 blocks',
    modal({ blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }),
    'no more than 100 items',
  ],
  ['an input without submit', modal({ blocks: [input(note())] }), 'missing required field: submit'],
  [
    'a table',
    modal({ blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }] }),
    'unsupported type: table [json-pointer:/view/blocks/0/type]',
  ],
  ['markdown', modal({ blocks: [{ type: 'markdown', text: 'a' }] }), 'unsupported type: markdown'],
  ['a home tab', { type: 'home', blocks: [] }, 'must be one of: modal'],
  [
    'a label of 2,001',
    modal({ submit: plain('Go'), blocks: [input(note(), { label: plain(x(2001)) })] }),
    'less than 2001',
  ],
  [
    'a max_length of 3,001',
    modal({ submit: plain('Go'), blocks: [input(note({ max_length: 3001 }))] }),
    'at most 3000',
  ],
];
test.each(badModals)('refuses a modal with %s', (_, view, words) => {
  const refusal = refuseView(view, 'modal');
  expect(refusal?.error).toBe('invalid_arguments');
  expect(refusal?.messages.join('\n')).toContain(words);
});

test('refuses a view over 250 kB', () => {
  const blocks = Array.from({ length: 100 }, () => section(x(2900)));
  expect(refuseView(modal({ blocks }), 'modal')?.error).toBe('view_too_large');
});

const surfacesFile = fileURLToPath(
  new URL('../../../../shared/specs/slack/blocks-surfaces.json', import.meta.url),
);
test.skipIf(!existsSync(surfacesFile))('allows each block exactly where Slack lists it', () => {
  const listed: Record<string, string[]> = JSON.parse(readFileSync(surfacesFile, 'utf8'));
  const unknown = (messages: readonly string[] = []) =>
    messages.some((one) => one.includes('unsupported type'));
  for (const [type, surfaces] of Object.entries(listed)) {
    if (type.startsWith('_') || type === 'file') continue;
    const block = { type };
    expect({ type, message: !unknown(refuseMessageBlocks([block])?.messages) }).toEqual({
      type,
      message: surfaces.includes('message'),
    });
    for (const surface of ['modal', 'home'] as const) {
      const view = surface === 'modal' ? modal({ blocks: [block] }) : { type: 'home', blocks: [block] };
      expect({ type, [surface]: !unknown(refuseView(view, surface)?.messages) }).toEqual({
        type,
        [surface]: surfaces.includes(surface),
      });
    }
  }
});

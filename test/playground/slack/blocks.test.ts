import { expect, test } from 'vitest';
import { refuseMessageBlocks } from '#src/playground/slack/blocks.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const x = (times: number) => 'x'.repeat(times);
const section = (text = 'Hello') => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({
  type: 'button',
  action_id: 'go',
  text: plain('Go'),
  value: '1',
  ...more,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string, text = value) => ({ text: plain(text), value });
const many = (count: number) => Array.from({ length: count }, (_, at) => option(`o${at}`));
const select = (more: object) => ({ type: 'static_select', action_id: 's', ...more });
const note = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'n', ...more });
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const confirm = (more: object = {}) => ({ text: plain('Sure?'), ...more });

const taken: [string, object[]][] = [
  ['a section of 3,000 characters', [section(x(3000))]],
  ['50 blocks', Array.from({ length: 50 }, () => ({ type: 'divider' }))],
  ['a header of 150', [{ type: 'header', text: plain(x(150)) }]],
  [
    '25 elements in actions',
    [actions(...Array.from({ length: 25 }, (_, at) => button({ action_id: `a${at}` })))],
  ],
  ['the same action_id in two blocks', [actions(button()), actions(button())]],
  ['an overflow of one', [actions({ type: 'overflow', action_id: 'o', options: many(1) })]],
  ['a select with its initial option', [actions(select({ options: many(2), initial_option: option('o1') }))]],
  ['100 options', [actions(select({ options: many(100) }))]],
  [
    'a full button',
    [actions(button({ text: plain(x(75)), value: x(2000), accessibility_label: x(75), style: 'danger' }))],
  ],
  [
    'a confirm dialog',
    [
      actions(
        button({ confirm: confirm({ title: plain(x(100)), confirm: plain(x(30)), deny: plain(x(30)) }) }),
      ),
    ],
  ],
  ['fields only', [{ type: 'section', fields: [mrkdwn('a'), plain('b')] }]],
  ['a field sent as null', [{ ...section(), accessory: null }]],
  [
    'rich text with every kind of part',
    [
      rich(
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'a', style: { bold: true } },
            { type: 'user', user_id: 'U1' },
          ],
        },
        { type: 'rich_text_list', style: 'bullet', elements: [{ type: 'rich_text_section', elements: [] }] },
        { type: 'rich_text_quote', elements: [{ type: 'link', url: 'https://a.example' }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'tr-1' }] },
      ),
    ],
  ],
  ['one table', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }]],
  ['an image', [{ type: 'image', image_url: 'https://a.example/b.png', alt_text: 'A chart' }]],
];
test.each(taken)('takes %s', (_, blocks) => expect(refuseMessageBlocks(blocks)).toBeNull());

const refused: [string, object[], string][] = [
  [
    '51 blocks',
    Array.from({ length: 51 }, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  ['an unknown type', [{ type: 'sections' }], 'unsupported type: sections [json-pointer:/blocks/0/type]'],
  ['a name of every object', [{ type: 'constructor' }], 'unsupported type: constructor'],
  ['no type', [{}], 'missing required field: type'],
  [
    'an unknown field',
    [{ ...section(), colour: 'red' }],
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  ['an empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section of 3,001', [section(x(3001))], 'must be less than 3001 characters'],
  ['a section with nothing', [{ type: 'section' }], 'either text or fields is required'],
  [
    'a field of 2,001',
    [{ type: 'section', fields: [mrkdwn(x(2001))] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    '11 fields',
    [{ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('a')) }],
    'no more than 10 items',
  ],
  ['a header of 151', [{ type: 'header', text: plain(x(151)) }], 'less than 151'],
  ['a header in mrkdwn', [{ type: 'header', text: mrkdwn('a') }], 'must be one of: plain_text'],
  [
    'a button of 76',
    [actions(button({ text: plain(x(76)) }))],
    'less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  ['a value of 2,001', [actions(button({ value: x(2001) }))], 'less than 2001'],
  ['a label of 76', [actions(button({ accessibility_label: x(76) }))], 'less than 76'],
  ['an unknown style', [actions(button({ style: 'green' }))], 'must be one of: primary, danger'],
  ['a url that is none', [actions(button({ url: 'truce' }))], 'must be a valid URL'],
  ['a block_id of 256', [{ ...section(), block_id: x(256) }], 'less than 256'],
  [
    'a block_id twice',
    [
      { ...section(), block_id: 'a' },
      { ...section(), block_id: 'a' },
    ],
    '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
  ],
  ['an action_id twice in a block', [actions(button(), button())], '`action_id` "go" already exists'],
  ['no elements', [actions()], 'no fewer than 1 items'],
  [
    '26 elements',
    [actions(...Array.from({ length: 26 }, (_, at) => button({ action_id: `${at}` })))],
    'no more than 25 items',
  ],
  ['an overflow of none', [actions({ type: 'overflow', options: [] })], 'no fewer than 1 items'],
  ['an overflow of six', [actions({ type: 'overflow', options: many(6) })], 'no more than 5 items'],
  ['101 options', [actions(select({ options: many(101) }))], 'no more than 100 items'],
  ['11 radio buttons', [actions({ type: 'radio_buttons', options: many(11) })], 'no more than 10 items'],
  ['an option of 76', [actions(select({ options: [option('a', x(76))] }))], 'less than 76'],
  ['an option value of 76', [actions(select({ options: [option(x(76), 'a')] }))], 'less than 76'],
  ['no options', [actions(select({}))], 'needs either options or option_groups'],
  [
    'an initial option that is not offered',
    [actions(select({ options: many(2), initial_option: option('zz') }))],
    'initial option is not one of the options',
  ],
  [
    'a placeholder of 151',
    [actions(select({ options: many(1), placeholder: plain(x(151)) }))],
    'less than 151',
  ],
  [
    'a confirm title of 101',
    [actions(button({ confirm: confirm({ title: plain(x(101)) }) }))],
    'less than 101',
  ],
  ['a confirm text of 301', [actions(button({ confirm: { text: plain(x(301)) } }))], 'less than 301'],
  ['a confirm button of 31', [actions(button({ confirm: confirm({ deny: plain(x(31)) }) }))], 'less than 31'],
  [
    '11 in a context',
    [{ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('a')) }],
    'no more than 10 items',
  ],
  ['a button in a context', [{ type: 'context', elements: [button()] }], 'unsupported type: button'],
  [
    'an image without alt text',
    [{ type: 'image', image_url: 'https://a.example' }],
    'missing required field: alt_text',
  ],
  ['an image without an image', [{ type: 'image', alt_text: 'a' }], 'needs either image_url or slack_file'],
  ['an input inside actions', [actions(note())], 'unsupported type: plain_text_input'],
  [
    'a datetimepicker beside a section',
    [{ ...section(), accessory: { type: 'datetimepicker' } }],
    'unsupported type: datetimepicker',
  ],
  ['an alert', [{ type: 'alert', text: plain('a') }], 'unsupported type: alert'],
  ['a file', [{ type: 'file', external_id: 'a', source: 'remote' }], 'unsupported type: file'],
  [
    'two tables',
    Array.from({ length: 2 }, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] })),
    'no more than 1 table',
  ],
  [
    'an empty piece of rich text',
    [rich({ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] })],
    'more than 0 characters',
  ],
  [
    'unknown rich text',
    [rich({ type: 'rich_text_table', elements: [] })],
    'unsupported type: rich_text_table',
  ],
  [
    'markdown over 12,000 in all',
    [
      { type: 'markdown', text: x(7000) },
      { type: 'markdown', text: x(7000) },
    ],
    'all markdown blocks together',
  ],
];
test.each(refused)('refuses %s in a message', (_, blocks, words) => {
  const refusal = refuseMessageBlocks(blocks);
  expect(refusal?.error).toBe('invalid_blocks');
  expect(refusal?.messages.join('\n')).toContain(words);
  expect(refusal?.messages[0]).toMatch(/^\[ERROR\] .+ \[json-pointer:\/blocks.*\]$/);
});

test('refuses blocks that are no list', () => {
  expect(refuseMessageBlocks({ type: 'divider' })?.error).toBe('invalid_blocks_format');
});

test('refuses a message whose texts are too long in sum, though each is allowed', () => {
  expect(
    refuseMessageBlocks([section(x(3000)), section(x(3000)), section(x(3000)), section(x(2300))]),
  ).toBeNull();
  const refusal = refuseMessageBlocks([
    section(x(3000)),
    section(x(3000)),
    section(x(3000)),
    section(x(2301)),
  ]);
  expect(refusal?.error).toBe('msg_blocks_too_long');
});

import { expect, test } from 'vitest';
import { stateValues, unfinished } from '#src/playground/slack/state-values.ts';

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value });
const input = (block_id: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id,
  label: { type: 'plain_text', text: 'L' },
  element: { action_id: 'v', ...element },
  ...more,
});
const blocks = [
  input('text', { type: 'plain_text_input' }),
  input('first', { type: 'plain_text_input', initial_value: 'before' }, { optional: true }),
  input('one', { type: 'static_select', options: [option('a'), option('b')] }),
  input('some', { type: 'checkboxes', options: [option('a'), option('b')] }, { optional: true }),
  input('day', { type: 'datepicker' }, { optional: true }),
  {
    type: 'actions',
    block_id: 'act',
    elements: [
      { type: 'button', action_id: 'go' },
      { type: 'users_select', action_id: 'who' },
    ],
  },
];

test('untouched inputs are there with null, [] or what they began with', () => {
  expect(stateValues(blocks, {})).toEqual({
    text: { v: { type: 'plain_text_input', value: null } },
    first: { v: { type: 'plain_text_input', value: 'before' } },
    one: { v: { type: 'static_select', selected_option: null } },
    some: { v: { type: 'checkboxes', selected_options: [] } },
    day: { v: { type: 'datepicker', selected_date: null } },
    act: { who: { type: 'users_select', selected_user: null } },
  });
});

test('what was filled in arrives in the shape of each element', () => {
  const values = {
    text: { v: 'hi' },
    first: { v: '' },
    one: { v: 'b' },
    some: { v: ['a', 'zz'] },
    day: { v: '2026-11-21' },
    act: { who: 'U1' },
  };
  expect(stateValues(blocks, values)).toEqual({
    text: { v: { type: 'plain_text_input', value: 'hi' } },
    first: { v: { type: 'plain_text_input', value: null } },
    one: { v: { type: 'static_select', selected_option: option('b') } },
    some: { v: { type: 'checkboxes', selected_options: [option('a')] } },
    day: { v: { type: 'datepicker', selected_date: '2026-11-21' } },
    act: { who: { type: 'users_select', selected_user: 'U1' } },
  });
});

test('required inputs must be filled in, optional ones need not', () => {
  expect(Object.keys(unfinished(blocks, {}))).toEqual(['text', 'one']);
  expect(unfinished(blocks, { text: { v: 'x' }, one: { v: 'a' } })).toEqual({});
});

test.each([
  [{ type: 'plain_text_input', min_length: 3 }, 'ab', 'abc'],
  [{ type: 'plain_text_input', max_length: 3 }, 'abcd', 'abc'],
  [{ type: 'email_text_input' }, 'priya', 'priya@example.com'],
  [{ type: 'url_text_input' }, 'example', 'https://example.com'],
  [{ type: 'number_input', is_decimal_allowed: false, max_value: '10' }, '1.5', '2'],
  [{ type: 'number_input', is_decimal_allowed: true, max_value: '10' }, '10.5', '9.5'],
])('%j refuses %j and takes %j', (element, bad, good) => {
  expect(Object.keys(unfinished([input('b', element)], { b: { v: bad } }))).toEqual(['b']);
  expect(unfinished([input('b', element)], { b: { v: good } })).toEqual({});
});

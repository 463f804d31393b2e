import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { missing, valuesOf, withValue } from '#src/playground/page/form.ts';
import { cutLabel, initials } from '#src/playground/page/words/label.ts';
import { suggest } from '#src/playground/page/words/suggest.ts';
import { commands, subcommands } from './practice-world.ts';

const words = { commands, subcommands };
const inserts = (typed: string) => suggest(typed, words).map((suggestion) => suggestion.insert);

describe('suggestions while a command is typed', () => {
  it('offers commands, then what may follow, and stops where arguments begin', () => {
    expect(inserts('/')).toEqual(['/sync ']);
    expect(inserts('/sync ')).toEqual(['/sync status ', '/sync lookup ', '/sync help']);
    expect(inserts('/sync l')).toEqual(['/sync lookup ']);
    expect(inserts('/sync lookup')).toEqual([]);
    expect(inserts('/sync lookup tr-7F')).toEqual([]);
  });

  it('takes a word that was typed whole for itself, not for a longer one', () => {
    const more = ['connections', 'connect <connection>'].map((command) => ({
      command,
      description: '',
      usageHint: '',
    }));
    const given = (typed: string) =>
      suggest(typed, { commands, subcommands: more }).map(({ label }) => label);
    expect(given('/sync connec')).toEqual(['/sync connections', '/sync connect']);
    expect(given('/sync connect')).toEqual(['/sync connect', '/sync connections']);
    expect(given('/sync connections')).toEqual([]);
  });

  it('stays away from ordinary words and from commands it does not know', () => {
    expect(inserts('and/or')).toEqual([]);
    expect(inserts('/other ')).toEqual([]);
  });

  it('takes a hint that stands in the command itself', () => {
    const given = {
      commands,
      subcommands: [{ command: 'lookup <reference>', description: '', usageHint: '' }],
    };
    expect(suggest('/sync lo', given)[0]).toMatchObject({
      insert: '/sync lookup ',
      label: '/sync lookup',
      hint: '<reference>',
    });
  });
});

describe('labels', () => {
  it('are cut at 30 characters, never inside one', () => {
    expect(cutLabel('Use Xero')).toEqual({ shown: 'Use Xero', cut: false });
    const long = cutLabel('Keep 12 Sample St, Geelong VIC 3220 for now');
    expect(long).toEqual({ shown: 'Keep 12 Sample St, Geelong VI…', cut: true });
    expect([...long.shown]).toHaveLength(30);
    expect(cutLabel('👋'.repeat(31)).shown).toBe(`${'👋'.repeat(29)}…`);
  });

  it('stand in for faces', () => {
    expect([initials('Priya Nair'), initials('Truce'), initials('')]).toEqual(['PN', 'T', '?']);
  });
});

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const option = (value: string) => ({ value, text: text(value) });
const blocks: KnownBlock[] = [
  {
    type: 'input',
    block_id: 'why',
    label: text('Why'),
    element: { type: 'plain_text_input', action_id: 'a', min_length: 5 },
  },
  {
    type: 'input',
    block_id: 'note',
    optional: true,
    label: text('Note'),
    element: { type: 'plain_text_input', action_id: 'a', initial_value: 'none' },
  },
  {
    type: 'actions',
    block_id: 'pick',
    elements: [
      { type: 'button', action_id: 'go', text: text('Go') },
      { type: 'static_select', action_id: 's', options: [option('x')], initial_option: option('x') },
      { type: 'checkboxes', action_id: 'c', options: [option('y')] },
    ],
  },
];

describe('values of inputs', () => {
  it('are what they began with until somebody changes them, and buttons have none', () => {
    expect(valuesOf(blocks, {})).toEqual({ why: { a: null }, note: { a: 'none' }, pick: { s: 'x', c: [] } });
    const entered = withValue(withValue({}, 'note', 'a', null), 'pick', 'c', ['y']);
    expect(valuesOf(blocks, entered)).toEqual({
      why: { a: null },
      note: { a: null },
      pick: { s: 'x', c: ['y'] },
    });
  });

  it('are asked for before anything is sent', () => {
    expect(missing(blocks, valuesOf(blocks, {}))).toEqual({ why: 'Please fill in this field.' });
    expect(missing(blocks, valuesOf(blocks, withValue({}, 'why', 'a', 'no')))).toEqual({
      why: 'Please write at least 5 characters.',
    });
    expect(missing(blocks, valuesOf(blocks, withValue({}, 'why', 'a', 'because')))).toEqual({});
  });
});

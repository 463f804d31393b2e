import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inline, parseInline, parseMrkdwn, safeUrl } from '#src/playground/page/words/mrkdwn.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });

describe('mrkdwn', () => {
  it.each<[string, Inline[]]>([
    ['*Waiting:* 14 invoices', [{ kind: 'bold', inside: [text('Waiting:')] }, text(' 14 invoices')]],
    [
      '_soft_ and ~gone~',
      [{ kind: 'italic', inside: [text('soft')] }, text(' and '), { kind: 'strike', inside: [text('gone')] }],
    ],
    [
      '*both _at once_*',
      [{ kind: 'bold', inside: [text('both '), { kind: 'italic', inside: [text('at once')] }] }],
    ],
    ['5 * 3 * 2', [text('5 * 3 * 2')]],
    ['a*b*c and snake_case_name', [text('a*b*c and snake_case_name')]],
    ['`/sync *status*`', [{ kind: 'code', text: '/sync *status*' }]],
    ['<@U0PRIYA001>, choose', [{ kind: 'user', id: 'U0PRIYA001', label: null }, text(', choose')]],
    [
      '*<@U1> is on it*',
      [{ kind: 'bold', inside: [{ kind: 'user', id: 'U1', label: null }, text(' is on it')] }],
    ],
    ['<#C1|general>', [{ kind: 'channel', id: 'C1', label: 'general' }]],
    ['<!subteam^S1|@owners>', [{ kind: 'group', id: 'S1', label: '@owners' }]],
    ['<!here>', [{ kind: 'everybody', range: 'here' }]],
    [
      '<https://a.example/?x=1&amp;y=2|A &lt;b&gt;>',
      [{ kind: 'link', url: 'https://a.example/?x=1&y=2', text: 'A <b>' }],
    ],
    ['<mailto:a@b.example>', [{ kind: 'link', url: 'mailto:a@b.example', text: 'a@b.example' }]],
    [
      '<!date^1795471920^{date_short_pretty} {time}|9:12 am AEDT>',
      [
        {
          kind: 'date',
          timestamp: 1795471920,
          format: '{date_short_pretty} {time}',
          fallback: '9:12 am AEDT',
          url: null,
        },
      ],
    ],
    [':warning: late', [{ kind: 'emoji', name: 'warning' }, text(' late')]],
    ['at 10:30:15', [text('at 10:30:15')]],
    ['Smith &amp; Sons &lt;Pty&gt;', [text('Smith & Sons <Pty>')]],
  ])('reads %s', (given, expected) => {
    expect(parseInline(given)).toEqual(expected);
  });

  it('leaves a dangerous address as the words it came with', () => {
    expect(parseInline('<javascript:alert(1)|Invoice>')).toEqual([text('Invoice')]);
    expect(safeUrl(' javascript:alert(1)')).toBe(false);
    expect(safeUrl('https://hubspot.example/company/4711')).toBe(true);
  });

  it('takes quotes and code blocks apart', () => {
    expect(parseMrkdwn('before\n&gt; said\n&gt; so\nafter').map(({ kind }) => kind)).toEqual([
      'paragraph',
      'quote',
      'paragraph',
    ]);
    expect(parseMrkdwn('Call:\n```GET /customer\n*raw*```')).toEqual([
      { kind: 'paragraph', inside: [text('Call:')] },
      { kind: 'preformatted', text: 'GET /customer\n*raw*' },
    ]);
  });

  it('loses no letter of a text without marks, whatever it says', () => {
    const plain = fc.string({
      unit: fc.constantFrom('a', 'Z', ' ', '3', '.', ',', '-', '(', ')', '/', 'é', '&', '>'),
    });
    const said = (parts: readonly Inline[]): string =>
      parts.map((part) => ('text' in part ? part.text : '')).join('');
    fc.assert(fc.property(plain, (words) => said(parseInline(words)) === words));
  });

  it('never fails and always ends, whatever it is given', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '<',
        '>',
        '|',
        '!',
        '^',
        ':',
        '@',
        '#',
        '&',
        ' ',
        '\n',
        'a',
        '1',
      ),
    });
    fc.assert(fc.property(nasty, (words) => Array.isArray(parseMrkdwn(words))));
  });
});

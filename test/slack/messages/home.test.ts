import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { refuseView } from '#src/playground/slack/blocks.ts';
import { heldUpHomes } from './held-up-samples.ts';
import { homes, hostileHome } from './home-samples.ts';
import { hostile } from './hostile-samples.ts';

describe.each(Object.entries({ ...homes, ...heldUpHomes }))('%s', (name, view) => {
  test('is as agreed, and Slack takes it', async () => {
    expect(refuseView(view, 'home')).toBeNull();
    await expect(`${JSON.stringify(view, null, 1)}\n`).toMatchFileSnapshot(`../../golden/slack/${name}.json`);
  });

  test('says nothing by colour, table or picture, and labels its buttons with a few words', () => {
    for (const block of view.blocks as KnownBlock[]) {
      expect(['header', 'section', 'rich_text', 'actions', 'context', 'divider']).toContain(block.type);
      if (block.type !== 'actions') continue;
      for (const element of block.elements)
        if (element.type === 'button') expect(element.text.text.length).toBeLessThanOrEqual(24);
    }
  });
});

describe('a board', () => {
  const words = (name: string) => JSON.stringify(homes[name]?.blocks);

  test('begins with what waits for its person, then what is wrong', () => {
    const heads = ((homes['home-business-owner']?.blocks ?? []) as KnownBlock[]).flatMap((block) =>
      block.type === 'header' ? [block.text.text] : [],
    );
    expect(heads).toEqual(['For you', 'Problems', 'Your syncs', 'The last 7 days']);
  });

  test('shows nobody’s owner states alone', () => {
    const [own, other] = [words('home-business-owner'), words('home-bystander')];
    for (const told of ['no ABN', 'settled', 'Half arrive', 'Run now', 'alert 118', 'moved']) {
      expect(other).not.toContain(told);
    }
    expect(own).toContain('Half arrive');
    expect(other).toContain('Invoices: stopped');
  });

  test('shows a guest nothing at all', () => {
    expect(homes['home-stranger']?.blocks).toHaveLength(1);
    expect(words('home-stranger')).toContain('This board is for members of Example Trading Co.');
  });

  test('keeps forty syncs within Slack’s hundred blocks', () => {
    for (const name of ['home-many', 'home-many-unfolded'])
      expect(homes[name]?.blocks.length).toBeLessThanOrEqual(100);
    expect(words('home-many')).toContain('Show all 41');
  });

  test.each(hostile.map((text, i) => ({ text, i })))('$i stays plain words', ({ text }) => {
    const view = hostileHome(text);
    expect(refuseView(view, 'home')).toBeNull();
    // Rich text is no markup, whatever it holds.
    const markup = JSON.stringify(view.blocks.filter(({ type }) => type !== 'rich_text'));
    expect(markup).not.toContain('<!channel>');
    expect(markup).not.toContain(':tada:');
  });
});

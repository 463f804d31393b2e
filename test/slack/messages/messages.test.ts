import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseMessageBlocks, refuseView } from '#src/playground/slack/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import { alert } from './alert-samples.ts';
import { modals } from './answer-samples.ts';
import { address, open } from './decision-samples.ts';
import { hostileDigest } from './digest-samples.ts';
import { hostileWaited, hostileWaitedAlert, hostileWaitedStatus } from './held-up-samples.ts';
import {
  hostile,
  hostileAgreement,
  hostileAlert,
  hostileAnswer,
  hostileApproval,
  hostileAsked,
  hostileConnection,
  hostileDecision,
  hostileFailure,
  hostileForm,
  hostileGone,
  hostileLater,
  hostileLikeness,
  hostileLookup,
  hostileMany,
  hostileManyDone,
  hostileManyPreview,
  hostilePutBack,
  hostileRule,
  hostileStop,
  hostileTug,
} from './hostile-samples.ts';
import { hostileList } from './list-samples.ts';
import { hostileProof, hostileProofAnswer } from './money-proof-samples.ts';
import { hostileRecord } from './record-samples.ts';
import { hostileUndo } from './rollback-samples.ts';
import { messages } from './samples.ts';
import { hostileWhy } from './why-samples.ts';

/** Our words, which are not those of the people who read the messages. Ids, action names and such are not read. */
const forbidden =
  /\b(conflicts?|holds?(?! up)|held|incidents?|correlation|breaker|exchanges?|system of record|intents?|rollback|flows?)\b/i;

const readable = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(readable);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) =>
    typeof held === 'string' &&
    ['text', 'fallback', 'accessibility_label', 'title', 'description'].includes(key)
      ? [held]
      : readable(held),
  );
};
/** Names of commands are what people have to type. */
const spoken = (text: string) =>
  text
    .replace(/<[^>]*>/g, '')
    .replace(/\/sync [a-z]+/g, '')
    .replace(/(?<=I know: ).*/g, '');

describe.each(Object.entries(messages))('%s', (name, { text, blocks }) => {
  test('is as agreed', async () => {
    await expect(`${JSON.stringify({ text, blocks }, null, 1)}\n`).toMatchFileSnapshot(
      `../../golden/slack/${name}.json`,
    );
  });

  test('keeps Slack’s limits', () => {
    if (blocks.length > 0) expect(refuseMessageBlocks(blocks)).toBeNull();
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(4000);
  });

  test('uses the words of the people who read it', () => {
    for (const words of [text, ...readable(blocks)]) expect(spoken(words)).not.toMatch(forbidden);
  });

  test('labels every button with a few words, and tells a screen reader more', () => {
    for (const block of blocks) {
      if (block.type !== 'actions') continue;
      for (const element of block.elements) {
        if (element.type !== 'button') continue;
        expect(element.text.text.length).toBeLessThanOrEqual(24);
        expect(element.accessibility_label?.length ?? 0).toBeGreaterThan(3);
      }
    }
  });
});

describe.each(Object.entries(modals))('%s', (name, view) => {
  test('is as agreed, and Slack takes it', async () => {
    expect(refuseView(view, 'modal')).toBeNull();
    await expect(`${JSON.stringify(view, null, 1)}\n`).toMatchFileSnapshot(`../../golden/slack/${name}.json`);
  });
});

describe('whatever vendors send', () => {
  const drawings = {
    hostileDecision,
    hostileWaited,
    hostileProof,
    hostileProofAnswer,
    hostileWaitedAlert,
    hostileWaitedStatus,
    hostileFailure,
    hostileLookup,
    hostileWhy,
    hostileMany,
    hostileAlert,
    hostileDigest,
    hostileLikeness,
    hostileAnswer,
    hostileConnection,
    hostileApproval,
    hostileTug,
    hostilePutBack,
    hostileAgreement,
    hostileGone,
    hostileStop,
    hostileUndo,
    hostileForm,
    hostileManyPreview,
    hostileManyDone,
    hostileRule,
    hostileLater,
    hostileAsked,
    hostileRecord,
    hostileList,
  };

  test.each(
    Object.entries(drawings).flatMap(([name, draw]) => hostile.map((text, i) => ({ name, draw, text, i }))),
  )('$name $i stays within the limits and never becomes markup', ({ draw, text }) => {
    const { text: words, blocks } = draw(text);
    expect(refuseMessageBlocks(blocks)).toBeNull();
    expect(words).not.toMatch(/<[!@]/);
    const markup = JSON.stringify(
      blocks.filter((block) => block.type === 'section' || block.type === 'context'),
    );
    expect(markup).not.toContain('<!channel>');
    expect(markup).not.toContain(':tada:');
    expect(readable(blocks).join('')).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E\u200B]/u);
  });

  test('any name and any values make a message that Slack takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ maxLength: 300 }),
        fc.integer({ min: 1, max: 7 }),
        (title, value, n) => {
          const [sample] = open.fields;
          if (!sample) throw new Error('no sample');
          const fields = Array.from({ length: n }, (_, i) => ({
            ...sample,
            name: `detail_${i}`,
            groups: sample.groups.map((group) => ({ ...group, shown: value })),
          }));
          expect(refuseMessageBlocks(drawDecision({ ...open, title, fields }).blocks)).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what everybody can read', () => {
  test('the lock screen shows no address, e-mail or other value', () => {
    for (const name of Object.keys(messages).filter((key) => key.startsWith('decision-'))) {
      expect(messages[name]?.text).not.toMatch(/Sample St|Example Rd|Specimen|@|30 days|14 days/);
    }
  });

  test('hidden details are hidden everywhere in the channel', () => {
    for (const [name, message] of Object.entries(messages)) {
      expect(JSON.stringify(message), name).not.toContain('sample.example');
    }
  });

  test('a decision mentions nobody; an alert mentions the technical owner', () => {
    expect(JSON.stringify(messages['decision-open'])).not.toContain('<@');
    expect(JSON.stringify(messages['alert-open'])).toContain(`<@${alert.technicalOwner}>`);
  });

  test('no message shouts at a whole channel', () => {
    expect(JSON.stringify(messages)).not.toMatch(/<!(here|channel|everyone)/);
  });

  test('a new drawing has new block ids, and buttons carry the revision they were drawn with', () => {
    const ids = (drawing: number) => drawDecision({ ...open, drawing }).blocks.map((block) => block.block_id);
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(ids(1).length * 2);
    expect(JSON.stringify(drawDecision({ ...open, revision: 9 }).blocks)).toContain(
      '"tr-7F3K92QDXB/billing_address/xero/r9"',
    );
  });
});

test('one of two details that keeps waiting keeps waiting by itself', () => {
  const status = { ...address, name: 'status', label: 'Status', fallback: 'hold' } as const;
  const drawn = JSON.stringify(drawDecision({ ...open, fields: [address, status] }).blocks);
  expect(drawn).toMatch(/Status: by [^;]*; then it keeps waiting/);
});

import { describe, expect, it } from 'vitest';
import { asksForDecision, type GuideFacts, guideWords } from '#src/playground/page-server/guide.ts';

const calm: GuideFacts = {
  isBefore: false,
  isComparing: false,
  isOpen: false,
  isSaving: false,
  isSettled: false,
  broken: null,
  isAlerted: false,
  isRecovered: false,
  burst: 0,
  flow: 'customers',
  owner: 'Priya Nair',
  command: '/sync',
};
const person = (part: string) => ({ id: 'U', name: 'Somebody', part, isBot: false });
const owner = person('business owner');

describe('the line on top', () => {
  it('leads through the first minute', () => {
    const steps: Partial<GuideFacts>[] = [
      { isBefore: true },
      { isComparing: true },
      { isOpen: true },
      { isSaving: true },
      { isSettled: true },
    ];
    expect(steps.map((facts) => guideWords({ ...calm, ...facts }, owner))).toEqual([
      'Watch the two cards: two people are about to change the same address.',
      'Both addresses are saved. Truce reads the systems now and compares them.',
      'You are the business owner. Two systems disagree. Choose.',
      'Chosen. Truce saves it in the other systems, then reads every one of them back.',
      'Settled: every system was read back. Now try Break Xero, or type /sync status.',
    ]);
  });

  it('tells everybody else who can choose', () => {
    const open = { ...calm, isOpen: true };
    expect(guideWords(open, person('bystander'))).toBe(
      'Two systems disagree. You are the bystander; Priya Nair, the business owner, can choose.',
    );
    expect(guideWords(open, person('from another company'))).toContain(
      'You are from another company; Priya Nair',
    );
  });

  it('has something to try when nothing is going on', () => {
    expect(guideWords({ ...calm, command: '/truce' }, owner)).toContain('type /truce status');
  });

  it('knows a question by its buttons', () => {
    const ask = (action_id: string) => ({
      channel: 'C',
      ts: '1',
      threadTs: null,
      user: 'U',
      text: '',
      edited: false,
      ephemeral: false,
      broadcast: false,
      replyCount: 0,
      blocks: [
        {
          type: 'actions' as const,
          elements: [
            { type: 'button' as const, action_id, text: { type: 'plain_text' as const, text: 'x' } },
          ],
        },
      ],
    });
    expect(asksForDecision(ask('decision_pick:xero'))).toBe(true);
    expect(asksForDecision(ask('decision_undo'))).toBe(false);
  });
});

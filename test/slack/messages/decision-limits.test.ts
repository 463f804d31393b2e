import { describe, expect, it } from 'vitest';
import { limitWords } from '#src/slack/messages/decision/limits.ts';
import { address, email, open, terms } from './decision-samples.ts';

/** What is read: dates as Slack shows them without a client. */
const read = (words: string) => words.replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1');
const holding = { ...terms, fallback: 'hold' as const };

describe('until when a decision can be made, and what follows', () => {
  it('is said of each detail, whichever of them comes first', () => {
    const said = [
      '• E-mail: no time limit',
      '• Billing address: by Wed 25 Nov, 9:00 am AEDT; then nothing is written, and the systems stay apart',
    ];
    const emailFirst = read(limitWords(open, [email, address])).split('\n');
    expect(emailFirst).toEqual(['Priya Nair can choose. Until somebody does:', ...said]);
    const addressFirst = read(limitWords(open, [address, email])).split('\n');
    expect(addressFirst.slice(1).sort()).toEqual([...said].sort());
  });

  it('is said once of details with the same limit, and short of ones with another', () => {
    const later = { ...terms, deadline: new Date('2026-11-26T09:00:00+11:00') };
    expect(read(limitWords(open, [address, { ...address, label: 'Phone' }, later]))).toBe(
      'Priya Nair can choose. Until somebody does:\n' +
        '• Billing address and phone: by Wed 25 Nov, 9:00 am AEDT; then nothing is written, and the systems stay apart\n' +
        '• Payment terms: by Thu 26 Nov, 9:00 am AEDT; then Xero’s value is used',
    );
    const many = Array.from({ length: 7 }, (_, n) => ({ ...address, label: `Detail ${n}` }));
    expect(read(limitWords(open, [...many, email]))).toContain(
      '• Detail 0, detail 1, detail 2 and 4 more: by Wed',
    );
  });

  it('of one that goes on waiting says who is told at the limit, and after it that its time is over', () => {
    const facts = { ...open, helper: 'Tom Walsh' };
    expect(read(limitWords(facts, [holding]))).toBe(
      'Priya Nair can choose, by Wed 25 Nov, 9:00 am AEDT. After that it keeps waiting, and Tom Walsh is told.',
    );
    expect(read(limitWords(facts, [{ ...holding, isLate: true }]))).toBe(
      'Priya Nair can choose. The time for it was over Wed 25 Nov, 9:00 am AEDT: it keeps waiting, and Tom Walsh is told.',
    );
    expect(read(limitWords(facts, [address, { ...holding, isLate: true }]))).toContain(
      '• Payment terms: over time since Wed 25 Nov, 9:00 am AEDT; Tom Walsh is told, and it keeps waiting',
    );
  });
});

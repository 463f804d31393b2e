import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActiveAgreement, Deputy, Person } from '#src/agreement/agreement.ts';
import { actingFor, actingName, onDay, speaksFor, standInOf } from '#src/agreement/deputies.ts';
import { readAgreement } from '#src/agreement/read.ts';

const written = readFileSync('truce.yml', 'utf8');
const withPriya = (deputies: string, others = '') =>
  written.replace(
    '  priya: { name: Priya Nair, slack: U0PRIYA001 }',
    `  priya: { name: Priya Nair, slack: U0PRIYA001, deputies: ${deputies} }\n  dana: { name: Dana Lee, slack: U0DANAL001${others} }`,
  );
const read = (text: string): ActiveAgreement => {
  const found = readAgreement(text, 'truce.yml');
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return { ...found.agreement, version: 1 };
};
const leave = '[{ person: dana, from: 2026-12-21, to: 2027-01-08 }]';

describe('who stands in for somebody who is away', () => {
  const agreement = read(withPriya(leave));
  /** In Sydney, where Priya is: eleven hours ahead. */
  const at = (time: string) => onDay(agreement, new Date(time));
  const priyaAt = (time: string) => at(time).flows.customers?.owners.business as Person;

  test.each([
    ['the day before, at its end', '2026-12-20T12:59:59Z', false],
    ['the first day, from midnight where they are', '2026-12-20T13:00:00Z', true],
    ['the last day, to its end', '2027-01-08T12:59:59Z', true],
    ['the day after', '2027-01-08T13:00:00Z', false],
  ])('%s', (_, time, away) => {
    const priya = priyaAt(time);
    expect(actingFor(priya).slack).toBe(away ? 'U0DANAL001' : 'U0PRIYA001');
    expect(actingName(priya)).toBe(away ? 'Dana Lee (for Priya Nair)' : 'Priya Nair');
    expect(speaksFor('U0DANAL001', priya)).toBe(away);
    expect(speaksFor('U0PRIYA001', priya)).toBe(true);
    expect(speaksFor('U0TOMW0001', priya)).toBe(false);
  });

  test('is asked by the ladder, and the version that is stored knows nothing of days', () => {
    const there = at('2026-12-24T00:00:00Z').flows.customers;
    expect(there?.escalate[0]?.ask).toEqual([
      { slack: 'U0DANAL001', name: 'Dana Lee (for the business owner)' },
    ]);
    expect(there?.deciders.map(actingName)).toEqual(['Dana Lee (for Priya Nair)']);
    expect(JSON.stringify(agreement)).not.toContain('standIn');
    expect(at('2026-12-01T00:00:00Z')).toBe(agreement);
  });

  test('the dates are those of the zone of who is away', () => {
    const perth = { ...agreement.people.priya, timeZone: 'Australia/Perth' } as Person;
    const time = new Date('2026-12-20T14:00:00Z');
    expect(standInOf(agreement, perth, time)).toBeNull();
    expect(standInOf(agreement, agreement.people.priya as Person, time)?.id).toBe('dana');
  });

  test('somebody stands in on a day iff it is one of the days that are written', () => {
    const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2026, 10, 1 + n, 12)));
    const date = (at: Date) => at.toISOString().slice(0, 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(day, day), { maxLength: 4 }), day, (spans, now) => {
        const deputies = spans.map(
          ([from, to]): Deputy => ({ person: 'dana', from: date(from), to: date(to) }),
        );
        const priya = { ...agreement.people.priya, deputies } as Person;
        const zoned = { ...agreement, timeZone: 'UTC' };
        const away = spans.some(([from, to]) => from <= now && now <= to);
        expect(standInOf(zoned, priya, now) !== null).toBe(away);
      }),
    );
  });
});

describe('what is wrong with those who stand in', () => {
  test.each([
    ['[{ person: nobody, from: 2026-12-21, to: 2027-01-08 }]', '', /names “nobody”, who is not in the list/],
    ['[{ person: priya, from: 2026-12-21, to: 2027-01-08 }]', '', /names the person themselves/],
    ['[{ person: dana, from: 2027-01-08, to: 2026-12-21 }]', '', /end \(2026-12-21\) before they begin/],
    ['[{ person: dana, from: 2026-02-30, to: 2027-01-08 }]', '', /from is not a date/],
    [
      '[{ person: dana, from: 2026-12-21, to: 2027-01-08 }, { person: tom, from: 2027-01-08, to: 2027-01-10 }]',
      '',
      /two people for the same days/,
    ],
    [
      leave,
      ', deputies: [{ person: tom, from: 2027-01-01, to: 2027-02-01 }]',
      /“dana”, who is away on some of these days/,
    ],
  ])('%s', (deputies, others, words) => {
    const found = readAgreement(withPriya(deputies, others), 'truce.yml');
    if (found.ok) throw new Error('it was read');
    expect(found.problems).toMatchObject([
      {
        message: expect.stringMatching(words),
        line: expect.any(Number),
        remedy: expect.stringMatching(/\.$/),
      },
    ]);
    expect(found.problems[0]?.message).toContain('The person “priya”');
  });

  test('one after the other is fine', () => {
    const two =
      '[{ person: dana, from: 2026-12-21, to: 2026-12-31 }, { person: tom, from: 2027-01-01, to: 2027-01-08 }]';
    expect(read(withPriya(two)).people.priya?.deputies).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { reminderSlot } from '#src/alerts/reminders.ts';
import { lineWords } from '#src/slack/messages/lines.ts';

const sydney = 'Australia/Sydney';
const at = (local: string) => new Date(`${local}+11:00`);

describe('a reminder of decisions that wait', () => {
  it('is due at nine and at two on working days, and for two hours after', () => {
    expect(reminderSlot(sydney, at('2026-11-23T09:00:00'))).toEqual(at('2026-11-23T09:00:00'));
    expect(reminderSlot(sydney, at('2026-11-23T10:30:00'))).toEqual(at('2026-11-23T09:00:00'));
    expect(reminderSlot(sydney, at('2026-11-23T15:59:00'))).toEqual(at('2026-11-23T14:00:00'));
  });

  it('is not due at night, nor at the weekend', () => {
    expect(reminderSlot(sydney, at('2026-11-23T08:59:00'))).toBeNull();
    expect(reminderSlot(sydney, at('2026-11-23T16:01:00'))).toBeNull();
    expect(reminderSlot(sydney, at('2026-11-21T09:30:00'))).toBeNull();
  });

  it('says how many, where, and since when, and nothing of the values', () => {
    const words = (decisions: number) =>
      lineWords('decisions_wait', {
        flowName: 'Customers',
        noun: { one: 'customer', many: 'customers' },
        channel: 'sync-customers',
        title: '',
        zone: sydney,
        technicalOwner: 'U1',
        params: { decisions, oldest: '2026-11-22T22:00:00Z' },
      });
    expect(words(1)).toMatch(/^Customers: 1 decision waits for you in #sync-customers, the oldest since /);
    expect(words(3)).toMatch(/^Customers: 3 decisions wait for you/);
  });
});

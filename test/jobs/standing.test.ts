import { describe, expect, test } from 'vitest';
import { runAfterPause } from '#src/jobs/standing.ts';
import type { Pause } from '#src/ledger/runs/pauses.ts';

const now = new Date('2026-11-20T09:00:00Z');
const pause = (until: Date | null): Pause => ({
  id: 1,
  flow: 'customers',
  by: 'U0TOMW0001',
  at: new Date('2026-11-20T08:00:00Z'),
  until,
  revision: 1,
  endedAt: null,
  endedBy: null,
});
const by = (ms: number) => new Date(now.getTime() + ms);
const all = ['schedule', 'command', 'hint', 'decision', 'reprocess', 'recovery', 'sweep'] as const;

describe('what a wake-up comes to', () => {
  test('nothing begins by itself while its flow stands still; what somebody wants undone is done', () => {
    for (const until of [null, by(1)]) {
      const standing = { pause: pause(until), isSweepDue: false, now };
      for (const trigger of all) expect(runAfterPause(trigger, standing), trigger).toBe('wait');
      expect(runAfterPause('rollback', standing)).toBe('as asked');
    }
  });

  test('the first run after a pause is a sweep, whatever woke it', () => {
    for (const over of [null, pause(now), pause(by(-1))])
      for (const trigger of all)
        expect(runAfterPause(trigger, { pause: over, isSweepDue: true, now }), trigger).toBe('sweep');
    expect(runAfterPause('rollback', { pause: null, isSweepDue: true, now })).toBe('as asked');
  });

  test('without a pause it is as asked', () => {
    for (const trigger of all)
      expect(runAfterPause(trigger, { pause: null, isSweepDue: false, now })).toBe('as asked');
  });
});

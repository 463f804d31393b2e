import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideFallback } from '#src/alerts/decide-fallback.ts';

const minute = 60_000;

it('whatever Slack does, the fallback hears away and back in turns, and away only after the time agreed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (there, afterMinutes) => {
        let away: Date | null = null;
        let before: Date | null = null;
        const told: string[] = [];
        for (const [n, isThere] of there.entries()) {
          const now = new Date(n * minute);
          away = isThere ? null : (away ?? now);
          const news = decideFallback({ away, before, afterMinutes, now });
          if (news?.kind === 'away')
            expect(now.getTime() - news.since.getTime()).toBeGreaterThanOrEqual(afterMinutes * minute);
          if (news) {
            told.push(news.kind);
            before = news.kind === 'away' ? news.since : null;
          }
          // Away for long enough, it is told; there, nothing is left to tell.
          if (away && now.getTime() - away.getTime() >= afterMinutes * minute) expect(before).not.toBeNull();
          if (isThere) expect(before).toBeNull();
        }
        expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'away' : 'back')));
      },
    ),
  );
});

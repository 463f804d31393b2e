import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Mark, Marking } from '#src/connectors/connector.ts';
import { call } from '../connectors/kit.ts';
import type { OneOf } from '../support/connections.ts';
import { hook, minute, observed, testOf } from './stage.ts';
import type { Subject } from './subject.ts';

const mark = (externalId: string, marker: string = randomUUID(), instead: string | null = null): Mark => ({
  key: randomUUID(),
  externalId,
  marker,
  instead,
});

function markingOf({ marking }: OneOf): Marking {
  if (!marking)
    throw new Error('it has no place for our id, and the subject does not decline it under "cannot"');
  return marking;
}

/** All that is known of a record but our id, and when it was changed last. */
async function restOf(connector: OneOf, externalId: string) {
  const { marker: _, vendorAt: __, ...rest } = await observed(connector, externalId);
  return rest;
}

/** Our id in records that were there before: that alone is written, and never two of one. */
export function marking(title: string, subject: Subject): void {
  const reason = subject.cannot['mark later'];
  describe(`${title}, marking records that are there`, () => {
    if (reason !== undefined) {
      test(`marks none: ${reason}`, async () => {
        expect((await subject.open()).connector.marking).toBeUndefined();
      });
      return;
    }

    test('writes our id, and nothing else of them changes', async () => {
      const { connector, clock, count } = await subject.open();
      const before = await Promise.all(subject.ids.map((id) => restOf(connector, id)));
      clock.advance(minute);
      const marks = subject.ids.map((id) => mark(id));
      const outcomes = await markingOf(connector).mark(marks, call);
      expect(outcomes.map(({ key, kind }) => `${key} ${kind}`).sort()).toEqual(
        marks.map(({ key }) => `${key} saved`).sort(),
      );
      for (const { externalId, marker } of marks)
        expect((await observed(connector, externalId)).marker).toBe(marker);
      expect(await Promise.all(subject.ids.map((id) => restOf(connector, id)))).toEqual(before);
      expect(await count()).toBe(3);
    });

    test('twice is once, and an id of ours that is outdated gives way', async () => {
      const { connector } = await subject.open();
      const one = mark(subject.ids[1]);
      const again = { ...one, key: randomUUID() };
      const anew = mark(subject.ids[1], randomUUID(), one.marker);
      for (const each of [one, again, anew])
        expect(await markingOf(connector).mark([each], call)).toMatchObject([
          { kind: 'saved', key: each.key },
        ]);
      expect((await observed(connector, subject.ids[1])).marker).toBe(anew.marker);
    });

    test('one that is not there, or whose id another has, keeps none of the others from theirs', async () => {
      const { connector } = await subject.open();
      const first = mark(subject.ids[0]);
      await markingOf(connector).mark([first], call);
      const others = [mark(subject.absentId), mark(subject.ids[1], first.marker), mark(subject.ids[2])];
      const outcomes = await markingOf(connector).mark(others, call);
      const kinds = others.map(({ key }) => outcomes.find((outcome) => outcome.key === key)?.kind);
      expect(outcomes).toHaveLength(3);
      expect(kinds.slice(0, 2)).not.toContain('saved');
      expect(kinds[2]).toBe('saved');
      expect((await observed(connector, subject.ids[1])).marker).toBeNull();
    });

    testOf(subject, 'lost answers', 'and the answer lost: reading tells whether it arrived', async () => {
      for (const when of ['after', 'before'] as const) {
        const { connector, lose } = await subject.open();
        const one = mark(subject.ids[1]);
        await hook(lose, 'lose')(when);
        expect(await markingOf(connector).mark([one], call)).toMatchObject([
          { kind: 'unknown', key: one.key },
        ]);
        await hook(lose, 'lose')(null);
        expect((await observed(connector, subject.ids[1])).marker).toBe(when === 'after' ? one.marker : null);
      }
    });
  });
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadItem } from '#src/connectors/connector.ts';
import { hook, idOf, listed, minute, probeOf, puller, second, testOf, told, valueIn } from './stage.ts';
import type { Subject } from './subject.ts';

/** What changed: all of it, late or not, in pages. */
export function listing(title: string, subject: Subject): void {
  const [first, , third] = subject.ids;
  const { field, value } = probeOf(subject);
  const typedIn = (items: readonly ReadItem[], id: string) => valueIn(items, id, field);
  const listsOnlyChanges = subject.cannot['changes since'] === undefined;

  describe(`${title}, listing`, () => {
    test('lists everything, then only what changed since', async () => {
      const { connector, clock, edit } = await subject.open();
      clock.advance(10 * minute);
      expect(told((await listed(connector, null, clock.now())).flat())).toEqual(
        subject.ids.map((id) => `${id} read`).sort(),
      );
      await edit(first, value(0));
      const edited = clock.now().getTime();
      clock.advance(connector.lagMs + minute);
      const changed = (await listed(connector, new Date(edited - second), clock.now())).flat();
      expect(typedIn(changed, first)).toBe(value(0));
      const later = await listed(connector, new Date(edited + minute / 2), clock.now());
      expect(changed.map(idOf).sort()).toEqual(listsOnlyChanges ? [first] : subject.ids.toSorted());
      expect(later.flat().map(idOf).sort()).toEqual(listsOnlyChanges ? [] : subject.ids.toSorted());
    });

    test('a change within the overlap is listed again', async () => {
      const { connector, clock, edit } = await subject.open();
      clock.advance(10 * minute);
      const pull = puller({ connector, clock });
      await edit(first, value(0));
      clock.advance(connector.lagMs + second);
      expect(typedIn(await pull(), first)).toBe(value(0));
      clock.advance(Math.floor(connector.overlapMs / 2));
      expect(typedIn(await pull(), first)).toBe(value(0));
    });

    test('whenever it is asked, no change is passed over', async () => {
      const steps = fc.array(
        fc.oneof(
          fc.record({ edit: fc.constantFrom(...subject.ids) }),
          fc.record({ waitMs: fc.integer({ min: 1, max: 20_000 }) }),
          fc.constant('pull' as const),
        ),
        { minLength: 6, maxLength: 18 },
      );
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          const { connector, clock, edit } = await subject.open();
          clock.advance(10 * minute);
          const pull = puller({ connector, clock });
          const missing = new Map<string, string>();
          const found = (items: readonly ReadItem[]) => {
            for (const [id, typed] of missing) if (typedIn(items, id) === typed) missing.delete(id);
          };
          for (const [place, step] of script.entries()) {
            if (step === 'pull') found(await pull());
            else if ('waitMs' in step) clock.advance(step.waitMs);
            else {
              await edit(step.edit, value(place));
              missing.set(step.edit, value(place));
            }
          }
          clock.advance(connector.lagMs + second);
          found(await pull());
          expect([...missing]).toEqual([]);
        }),
        { numRuns: 6 },
      );
    });

    testOf(subject, 'late listing', 'a change that shows late is found by a later pull', async () => {
      const { connector, clock, editLate } = await subject.open();
      clock.advance(10 * minute);
      const pull = puller({ connector, clock });
      const show = await hook(editLate, 'editLate')(third, value(0));
      clock.advance(connector.lagMs + second);
      expect(typedIn(await pull(), third)).not.toBe(value(0));
      clock.advance(Math.floor(connector.overlapMs / 3));
      await show();
      expect(typedIn(await pull(), third)).toBe(value(0));
    });

    testOf(subject, 'pages', 'more than one page: every record, each once', async () => {
      const { connector, clock, more } = await subject.open({ more: true });
      clock.advance(10 * minute);
      const pages = await listed(connector, null, clock.now());
      const ids = pages.flat().map(idOf);
      expect(pages.length).toBeGreaterThan(1);
      expect(ids.length).toBe(new Set(ids).size);
      expect(ids.sort()).toEqual([...subject.ids, ...hook(more, 'more')].sort());
    });

    testOf(subject, 'archived in lists', 'what is archived is listed as a change', async () => {
      const { connector, clock, archive } = await subject.open();
      clock.advance(10 * minute);
      const before = clock.now();
      await hook(archive, 'archive')(third);
      clock.advance(connector.lagMs + second);
      const items = (await listed(connector, before, clock.now())).flat();
      const item = items.find((one) => idOf(one) === third);
      expect(item).toMatchObject({ kind: 'read', observation: { externalId: third, archived: true } });
      expect(items).toHaveLength(listsOnlyChanges ? 1 : 3);
    });
  });
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadItem } from '#src/connectors/connector.ts';
import { fieldsOf } from '../connectors/kit.ts';
import { hook, idOf, listed, minute, phoneIn, puller, second, testOf, told } from './stage.ts';
import type { Subject } from './subject.ts';

/** What changed: all of it, late or not, in pages. */
export function listing(label: string, subject: Subject): void {
  const [first, , third] = subject.ids;

  describe(`${label}, listing`, () => {
    test('lists everything, then only what changed since', async () => {
      const { connector, clock, edit } = await subject.open();
      clock.advance(10 * minute);
      expect(told((await listed(connector, null, clock.now())).flat())).toEqual(
        subject.ids.map((id) => `${id} read`).sort(),
      );
      await edit(first, '(02) 5550 4321');
      const edited = clock.now().getTime();
      clock.advance(connector.lagMs + minute);
      const changed = (await listed(connector, new Date(edited - second), clock.now())).flat();
      expect(changed.map(idOf)).toEqual([first]);
      expect(fieldsOf(changed[0]).phone).toEqual({ state: 'value', value: '(02) 5550 4321' });
      const later = await listed(connector, new Date(edited + minute / 2), clock.now());
      expect(later.flat()).toEqual([]);
    });

    test('a change within the overlap is listed again', async () => {
      const { connector, clock, edit } = await subject.open();
      clock.advance(10 * minute);
      const pull = puller({ connector, clock });
      await edit(first, '(02) 5550 4321');
      clock.advance(connector.lagMs + second);
      expect(phoneIn(await pull(), first)).toBe('(02) 5550 4321');
      clock.advance(Math.floor(connector.overlapMs / 2));
      expect(phoneIn(await pull(), first)).toBe('(02) 5550 4321');
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
            for (const [id, phone] of missing) if (phoneIn(items, id) === phone) missing.delete(id);
          };
          for (const [place, step] of script.entries()) {
            if (step === 'pull') found(await pull());
            else if ('waitMs' in step) clock.advance(step.waitMs);
            else {
              const phone = `02 5550 ${1000 + place}`;
              await edit(step.edit, phone);
              missing.set(step.edit, phone);
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
      const show = await hook(editLate, 'editLate')(third, '(02) 5550 4321');
      clock.advance(connector.lagMs + second);
      expect(phoneIn(await pull(), third)).not.toBe('(02) 5550 4321');
      clock.advance(Math.floor(connector.overlapMs / 3));
      await show();
      expect(phoneIn(await pull(), third)).toBe('(02) 5550 4321');
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
      const [item, ...others] = (await listed(connector, before, clock.now())).flat();
      expect(others).toEqual([]);
      expect(item).toMatchObject({ kind: 'read', observation: { externalId: third, archived: true } });
    });
  });
}

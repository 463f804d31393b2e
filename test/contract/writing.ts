import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '#src/entities/field.ts';
import { fieldsOfPracticeCustomers } from '../connectors/arbitraries.ts';
import { call, fieldsOf } from '../connectors/kit.ts';
import { entityOf, hook, observed, probed, probeOf, projected, testOf, told, write } from './stage.ts';
import type { Subject } from './subject.ts';

/** Updates: what is saved is what was sent, each write with its own outcome. */
export function writing(title: string, subject: Subject): void {
  const [first, second, third] = subject.ids;
  const entity = entityOf(subject);
  const probe = probed(subject, 7);
  const kinds = (outcomes: readonly { key: string; kind: string }[]) =>
    Object.fromEntries(outcomes.map(({ key, kind }) => [key, kind]));

  describe(`${title}, writing`, () => {
    if (subject.cannot.update !== undefined) {
      test(`refuses every write: ${subject.cannot.update}`, async () => {
        const { connector } = await subject.open();
        const before = await connector.read(subject.ids, call);
        const outcomes = await connector.write([write(first, probe), write(second, probe)], call);
        expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
        expect((await connector.read(subject.ids, call)).map(fieldsOf)).toEqual(before.map(fieldsOf));
      });
      return;
    }

    test('what is saved is read back as it was projected, and nothing else has changed', async () => {
      const { connector } = await subject.open();
      const others = (await connector.read([second, third], call)).map(fieldsOf);
      const before = await observed(connector, first);
      const outcomes = await connector.write([write(first, subject.fields, 'intent-1')], call);
      expect(outcomes).toMatchObject([{ kind: 'saved', key: 'intent-1' }]);
      const after = await observed(connector, first);
      expect(after.fields).toEqual({ ...before.fields, ...projected(connector, subject.fields) });
      expect(after.marker).toBe(before.marker);
      expect((await connector.read([second, third], call)).map(fieldsOf)).toEqual(others);
    });

    test('each field alone, and no other with it', async () => {
      const { connector } = await subject.open();
      let { fields: expected } = await observed(connector, first);
      for (const [field, value] of Object.entries(subject.fields)) {
        await connector.write([write(first, { [field]: value })], call);
        expected = { ...expected, ...projected(connector, { [field]: value }) } as typeof expected;
        expect((await observed(connector, first)).fields).toEqual(expected);
      }
    });

    test('clears', async () => {
      const { connector } = await subject.open();
      const nothing = Object.fromEntries(subject.clearable.map((field) => [field, null]));
      expect(kinds(await connector.write([write(first, nothing, 'a')], call))).toEqual({ a: 'saved' });
      const { fields } = await observed(connector, first);
      for (const field of subject.clearable)
        expect([field, fields[field]]).toEqual([field, { state: 'blank' }]);
    });

    test('whatever a record may hold comes back as the same', async () => {
      const { connector, clock } = await subject.open({ callsPerMinute: 50_000 });
      await fc.assert(
        fc.asyncProperty(subject.values ?? fieldsOfPracticeCustomers, async (values) => {
          // The system counts calls by the minute.
          clock.advance(6_000);
          const sent = Object.fromEntries(
            Object.entries(values).filter(([field]) => connector.supports(field)),
          );
          const can = Object.entries(sent).map(
            ([field, value]) => [field, connector.project(field, value).value] as const,
          );
          const [outcome] = await connector.write([write(first, Object.fromEntries(can))], call);
          expect(outcome).toMatchObject({ kind: 'saved' });
          const { fields } = await observed(connector, first);
          for (const [name, value] of can) {
            const field = entity.fields.find((one) => one.name === name);
            const found = fields[name]?.state === 'value' ? fields[name].value : null;
            expect(field && same(field, found, value), `${name}: ${JSON.stringify([value, found])}`).toBe(
              true,
            );
          }
        }),
        { numRuns: 20 },
      );
    });

    test('a record that is gone does not stop the others', async () => {
      const { connector } = await subject.open();
      const writes = [
        write(first, probe, 'a'),
        write(subject.absentId, probe, 'b'),
        write(second, probe, 'c'),
      ];
      expect(kinds(await connector.write(writes, call))).toEqual({ a: 'saved', b: 'refused', c: 'saved' });
      expect(told(await connector.read(subject.ids, call))).toEqual(
        subject.ids.map((id) => `${id} read`).sort(),
      );
    });

    if (subject.refused !== null)
      test('one that the system refuses does not either, and says why', async () => {
        const { connector } = await subject.open();
        const { fields = {}, reason = /$^/ } = subject.refused ?? {};
        const writes = [write(second, probe, 'a'), write(first, fields, 'b'), write(third, probe, 'c')];
        const outcomes = await connector.write(writes, call);
        expect(kinds(outcomes)).toEqual({ a: 'saved', b: 'refused', c: 'saved' });
        const bad = outcomes.find(({ key }) => key === 'b');
        expect(bad?.kind === 'refused' && bad.reason).toMatch(reason);
      });

    testOf(subject, 'status', 'archives, and brings back', async () => {
      const { connector } = await subject.open();
      for (const status of ['archived', 'active']) {
        expect(kinds(await connector.write([write(third, { status }, 'a')], call))).toEqual({ a: 'saved' });
        const { fields } = await observed(connector, third);
        expect(fields.status).toEqual({ state: 'value', value: status });
      }
    });

    testOf(subject, 'lost answers', 'a write without an answer is unknown, and doubles nothing', async () => {
      const { connector, count, lose } = await subject.open();
      for (const when of ['before', 'after'] as const) {
        await hook(lose, 'lose')(when);
        const [outcome] = await connector.write([write(first, probe)], call);
        expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/\w/) });
        await hook(lose, 'lose')(null);
        const { fields } = await observed(connector, first);
        const { field, value } = probeOf(subject);
        const found = fields[field];
        expect([when, found?.state === 'value' && found.value === value(7)]).toEqual([
          when,
          when === 'after',
        ]);
      }
      expect(await count()).toBe(3);
    });
  });
}

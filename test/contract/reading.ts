import { describe, expect, test } from 'vitest';
import { call, fieldsOf } from '../connectors/kit.ts';
import { entityOf, hook, listed, minute, observed, testOf, told } from './stage.ts';
import type { Subject } from './subject.ts';

/** By id: one item for each, whatever became of the record. */
export function reading(title: string, subject: Subject): void {
  const [first, second, third] = subject.ids;
  const { absentId, readOnly = [], unset = [], marker: mark = null } = subject;
  const entity = entityOf(subject);

  describe(`${title}, reading`, () => {
    test('by id, one item for each that was asked for, in that order', async () => {
      const { connector } = await subject.open();
      const items = await connector.read([third, absentId, first, second], call);
      expect(items.map(({ kind }) => kind)).toEqual(['read', 'gone', 'read', 'read']);
      expect(items.map((item) => ('observation' in item ? item.observation : item).externalId)).toEqual([
        third,
        absentId,
        first,
        second,
      ]);
      expect(await connector.read([], call)).toEqual([]);
    });

    test('names every field of the record, and what it cannot hold at all', async () => {
      const { connector } = await subject.open();
      const { fields, role, marker, archived, also, drift } = await observed(connector, first);
      expect(Object.keys(fields).sort()).toEqual(entity.fields.map(({ name }) => name).sort());
      for (const [field, { state }] of Object.entries(fields)) {
        expect(`${field} ${state === 'unsupported'}`).toBe(`${field} ${!connector.supports(field)}`);
        if (field in subject.fields || (readOnly.includes(field) && !unset.includes(field)))
          expect(`${field} ${state}`).toBe(`${field} value`);
      }
      expect({ role, marker, archived, drift }).toEqual({
        role: connector.role,
        marker: mark,
        archived: false,
        drift: [],
      });
      expect(JSON.parse(JSON.stringify({ fields, also }))).toEqual({ fields, also });
    });

    testOf(
      subject,
      'malformed records',
      'one malformed record is named with its reason; the good ones go on',
      async () => {
        const { connector, clock, spoil } = await subject.open();
        await hook(spoil, 'spoil')(second);
        clock.advance(connector.lagMs + minute);
        const expected = [`${first} read`, `${second} malformed`, `${third} read`].sort();
        expect(told((await listed(connector, null, clock.now())).flat())).toEqual(expected);
        const items = await connector.read(subject.ids, call);
        expect(told(items)).toEqual(expected);
        expect(items[1]).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(/\w/) });
      },
    );

    testOf(subject, 'archived', 'what is archived says so, and is not gone', async () => {
      const { connector, archive } = await subject.open();
      await hook(archive, 'archive')(third);
      const found = await observed(connector, third);
      expect(found.archived).toBe(true);
      if (!entity.fields.some(({ name }) => name === 'status')) return;
      // What cannot be brought back (HubSpot's recycle bin) has no status to compare.
      expect([{ state: 'value', value: 'archived' }, { state: 'not_read' }]).toContainEqual(
        found.fields.status,
      );
    });

    testOf(subject, 'removal', 'what was removed is gone', async () => {
      const { connector, remove } = await subject.open();
      await hook(remove, 'remove')(second);
      expect(told(await connector.read(subject.ids, call))).toEqual(
        [`${first} read`, `${second} gone`, `${third} read`].sort(),
      );
    });

    testOf(
      subject,
      'vendor faults',
      'a key that is renamed makes its field unread, and nothing else',
      async () => {
        const { connector, practice } = await subject.open();
        const { vendor, renamed } = hook(practice, 'practice');
        const [before] = await connector.read([first], call);
        vendor.setFault({ kind: 'renamed' });
        const [after] = await connector.read([first], call);
        const { field = 'email', expected, found } = renamed;
        expect(fieldsOf(after)).toEqual({ ...fieldsOf(before), [field]: { state: 'not_read' } });
        expect(after).toMatchObject({ observation: { drift: [{ field, expected, found: [found] }] } });
      },
    );
  });
}

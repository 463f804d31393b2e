import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { call, fieldsOf } from '../connectors/kit.ts';
import { create as createWith, hook, listed, minute, observed, projected, testOf } from './stage.ts';
import type { Subject } from './subject.ts';

/** New records: never two for one marker. */
export function creating(title: string, subject: Subject): void {
  const { nameField = 'legal_name', freshNeeds: needs = [] } = subject;
  const fresh = subject.fresh ?? { [nameField]: 'Fresh Pty Ltd' };
  const named = (name: string) => ({ ...fresh, [nameField]: name });
  const create = (fields: typeof fresh) => createWith(fields, undefined, needs);
  const carriesMark = subject.cannot.mark === undefined;
  const markOf = (marker: string) => (carriesMark ? marker : null);
  /** What comes of making one again: with our mark it is known as ours, without it the key is taken. */
  const again = (externalId: string | undefined) =>
    carriesMark ? { kind: 'created', externalId } : { kind: 'refused', taken: true };

  describe(`${title}, making records`, () => {
    if (subject.cannot.create !== undefined) {
      test(`makes none: ${subject.cannot.create}`, async () => {
        const { connector, count } = await subject.open();
        const one = create(fresh);
        const outcomes = await connector.create([one], call);
        expect(outcomes).toMatchObject([{ kind: 'refused', key: one.key, taken: false }]);
        expect(await connector.findMade([one], call)).toEqual(new Map());
        expect(await count()).toBe(3);
      });
      return;
    }

    test('makes it as projected, with our mark, and lists it', async () => {
      const { connector, clock, count } = await subject.open();
      clock.advance(10 * minute);
      const before = clock.now();
      const one = create(fresh);
      const [outcome] = await connector.create([one], call);
      if (outcome?.kind !== 'created') throw new Error(JSON.stringify(outcome));
      expect(outcome.key).toBe(one.key);
      expect(await count()).toBe(4);
      const made = await observed(connector, outcome.externalId);
      expect(made).toMatchObject({ marker: markOf(one.marker), archived: false });
      expect(made.fields).toMatchObject(projected(connector, fresh));
      clock.advance(connector.lagMs + minute);
      const [item, ...others] = (await listed(connector, before, clock.now())).flat();
      expect(others).toEqual([]);
      expect(fieldsOf(item)).toEqual(made.fields);
      expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, outcome.externalId]]));
    });

    test('the same mark twice is one record', async () => {
      const { connector, count } = await subject.open();
      const one = create(fresh);
      const [made] = await connector.create([one], call);
      const [second] = await connector.create([{ ...one, key: randomUUID() }], call);
      if (made?.kind !== 'created') throw new Error(JSON.stringify(made));
      expect(second).toMatchObject(again(made.externalId));
      expect(await count()).toBe(4);
    });

    test('several at once, each with its outcome', async () => {
      const { connector, count } = await subject.open();
      const all = [
        create(named('One Pty Ltd')),
        create(named('Two Pty Ltd')),
        create(named('Three Pty Ltd')),
      ];
      const outcomes = await connector.create(all, call);
      expect(outcomes.map(({ key }) => key).sort()).toEqual(all.map(({ key }) => key).sort());
      expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'created', 'created']);
      expect(await count()).toBe(6);
      const found = await connector.findMade([...all, create(named('Four Pty Ltd'))], call);
      expect([...found.keys()].sort()).toEqual(all.map(({ marker }) => marker).sort());
      for (const [marker, externalId] of found)
        expect((await observed(connector, externalId)).marker).toBe(markOf(marker));
    });

    testOf(
      subject,
      'unique names',
      'a name that another has is taken: nothing is made, the others are',
      async () => {
        const { connector, count } = await subject.open();
        const held = (await observed(connector, subject.ids[1])).fields[nameField];
        if (held?.state !== 'value') throw new Error(`the second record has no ${nameField}`);
        const taken = create(named(String(held.value).toUpperCase()));
        const other = create(named('Other Pty Ltd'));
        const outcomes = await connector.create([taken, other], call);
        expect(outcomes.find(({ key }) => key === taken.key)).toMatchObject({
          kind: 'refused',
          taken: true,
          reason: expect.stringMatching(/\w/),
        });
        expect(outcomes.find(({ key }) => key === other.key)).toMatchObject({ kind: 'created' });
        expect(await count()).toBe(4);
        expect((await connector.findMade([taken, other], call)).has(taken.marker)).toBe(!carriesMark);
      },
    );

    testOf(subject, 'lost answers', 'made, and the answer lost: it is found again, and is one', async () => {
      const { connector, count, lose } = await subject.open();
      const one = create(fresh);
      await hook(lose, 'lose')('after');
      const [outcome] = await connector.create([one], call);
      expect(outcome).toMatchObject({ kind: 'unknown', key: one.key, reason: expect.stringMatching(/\w/) });
      await hook(lose, 'lose')(null);
      expect(await count()).toBe(4);
      const found = (await connector.findMade([one], call)).get(one.marker);
      expect(found).toBeDefined();
      expect((await observed(connector, found ?? '')).marker).toBe(markOf(one.marker));
      const [second] = await connector.create([{ ...one, key: randomUUID() }], call);
      expect(second).toMatchObject(again(found));
      expect(await count()).toBe(4);
    });

    testOf(
      subject,
      'lost answers',
      'lost before it was made: not found, and made by asking again',
      async () => {
        const { connector, count, lose } = await subject.open();
        const one = create(fresh);
        await hook(lose, 'lose')('before');
        const [outcome] = await connector.create([one], call);
        expect(outcome).toMatchObject({ kind: 'unknown', key: one.key });
        await hook(lose, 'lose')(null);
        expect(await count()).toBe(3);
        expect(await connector.findMade([one], call)).toEqual(new Map());
        const [made] = await connector.create([{ ...one, key: randomUUID() }], call);
        expect(made?.kind).toBe('created');
        expect(await count()).toBe(4);
      },
    );
  });
}

import { describe, expect, test } from 'vitest';
import { VendorError } from '#src/connectors/connector.ts';
import { systems } from '#src/connectors/registry.ts';
import { call } from '../connectors/kit.ts';
import { hook, listed, probed, showsAny, testOf, write } from './stage.ts';
import type { Stage, Subject } from './subject.ts';

/** How many calls there may be, and who may make them. */
export function budgetAndSignIn(title: string, subject: Subject): void {
  const [first] = subject.ids;
  const { label } = systems[subject.system];
  const read = ({ connector }: Stage) => connector.read([first], call);
  /** The failure of the first read that does not work. */
  const spent = async (stage: Stage): Promise<VendorError> => {
    for (let tries = 0; tries < 60; tries += 1) {
      const error = await read(stage).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error instanceof VendorError) return error;
      if (error) throw error;
    }
    throw new Error('the budget has no end');
  };

  describe(`${title}, its budget`, () => {
    if (subject.cannot.budget !== undefined) {
      test(`counts no calls: ${subject.cannot.budget}`, async () => {
        const stage = await subject.open({ callsPerMinute: 1, callsPerDay: 1 });
        const started = stage.clock.now();
        for (let round = 0; round < 5; round += 1) await read(stage);
        expect(stage.clock.now()).toEqual(started);
      });
    }

    testOf(
      subject,
      'budget',
      'no call beyond the day’s; it says when to go on, and goes on then',
      async () => {
        const stage = await subject.open({ callsPerDay: 12 });
        const { connector, clock } = stage;
        const error = await spent(stage);
        expect(error).toMatchObject({ failure: 'budget', connection: subject.system });
        const calls = hook(stage.calls, 'calls');
        expect(calls()).toBe(12);
        expect(error.resumeAt?.getTime()).toBeGreaterThan(clock.now().getTime());
        if (connector.canUpdate)
          await expect(connector.write([write(first, probed(subject, 1))], call)).rejects.toMatchObject({
            failure: 'budget',
            resumeAt: error.resumeAt,
          });
        await expect(listed(connector, null, clock.now())).rejects.toMatchObject({ failure: 'budget' });
        expect(calls()).toBe(12);
        clock.set(error.resumeAt ?? clock.now());
        expect((await read(stage)).map(({ kind }) => kind)).toEqual(['read']);
      },
    );

    testOf(subject, 'budget', 'a minute’s calls that are used up are waited for', async () => {
      const stage = await subject.open({ callsPerMinute: 6 });
      const started = stage.clock.now().getTime();
      const calls = hook(stage.calls, 'calls');
      while (calls() < 13) await read(stage);
      expect(stage.clock.now().getTime() - started).toBeGreaterThan(60_000);
    });
  });

  if (!showsAny(subject, 'withdrawn access', 'renewed sign-in')) return;
  describe(`${title}, its sign-in`, () => {
    testOf(
      subject,
      'withdrawn access',
      'access withdrawn: every call says so, and names the connection',
      async () => {
        const { connector, clock, withdraw } = await subject.open();
        await connector.read([first], call);
        await hook(withdraw, 'withdraw')();
        const refused = {
          failure: 'auth',
          connection: subject.system,
          message: expect.stringContaining(label),
        };
        await expect(connector.read([first], call)).rejects.toMatchObject(refused);
        await expect(listed(connector, null, clock.now())).rejects.toMatchObject(refused);
        if (connector.canUpdate)
          await expect(connector.write([write(first, probed(subject, 1))], call)).rejects.toMatchObject(
            refused,
          );
        await expect(connector.account(call)).rejects.toMatchObject(refused);
      },
    );

    testOf(subject, 'renewed sign-in', 'a sign-in that ended is renewed, and the call goes on', async () => {
      const { connector, expire } = await subject.open();
      await connector.read([first], call);
      await hook(expire, 'expire')();
      const items = await Promise.all([1, 2, 3].map(() => connector.read([first], call)));
      expect(items.flat().map(({ kind }) => kind)).toEqual(['read', 'read', 'read']);
    });
  });
}

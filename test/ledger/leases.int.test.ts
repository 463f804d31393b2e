import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assertLease, LeaseLost, releaseLease, renewLease, takeLease } from '#src/ledger/leases.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms);
const name = 'run:1';

describeOnBothDatabases('a lease', (open) => {
  it('goes to one of many who ask at once', async () => {
    const { db } = await open();
    const owners = Array.from({ length: 12 }, (_, i) => `replica ${i}`);
    const epochs = await Promise.all(
      owners.map((owner) => takeLease(db, { name, owner, now: at(0), ms: 1000 })),
    );
    expect(epochs.filter((epoch) => epoch !== null)).toEqual([1]);
  });

  it('keeps its epoch for its holder, and grows it for the next one after it lapsed or was freed', async () => {
    const { db } = await open();
    expect(await takeLease(db, { name, owner: 'a', now: at(0), ms: 1000 })).toBe(1);
    expect(await takeLease(db, { name, owner: 'a', now: at(900), ms: 1000 })).toBe(1);
    expect(await takeLease(db, { name, owner: 'b', now: at(1500), ms: 1000 })).toBeNull();
    expect(await takeLease(db, { name, owner: 'b', now: at(1900), ms: 1000 })).toBe(2);
    await releaseLease(db, { name, owner: 'b', epoch: 2, now: at(2000) });
    expect(await takeLease(db, { name, owner: 'b', now: at(2000), ms: 1000 })).toBe(3);
  });

  it('is renewed by its holder even late, but never once somebody else took it', async () => {
    const { db } = await open();
    await takeLease(db, { name, owner: 'a', now: at(0), ms: 1000 });
    expect(await renewLease(db, { name, owner: 'a', epoch: 1, now: at(5000), ms: 1000 })).toBe(true);
    expect(await takeLease(db, { name, owner: 'b', now: at(6000), ms: 1000 })).toBe(2);
    expect(await renewLease(db, { name, owner: 'a', epoch: 1, now: at(6001), ms: 1000 })).toBe(false);
    await releaseLease(db, { name, owner: 'a', epoch: 1, now: at(6002) });
    expect(await takeLease(db, { name, owner: 'a', now: at(6003), ms: 1000 })).toBeNull();
  });

  it('refuses a write in the name of an older holder', async () => {
    const { db } = await open();
    await takeLease(db, { name, owner: 'a', now: at(0), ms: 1000 });
    await db.transaction((tx) => assertLease(tx, { name, owner: 'a', epoch: 1 }));
    await takeLease(db, { name, owner: 'b', now: at(2000), ms: 1000 });
    await expect(db.transaction((tx) => assertLease(tx, { name, owner: 'a', epoch: 1 }))).rejects.toThrow(
      LeaseLost,
    );
  });

  it('makes a take-over wait for a write that has begun', async () => {
    const { db } = await open();
    await takeLease(db, { name, owner: 'a', now: at(0), ms: 1000 });
    const order: string[] = [];
    let takeOver: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      await assertLease(tx, { name, owner: 'a', epoch: 1 });
      takeOver = takeLease(db, { name, owner: 'b', now: at(2000), ms: 1000 }).then(
        () => void order.push('taken over'),
      );
      await new Promise((resolve) => setTimeout(resolve, 30));
      await assertLease(tx, { name, owner: 'a', epoch: 1 });
      order.push('written');
    });
    await takeOver;
    expect(order).toEqual(['written', 'taken over']);
  });

  it('never has two holders of one epoch, whatever happens', async () => {
    const database = await open();
    const step = fc.record({
      owner: fc.constantFrom('a', 'b', 'c'),
      wait: fc.nat(1500),
      what: fc.constantFrom('take', 'free'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        async (rounds) => {
          await database.empty();
          const holders = new Map<number, string>();
          let now = 0;
          for (const round of rounds) {
            now += Math.max(...round.map(({ wait }) => wait));
            const answers = round.map(async ({ owner, what }) => {
              if (what === 'free') {
                const epoch = [...holders].findLast(([, holder]) => holder === owner)?.[0] ?? 0;
                return void (await releaseLease(database.db, { name, owner, epoch, now: at(now) }));
              }
              const epoch = await takeLease(database.db, { name, owner, now: at(now), ms: 1000 });
              if (epoch === null) return;
              expect(holders.get(epoch) ?? owner).toBe(owner);
              holders.set(epoch, owner);
            });
            await Promise.all(answers);
          }
          expect([...holders.keys()].sort((a, b) => a - b)).toEqual(
            Array.from({ length: holders.size }, (_, i) => i + 1),
          );
        },
      ),
      { numRuns: 25 },
    );
  });
});

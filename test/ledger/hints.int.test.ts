import { expect, it } from 'vitest';
import { addHints, forgetHints, hasHints, waitingHints } from '#src/ledger/hints.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms);
const xero = (externalIds: readonly string[], ms: number) => ({
  connection: 'xero',
  externalIds,
  now: at(ms),
});

describeOnBothDatabases('hints', (open) => {
  it('are one for each record, however often it is named', async () => {
    const { db } = await open();
    await addHints(db, xero(['b', 'a', 'a'], 0));
    await addHints(db, xero(['a'], 5));
    await addHints(db, { connection: 'hubspot', externalIds: ['a'], now: at(1) });
    await addHints(db, xero([], 9));
    expect(await waitingHints(db, 'xero')).toEqual([
      { connection: 'xero', externalId: 'b', receivedAt: at(0), events: 1 },
      { connection: 'xero', externalId: 'a', receivedAt: at(5), events: 2 },
    ]);
    expect(await hasHints(db, ['cin7-core'])).toBe(false);
    expect(await hasHints(db, [])).toBe(false);
    expect(await hasHints(db, ['cin7-core', 'hubspot'])).toBe(true);
  });

  it('are forgotten once they were read, but not one that came again meanwhile', async () => {
    const { db } = await open();
    await addHints(db, xero(['later', 'same', 'behind', 'read'], 100));
    const taken = await waitingHints(db, 'xero');
    await addHints(db, xero(['later'], 101));
    await addHints(db, xero(['same'], 100));
    // Another replica, whose clock is behind.
    await addHints(db, xero(['behind'], 50));
    await addHints(db, xero(['new'], 100));
    await forgetHints(db, taken);
    const left = await waitingHints(db, 'xero');
    expect(left.map(({ externalId }) => externalId).sort()).toEqual(['behind', 'later', 'new', 'same']);
    await forgetHints(db, left);
    await forgetHints(db, []);
    expect(await waitingHints(db, 'xero')).toEqual([]);
  });

  it('of many webhooks at once are all kept', async () => {
    const { db } = await open();
    const ids = Array.from({ length: 30 }, (_, i) => `id ${i}`);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => addHints(db, xero(i % 2 ? ids : ids.toReversed(), i))),
    );
    const waiting = await waitingHints(db, 'xero');
    expect(waiting).toHaveLength(30);
    expect(
      waiting.every(({ events, receivedAt }) => events === 20 && receivedAt.getTime() === at(19).getTime()),
    ).toBe(true);
  });
});

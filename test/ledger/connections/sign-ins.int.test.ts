import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { keepHouse } from '#src/jobs/housekeeping.ts';
import {
  beginSignIn,
  challengeOf,
  signInBehind,
  stateOf,
  takeSignIn,
} from '#src/ledger/connections/sign-ins.ts';
import { signIns } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const noon = new Date('2026-11-20T01:00:00.000Z');
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const keys = [randomBytes(32)];
const begin = { connection: 'xero', by: 'U0TOMW0001', now: noon };

describeOnBothDatabases('a sign-in that was begun', (open) => {
  it('goes to one of many who ask at once', async () => {
    const { db } = await open();
    const state = stateOf((await beginSignIn(db, keys, begin)).ticket);
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => takeSignIn(db, keys, { state, now: later(1) })),
    );
    expect(taken.filter((one) => one === 'used')).toHaveLength(7);
    const [mine] = taken.filter((one) => typeof one !== 'string');
    expect(mine).toMatchObject({ connection: 'xero', by: 'U0TOMW0001', state });
  });

  it('is good for less than ten minutes', async () => {
    const { db } = await open();
    const { ticket, expiresAt } = await beginSignIn(db, keys, begin);
    const state = stateOf(ticket);
    expect(expiresAt).toEqual(later(10));
    expect(await signInBehind(db, keys, { state, now: later(9.99) })).toMatchObject({ state });
    expect(await signInBehind(db, keys, { state, now: later(10) })).toBe('expired');
    expect(await takeSignIn(db, keys, { state, now: later(10) })).toBe('expired');
    expect(await takeSignIn(db, keys, { state: stateOf('another'), now: noon })).toBe('unknown');
  });

  it('cannot be gone on with by who reads the database', async () => {
    const { db } = await open();
    const { ticket } = await beginSignIn(db, keys, begin);
    const state = stateOf(ticket);
    const found = await signInBehind(db, keys, { state, now: noon });
    const held = JSON.stringify(await db.execute(sql`select * from sign_ins`));
    const verifier = typeof found === 'string' ? '' : found.verifier;
    for (const secret of [ticket, state, verifier]) {
      expect(secret).toMatch(/^[\w-]{43}$/);
      expect(held).not.toContain(secret);
    }
    expect(challengeOf(verifier)).toBe(createHash('sha256').update(verifier).digest('base64url'));
    expect(await signInBehind(db, [randomBytes(32)], { state, now: noon })).toBe('expired');
  });

  it('cannot be turned into another person’s, or to another connection, by who writes into the database', async () => {
    const { db } = await open();
    for (const change of [{ by: 'U0PRIYA001' }, { connection: 'hubspot' }]) {
      const state = stateOf((await beginSignIn(db, keys, begin)).ticket);
      await db.update(signIns).set(change);
      expect(await takeSignIn(db, keys, { state, now: noon })).toBe('expired');
    }
  });

  it('is forgotten a day after it ended, by the hourly housekeeping', async () => {
    const { db } = await open();
    await beginSignIn(db, keys, begin);
    await keepHouse({ db, clock: manualClock(later(24 * 60 + 10)) });
    expect(await db.select().from(signIns)).toHaveLength(1);
    await keepHouse({ db, clock: manualClock(later(24 * 60 + 11)) });
    expect(await db.select().from(signIns)).toEqual([]);
  });
});

import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Clock, manualClock, systemClock } from '#src/clock.ts';
import { VendorError } from '#src/connectors/connector.ts';
import type { TokenSet } from '#src/connectors/tokens.ts';
import { resealTokens, signInOf, tokenLedger } from '#src/ledger/connections/tokens.ts';
import type { Db } from '#src/ledger/db.ts';
import { takeLease } from '#src/ledger/leases.ts';
import { tokens } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { movableClock } from '#test/support/movable-clock.ts';
import { until } from '#test/support/until.ts';

const noon = new Date('2026-11-20T01:00:00.000Z');
const [key, old] = [randomBytes(32), randomBytes(32)];
const tom = 'U0TOMW0001';

const setOf = (n: number, more: Partial<TokenSet> = {}): TokenSet => ({
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: '2026-11-20T01:30:00.000Z',
  scopes: ['accounting.contacts', 'offline_access'],
  account: { tenant_id: 'tenant-1' },
  ...more,
});

/** A vendor that changes the refresh token with every use, and refuses a used one. */
function rotating(ms = 60) {
  let n = 1;
  const calls: string[] = [];
  return {
    calls,
    renew: async ({ refreshToken }: TokenSet): Promise<TokenSet> => {
      calls.push(refreshToken ?? '');
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (refreshToken !== `refresh-${n}`) throw new VendorError('auth', 'xero', 'invalid_grant');
      n += 1;
      return setOf(n);
    },
  };
}

const inDatabase = async (db: Db): Promise<string> =>
  JSON.stringify(await db.execute(sql`select * from tokens`));

describeOnBothDatabases('the tokens of a connection', (open) => {
  const store = (db: Db, keys: readonly Uint8Array[] = [key], clock: Clock = manualClock(noon)) =>
    tokenLedger(db, keys, clock);

  it('come back as they were stored, say who connected them, and stand nowhere in plain', async () => {
    const { db } = await open();
    expect(await store(db).read('xero')).toBeNull();
    expect(await signInOf(db, 'xero')).toBeNull();
    await store(db).connect('xero', setOf(1), tom);
    expect(await store(db).read('xero')).toEqual(setOf(1));
    expect(await store(db).read('hubspot')).toBeNull();
    expect(await signInOf(db, 'xero')).toEqual({ by: tom, at: noon, renewedAt: noon });
    expect(await inDatabase(db)).not.toMatch(/access-1|refresh-1|offline_access|tenant-1/);
    await store(db).connect('xero', setOf(2, { refreshToken: null }), tom);
    expect(await store(db).read('xero')).toEqual(setOf(2, { refreshToken: null }));
  });

  it('come back whatever they hold', async () => {
    const database = await open();
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const any = fc.record({
      accessToken: text,
      refreshToken: fc.option(text),
      expiresAt: fc.constant('2026-11-20T01:30:00.000Z'),
      scopes: fc.array(text),
      account: fc.dictionary(
        text.filter((name) => name !== '__proto__'),
        text,
        { noNullPrototype: true },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('xero', 'hubspot'), any, async (connection, set) => {
        await store(database.db).connect(connection, set, tom);
        expect(await store(database.db).read(connection)).toEqual(set);
      }),
      { numRuns: 25 },
    );
  });

  it('cannot be changed or moved to another connection in the database', async () => {
    const { db } = await open();
    await store(db).connect('xero', setOf(1), tom);
    await store(db).connect('hubspot', setOf(2), tom);
    const [row] = await db.select().from(tokens).where(eq(tokens.connection, 'xero'));
    await db
      .update(tokens)
      .set({ sealed: row?.sealed ?? '' })
      .where(eq(tokens.connection, 'hubspot'));
    const moved = await store(db)
      .read('hubspot')
      .catch((error: unknown) => error);
    expect(moved).toMatchObject({ failure: 'auth', connection: 'hubspot' });
    expect(String(moved)).toContain('was changed in the database and cannot be decrypted: connect it again');
  });

  it('of a key that is gone say so in plain words, and can be connected again', async () => {
    const { db } = await open();
    await store(db, [old]).connect('xero', setOf(1), tom);
    const refusal = store(db).read('xero');
    await expect(refusal).rejects.toBeInstanceOf(VendorError);
    await expect(refusal).rejects.toMatchObject({ failure: 'auth', connection: 'xero' });
    await expect(refusal).rejects.toThrow(
      'The sign-in of “xero” was encrypted with a key that Truce does not have (TRUCE_SECRET_KEY): connect it again',
    );
    await expect(store(db, []).connect('xero', setOf(2), tom)).rejects.toThrow('TRUCE_SECRET_KEY is not set');
    await store(db).connect('xero', setOf(2), tom);
    expect(await store(db).read('xero')).toEqual(setOf(2));
  });

  it('change to a new key: read under the old one, encrypted afresh at the start, then without it', async () => {
    const { db } = await open();
    await store(db, [old]).connect('xero', setOf(1), tom);
    await store(db, [randomBytes(32)]).connect('hubspot', setOf(2), tom);
    expect(await store(db, [key, old]).read('xero')).toEqual(setOf(1));
    expect(await resealTokens(db, [key, old])).toEqual(['hubspot']);
    expect(await resealTokens(db, [key])).toEqual(['hubspot']);
    expect(await store(db, [key]).read('xero')).toEqual(setOf(1));
    expect(await signInOf(db, 'xero')).toMatchObject({ by: tom, at: noon });
  });

  it('are renewed once, however many ask at once, in however many processes', async () => {
    const { db } = await open();
    const vendor = rotating();
    const stores = [1, 2, 3].map(() => store(db, [key], systemClock));
    await stores[0]?.connect('xero', setOf(1), tom);
    const asked = stores.flatMap((one) => [1, 2, 3].map(() => one.renew('xero', 'access-1', vendor.renew)));
    expect(await Promise.all(asked)).toEqual(asked.map(() => setOf(2)));
    expect(vendor.calls).toEqual(['refresh-1']);
    expect(await stores[1]?.read('xero')).toEqual(setOf(2));
    expect(await stores[2]?.renew('xero', 'access-1', vendor.renew)).toEqual(setOf(2));
    expect(vendor.calls).toHaveLength(1);
  });

  it('whoever asks, and when: every refresh token is used once at most', async () => {
    const database = await open();
    const { db } = database;
    const step = fc.record({ by: fc.nat(2), ahead: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        await database.empty();
        const vendor = rotating(3);
        const stores = [1, 2, 3].map(() => store(db, [key], systemClock));
        await stores[0]?.connect('xero', setOf(1), tom);
        await Promise.all(
          steps.map(async ({ by, ahead }) => {
            await new Promise((resolve) => setTimeout(resolve, ahead));
            const mine = stores[by];
            const held = await mine?.read('xero');
            return mine?.renew('xero', held?.accessToken ?? '', vendor.renew);
          }),
        );
        expect(new Set(vendor.calls).size).toBe(vendor.calls.length);
        expect(await stores[1]?.read('xero')).toEqual(setOf(vendor.calls.length + 1));
      }),
      { numRuns: 12 },
    );
  });

  it('what the vendor refuses is told to who asked; the others ask for themselves', async () => {
    const { db } = await open();
    const on = store(db, [key], systemClock);
    await on.connect('xero', setOf(1), tom);
    let calls = 0;
    const renew = async (): Promise<TokenSet> => {
      calls += 1;
      if (calls === 1) throw new Error('the vendor was away');
      return setOf(2);
    };
    const [first, second] = await Promise.allSettled([
      on.renew('xero', 'access-1', renew),
      on.renew('xero', 'access-1', renew),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'the vendor was away' } });
    expect(second).toEqual({ status: 'fulfilled', value: setOf(2) });
    await expect(on.renew('hubspot', 'access-1', renew)).rejects.toMatchObject({ failure: 'auth' });
  });

  it('are renewed by another where the one who began was killed; a wait can be given up', async () => {
    const { db } = await open();
    const clock = movableClock();
    const on = store(db, [key], clock);
    await on.connect('xero', setOf(1), tom);
    const dead = { name: 'tokens:xero', owner: 'killed', now: clock.now(), ms: 30_000 };
    expect(await takeLease(db, dead)).toBe(1);
    const vendor = rotating();
    const patience = AbortSignal.timeout(300);
    await expect(on.renew('xero', 'access-1', vendor.renew, patience)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const waits = on.renew('xero', 'access-1', vendor.renew);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(vendor.calls).toEqual([]);
    clock.advance(30_000);
    expect(await waits).toEqual(setOf(2));
    expect(vendor.calls).toEqual(['refresh-1']);
  });

  it('of one who was too slow give way to those of who took over', async () => {
    const { db } = await open();
    const clock = movableClock();
    const [slow, quick] = [store(db, [key], clock), store(db, [key], clock)];
    await slow.connect('xero', setOf(1), tom);
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const late = slow.renew('xero', 'access-1', async () => {
      began.resolve();
      await answered;
      throw new VendorError('auth', 'xero', 'invalid_grant');
    });
    await began.promise;
    clock.advance(31_000);
    expect(await quick.renew('xero', 'access-1', rotating().renew)).toEqual(setOf(2));
    answer();
    expect(await late).toEqual(setOf(2));
    expect(await quick.read('xero')).toEqual(setOf(2));
  });

  it('that the vendor has exchanged already are stored as soon as the database lets us', async () => {
    const { db } = await open();
    const on = store(db, [key], systemClock);
    await on.connect('xero', setOf(1), tom);
    const vendor = rotating(5);
    await db.execute(sql`alter table tokens add constraint closed check (revision < 2) not valid`);
    const waits = on.renew('xero', 'access-1', vendor.renew);
    await until(() => vendor.calls.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await inDatabase(db)).toContain('"revision":1');
    await db.execute(sql`alter table tokens drop constraint closed`);
    expect(await waits).toEqual(setOf(2));
    expect(await store(db).read('xero')).toEqual(setOf(2));
    expect(vendor.calls).toHaveLength(1);
  });

  it('are not lost where the database stayed closed for minutes: the next look stores them', async () => {
    const { db } = await open();
    const on = store(db);
    await on.connect('xero', setOf(1), tom);
    const vendor = rotating(0);
    await db.execute(sql`alter table tokens add constraint closed check (revision < 2) not valid`);
    await expect(on.renew('xero', 'access-1', vendor.renew)).rejects.toThrow();
    await db.execute(sql`alter table tokens drop constraint closed`);
    expect(await on.read('xero')).toEqual(setOf(2));
    expect(await store(db).read('xero')).toEqual(setOf(2));
    expect(vendor.calls).toEqual(['refresh-1']);
  });
});

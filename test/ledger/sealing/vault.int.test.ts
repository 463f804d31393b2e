import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldValue } from '#src/entities/field.ts';
import type { Db } from '#src/ledger/db.ts';
import { moveBases } from '#src/ledger/records/bases.ts';
import {
  closeIntents,
  closeItems,
  openIntents,
  openItems,
  openSightings,
} from '#src/ledger/sealing/evidence.ts';
import { openSealed } from '#src/ledger/sealing/open-sealed.ts';
import { sealOlder } from '#src/ledger/sealing/seal-older.ts';
import {
  closed,
  destroyKeys,
  giveKeys,
  isSealing,
  opened,
  openersOf,
  openVault,
  sealsOf,
} from '#src/ledger/sealing/vault.ts';
import { intents, links, recordKeys, records, sightings } from '#src/ledger/tables/index.ts';
import { describeOn, describeOnBothDatabases } from '#test/support/database.ts';
import { testKey } from '#test/support/secret-key.ts';

const now = new Date('2026-11-22T01:00:00Z');

async function addRecord(db: Db, id: string): Promise<void> {
  await db.insert(records).values({ id, entity: 'customer', title: id, createdAt: now });
  const link = { recordId: id, connection: 'xero', role: 'customer', externalId: `x-${id}`, how: 'key:abn' };
  await db.insert(links).values({ ...link, linkedAt: now });
}

const see = (db: Db, recordId: string, email: string) =>
  moveBases(
    db,
    [
      {
        recordId,
        connection: 'xero',
        exchangeId: null,
        observation: {
          externalId: `x-${recordId}`,
          role: 'customer',
          vendorAt: null,
          archived: false,
          url: null,
          marker: null,
          also: [],
          fields: { email: { state: 'value', value: email }, phone: { state: 'blank' } },
          editors: { email: { by: 'Mia Torres', at: null } },
        } as never,
      },
    ],
    { origin: 'observed', runId: null, now },
  );

const seen = async (db: Db) => openSightings(db, await db.select().from(sightings).orderBy(sightings.id));
const inPlain = async (db: Db): Promise<string> =>
  JSON.stringify(await db.select({ fields: sightings.fields }).from(sightings));
const fields = (email: string) => ({
  email: { state: 'value', value: email, by: 'Mia Torres' },
  phone: { state: 'blank' },
});

describeOnBothDatabases('what is sealed under a record’s key', (open) => {
  test('opens to what it was; of one record nobody’s key opens another’s', async () => {
    const { db } = await open();
    await giveKeys(db, ['one', 'two']);
    const seals = await sealsOf(db, ['one', 'two', 'three']);
    expect([...seals.keys()]).toEqual(['one', 'two']);
    const sealed = closed(seals, 'one', { email: 'a@b.example' }) ?? '';
    const openers = await openersOf(db, ['one', 'two']);
    expect(opened(openers, 'one', sealed)).toEqual({ email: 'a@b.example' });
    expect(opened(openers, 'two', sealed)).toBeUndefined();
    expect(closed(seals, 'three', {})).toBeNull();
  });

  test('is under one key, though two processes give it one at once', async () => {
    const { db } = await open();
    await giveKeys(db, ['one']);
    // As another process: it knows none of the keys yet.
    openVault(db, [testKey]);
    await giveKeys(db, ['one', 'two']);
    const sealed = closed(await sealsOf(db, ['one']), 'one', 'kept') ?? '';
    expect(opened(await openersOf(db, ['one']), 'one', sealed)).toBe('kept');
  });

  test('nobody reads once the key is destroyed, not even a process that has used it', async () => {
    const { db } = await open();
    await giveKeys(db, ['one']);
    const sealed = closed(await sealsOf(db, ['one']), 'one', 'secret') ?? '';
    await destroyKeys(db, ['one'], { by: 'U0PRIYA001', now });
    expect(opened(await openersOf(db, ['one']), 'one', sealed)).toBeUndefined();
    expect(await sealsOf(db, ['one'])).toEqual(new Map());
    expect(await db.select().from(recordKeys)).toEqual([
      { recordId: 'one', sealed: null, erasedAt: now, erasedBy: 'U0PRIYA001' },
    ]);
  });

  test('is read after the secret key was changed, and no more once the old one is missing', async () => {
    const { db } = await open();
    await addRecord(db, 'one');
    await giveKeys(db, ['one']);
    await see(db, 'one', 'old@key.example');
    const lines: string[] = [];
    const log = { warn: (_: object, line: string) => void lines.push(line) };
    const [next, stranger] = [randomBytes(32), randomBytes(32)];
    await openSealed(db, [next, testKey], log);
    expect((await seen(db))[0]?.fields).toEqual(fields('old@key.example'));
    await openSealed(db, [next], log);
    expect((await seen(db))[0]?.fields).toEqual(fields('old@key.example'));
    expect(lines).toEqual([]);
    await openSealed(db, [stranger], log);
    expect((await seen(db))[0]?.fields.email).toEqual({ state: 'value' });
    expect(lines).toEqual([expect.stringContaining('TRUCE_SECRET_KEY_OLD')]);
  });

  test('and what older versions put down plain is read, and sealed by and by', async () => {
    const { db } = await open();
    openVault(db, []);
    expect(isSealing(db)).toBe(false);
    for (const id of ['one', 'two']) {
      await addRecord(db, id);
      await see(db, id, `${id}@plain.example`);
    }
    const sent = {
      fields: { email: 'sent@plain.example', phone: null },
      before: { email: null, phone: '1' },
    };
    await db.execute(sql`insert into changes (id, flow, record_id, subject, state, revision, opened_at, updated_at, agreement_version)
      values ('tr-1', 'customers', 'one', 'one', 'settled', 1, ${now.toISOString()}, ${now.toISOString()}, 1)`);
    await db.insert(intents).values({
      ...sent,
      id: 'i1',
      changeId: 'tr-1',
      recordId: 'one',
      connection: 'xero',
      payloadHash: '',
      state: 'done',
      runId: 1,
      agreementVersion: 1,
      committedAt: now,
    });
    expect(await inPlain(db)).toContain('two@plain.example');
    openVault(db, [testKey]);
    await destroyKeys(db, ['two'], { by: 'U0PRIYA001', now });
    await sealOlder(db);
    await sealOlder(db);
    expect(await inPlain(db)).not.toContain('one@plain.example');
    const [one] = await seen(db);
    expect(one?.fields).toEqual(fields('one@plain.example'));
    const [intent] = await db.select().from(intents).where(eq(intents.id, 'i1'));
    expect(intent).toMatchObject({
      fields: { email: true, phone: null },
      before: { email: null, phone: true },
    });
    expect(await openIntents(db, intent ? [intent] : [])).toMatchObject([sent]);
  });

  test('names the fields that were seen anew, with their values and who changed them, and no others', async () => {
    const { db } = await open();
    await addRecord(db, 'one');
    await giveKeys(db, ['one']);
    await see(db, 'one', 'a@one.example');
    await see(db, 'one', 'b@one.example');
    expect(await inPlain(db)).not.toContain('example');
    expect((await seen(db)).map((row) => row.fields)).toEqual([
      fields('a@one.example'),
      { email: { state: 'value', value: 'b@one.example', by: 'Mia Torres' } },
    ]);
  });
});

const value: fc.Arbitrary<FieldValue | null> = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.boolean(),
  fc.record({ line1: fc.string(), postcode: fc.oneof(fc.string(), fc.constant(null)) }),
);
const values = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), value, { noNullPrototype: true });

describeOn('PGlite', 'whatever a write or an undoing holds', (open) => {
  test('comes back as it was; beside it stands which fields there are, and which were empty', async () => {
    const { db } = await open();
    await giveKeys(db, ['one']);
    await fc.assert(
      fc.asyncProperty(values, values, async (fields, before) => {
        const [row] = await closeIntents(db, [{ recordId: 'one', fields, before }]);
        expect(Object.keys(row?.fields ?? {})).toEqual(Object.keys(fields));
        for (const [name, one] of Object.entries(row?.fields ?? {}))
          expect(one).toBe(fields[name] === null ? null : true);
        expect(await openIntents(db, row ? [row] : [])).toEqual([{ recordId: 'one', fields, before }]);
      }),
      { numRuns: 25 },
    );
    await fc.assert(
      fc.asyncProperty(value, value, value, async (written, before, found) => {
        const rows = await closeItems(db, [{ recordId: 'one', written, before, found }]);
        expect(await openItems(db, rows as never)).toEqual([
          { recordId: 'one', written, before, found, isLost: false },
        ]);
      }),
      { numRuns: 25 },
    );
  });
});

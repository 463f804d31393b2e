import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openLosses } from '#src/ledger/connections/losses.ts';
import { changes, conflicts, losses, story } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { type Engine, openEngine, xero } from '#test/support/engine.ts';

type Write = (fields: Record<string, unknown>) => Record<string, unknown>;

/** Xero through hands that may change what is written there, or let somebody in between the write and the look at it. */
async function open(database: Parameters<typeof openEngine>[0]) {
  const hands: { write: Write | null; after: (() => void) | null } = { write: null, after: null };
  const engine = await openEngine(database, {
    wrap: (connector, connection) =>
      connection === 'xero'
        ? {
            ...connector,
            write: async (writes, call) => {
              const { write } = hands;
              const outcomes = await connector.write(
                writes.map((one) =>
                  write ? { ...one, fields: write({ ...one.fields }) as typeof one.fields } : one,
                ),
                call,
              );
              hands.after?.();
              return outcomes;
            },
          }
        : connector,
  });
  return { engine, hands };
}
const stories = async ({ database }: Engine) => {
  const rows = await database.db.select().from(story).orderBy(story.id);
  return rows.map(({ kind, data }) => [kind, data.reason]);
};
const legalName = 'Harbour Ironworks and Boilermakers Pty Ltd';

describeOnBothDatabases('drift: a value that a vendor did not keep', (openDatabase) => {
  test('cut: it is named, taken as nobody’s change, and travels nowhere; over once a later one is kept whole', async () => {
    const { engine, hands } = await open(await openDatabase());
    await engine.agree((flow) => {
      const { legal_name: terms } = flow.fields;
      if (!terms) throw new Error('the agreement has no legal name');
      const ours = { ...terms, rule: 'latest', systemOfRecord: 'hubspot' } as const;
      return { ...flow, fields: { ...flow.fields, legal_name: ours } };
    });
    hands.write = (fields) => ({ ...fields, legal_name: String(fields.legal_name).slice(0, 20) });
    engine.edit('hubspot', 0, { legal_name: legalName });
    await engine.run();
    const { db } = engine.database;
    expect(engine.held('xero', 0, 'Name')).toBe(legalName.slice(0, 20));
    const reason = `Xero kept 20 of ${legalName.length} characters of the legal name.`;
    expect(await stories(engine)).toContainEqual(['failed', reason]);
    expect(await db.select().from(changes).where(eq(changes.state, 'failed'))).toMatchObject([
      { holdDetail: reason },
    ]);
    expect(await openLosses(db, [xero])).toMatchObject([
      { connection: xero, field: 'legal_name', records: 1, since: engine.clock.now() },
    ]);
    await engine.run();
    await engine.run();
    expect(engine.held('hubspot', 0, 'legal_name')).toBe(legalName);
    expect(engine.held('cin7-core', 0, 'Name')).toBe(legalName);

    hands.write = null;
    engine.edit('hubspot', 0, { legal_name: 'Harbour Ironworks Pty Ltd' });
    await engine.run();
    expect(await openLosses(db, [xero])).toEqual([]);
    expect(await db.select().from(losses)).toMatchObject([{ kind: 'cut', overAt: engine.clock.now() }]);
  });

  test('ignored: the change says that the one from before is still there', async () => {
    const { engine, hands } = await open(await openDatabase());
    const before = engine.held('xero', 0, 'PhoneNumber');
    hands.write = ({ phone: _, ...fields }) => ({ ...fields, email: 'accounts@example.com' });
    engine.edit('hubspot', 0, { phone: '(02) 5550 1234' });
    await engine.run();
    expect(engine.held('xero', 0, 'PhoneNumber')).toBe(before);
    const { db } = engine.database;
    expect(await db.select().from(losses)).toMatchObject([{ field: 'phone', kind: 'ignored', overAt: null }]);
  });

  test('an edit of somebody’s between the write and the look at it is an edit, and no loss', async () => {
    const { engine, hands } = await open(await openDatabase());
    hands.after = () => {
      hands.after = null;
      engine.clock.advance(5_000);
      engine.edit('xero', 0, { EmailAddress: 'late@example.com' });
    };
    engine.edit('hubspot', 0, { billing_email: 'early@example.com' });
    await engine.run();
    const { db } = engine.database;
    expect(await db.select().from(losses)).toEqual([]);
    expect(await db.select().from(changes).where(eq(changes.state, 'failed'))).toEqual([]);
    await engine.run();
    // Two people want two things: that is a question, as it would be had they typed an hour apart.
    const [asked] = await db.select().from(conflicts);
    expect(asked).toMatchObject({ field: 'email', state: 'open' });
    expect(asked?.options.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['early@example.com', 'late@example.com']),
    );
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('late@example.com');
  });
});

import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { answerLikeness } from '#src/ledger/questions/likenesses.ts';
import {
  absences,
  agreementVersions,
  changes,
  likenesses,
  links,
  moneyProofs,
  outbox,
  safetyStops,
  story,
} from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';
import { erase, goneFrom, priya, recordOf, tellsOf } from './erasing.ts';

const abn = '48910000065';
const before = 'Fairy Wren Before Pty Ltd';
const title = 'Fairy Wren Interiors Pty Ltd';
const wren = { legal_name: title, abn, email: 'hello@wren.example', phone: '0491570156' };
/** Another, of which nobody knows the ABN. */
const other = { ...wren, legal_name: 'Fairy Wren Interiors', abn: null };
const wombat = { legal_name: 'Wombat Wines', abn: '83914571673', email: 'wine@wombat.example' };
const systems = ['hubspot', 'xero', 'cin7-core'] as const;

type Opened = Parameters<Parameters<typeof describeOnBothDatabases>[1]>[0];

/** HubSpot has one that a person said is not the customer of Xero and Cin7 Core, though it has its ABN by now. */
async function twoAlike(open: Opened): Promise<{ engine: MemoryEngine; asked: string; living: string }> {
  const engine = await openMemoryEngine(await open(), { flow: { whenGone: 'ignore' }, createIn: {} });
  const { db } = engine.database;
  engine.systems.hubspot.add(other);
  for (const system of ['xero', 'cin7-core'] as const)
    engine.systems[system].add({ ...wren, legal_name: before });
  for (const system of systems) engine.systems[system].add(wombat);
  await engine.run();
  engine.systems.xero.edit('xero-1', { legal_name: title });
  await engine.run();
  await engine.run();
  const [row] = await db.select().from(likenesses).where(eq(likenesses.state, 'open'));
  const { id, revision } = row ?? expect.fail('nothing is asked');
  await answerLikeness(db, { id, revision, by: priya, now: engine.clock.now(), answer: 'different' });
  engine.systems.hubspot.edit('hubspot-1', { abn });
  await engine.run();
  const [place] = await db.select().from(links).where(eq(links.externalId, 'hubspot-1'));
  return { engine, asked: await recordOf(engine, abn), living: place?.recordId ?? expect.fail('no link') };
}

const toldOf = async ({ ledger }: MemoryEngine, recordId: string): Promise<string> => {
  const now = await ledger();
  const own = new Set(now.changes.filter((change) => change.recordId === recordId).map(({ id }) => id));
  return JSON.stringify(now.story.filter((line) => own.has(line.changeId)).map(({ data }) => data));
};

describeOnBothDatabases('the name of a record that was erased', (open) => {
  it('stands in the story of another by its id alone, and goes from why that one waits', async () => {
    const { engine, asked, living } = await twoAlike(open);
    const { db } = engine.database;
    expect(await toldOf(engine, living)).toContain(`“${title}”`);
    const kept = JSON.stringify(await db.select().from(story));
    expect(kept).not.toContain(title);
    const waits = async () => (await db.select().from(changes).where(eq(changes.recordId, living))).at(-1);
    expect((await waits())?.holdDetail).toContain(`“${title}”`);
    const gone = { flow: 'customers', recordId: living, connection: 'cin7-core', externalId: 'x-1' };
    const known = { state: 'over' as const, since: engine.clock.now(), mergedInto: title };
    await db.insert(absences).values({ ...gone, ...known });
    await goneFrom(engine, ['xero', 'cin7-core']);
    expect(await erase(engine, asked)).toMatchObject({ kind: 'erased' });
    expect(await tellsOf(engine.database, [title, before])).toEqual([]);
    expect(await toldOf(engine, living)).toContain('“Erased record”');
    expect((await waits())?.holdDetail).toContain('“Erased record”');
  });

  it('goes from examples, the one that it had before too, and the messages that show them are drawn again', async () => {
    const { engine, asked } = await twoAlike(open);
    const { db } = engine.database;
    const now = engine.clock.now();
    const preview = { records: [{ title: before }, { title }] } as never;
    await db
      .update(agreementVersions)
      .set({ preview })
      .where(eq(agreementVersions.version, engine.agreement.version));
    const found = { proofs: [{ lines: [before, wombat.legal_name] }] } as never;
    await db.insert(moneyProofs).values({ flow: 'customers', slot: now, at: now, found, fresh: 1 });
    await db.insert(safetyStops).values({
      flow: 'customers',
      kind: 'writes',
      state: 'open',
      runId: 1,
      revision: 1,
      counts: { records: 1, usual: 1, of: 1 },
      covers: [asked],
      openedAt: now,
    });
    const subjects = [`agreement:${engine.agreement.version}/customers`, 'proof:1', 'safety_stop:1'];
    for (const subject of subjects)
      await announceCard(db, { subject, flow: 'customers', rank: rank.other, now });
    await goneFrom(engine, ['xero', 'cin7-core']);
    const wanted = async () => {
      const rows = await db.select().from(outbox);
      return subjects.map((subject) => rows.find((row) => row.subject === subject)?.wanted ?? 0);
    };
    const earlier = await wanted();
    expect(await erase(engine, asked)).toMatchObject({ kind: 'erased' });
    expect(await tellsOf(engine.database, [title, before])).toEqual([]);
    expect(JSON.stringify(await db.select().from(moneyProofs))).toContain(wombat.legal_name);
    expect(await wanted()).toEqual(earlier.map((n) => n + 1));
  });
});

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '#src/app.ts';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { agreementVersions, changes, conflicts, decisions, records } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { buttonsOf } from '#test/support/person.ts';
import { textOf } from '#test/support/reading.ts';
import { flowId, openTruce, type Truce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

/** People were shown that the e-mails differ, and chose Xero's over HubSpot's, once. */
async function chosen(truce: Truce, n: number): Promise<void> {
  const { clock, priya } = truce;
  const { db } = truce.database;
  const [now, id] = [clock.now(), `tr-7F3K92QDX${n}`];
  await db
    .insert(records)
    .values({ id: `case-${n}`, entity: 'customer', title: `Case ${n}`, createdAt: now });
  await db.insert(changes).values({
    id,
    flow: flowId,
    recordId: `case-${n}`,
    subject: `Case ${n}`,
    state: 'asking',
    revision: 2,
    agreementVersion: 1,
    openedAt: now,
    updatedAt: now,
  });
  const option = (connection: string) => ({
    connection,
    value: `${n}@${connection}.example`,
    asAgreed: false,
    changedAt: null,
    changedBy: null,
  });
  const choice = { value: `${n}@xero.example`, from: 'xero', by: priya.id };
  await db.insert(conflicts).values({
    id: `${id}/email/2`,
    changeId: id,
    recordId: `case-${n}`,
    flow: flowId,
    field: 'email',
    state: 'open',
    options: [option('hubspot'), option('xero')],
    optionsRevision: 2,
    openedAt: now,
    fallback: 'hold',
  });
  const card = { subject: `change:${id}`, flow: flowId, rank: rank.decision, now };
  await announceCard(db, card);
  await truce.message(`Which is right? Case ${n}`);
  const isChange = eq(conflicts.changeId, id);
  const answered = { ...choice, at: now.toISOString() };
  await db.update(conflicts).set({ state: 'confirmed', closedAt: now, chosen: answered }).where(isChange);
  await db.update(changes).set({ state: 'settled', closedAt: now }).where(eq(changes.id, id));
  const about = { conflictId: `${id}/email/2`, changeId: id, field: 'email', revision: 2 };
  await db.insert(decisions).values({ ...about, at: now, agreementVersion: 1, ...choice });
  await announceCard(db, card);
}

describeOn('PostgreSQL', 'what people always choose becomes a rule', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let second: App | null = null;

  beforeAll(async () => {
    truce = await openTruce('PostgreSQL', { webhooks: false });
    second = await truce.another();
  }, 120_000);
  afterAll(async () => {
    await second?.stop();
    await truce?.stop();
  });

  const restartWith = async (edits: Readonly<Record<string, string>>) => {
    await second?.stop();
    second = await truce.another(null, edits);
    return second;
  };
  const states = async () =>
    (await truce.database.db.select().from(agreementVersions).orderBy(agreementVersions.version)).map(
      ({ version, state }) => `${version} ${state}`,
    );
  const emails = () => [
    truce.held('hubspot', 'Platypus Windows', 'Billing email'),
    truce.held('xero', 'Platypus Windows', 'Email'),
  ];
  const apart = async (name: string) => {
    truce.edit('hubspot', 'Platypus Windows', { 'Billing email': `${name}@hubspot.example` });
    truce.edit('xero', 'Platypus Windows', { Email: `${name}@xero.example` });
    // HubSpot lists a change some seconds after it was made.
    truce.clock.advance(20_000);
    await truce.run();
  };

  it('is proposed from a settled message; both owners are asked, with what it would do at once', async () => {
    await apart('first');
    for (const n of [1, 2, 3, 4, 5]) await chosen(truce, n);
    await truce.run();
    const settled = await truce.message('Settled: Case 5');
    await truce.priya.press(settled, 'Always use Xero…');
    const form = await truce.priya.view('5 times in a row people chose Xero’s email over that of HubSpot');
    await truce.priya.submit(form, {});
    await truce.priya.hears('Proposed, as version 2 of the agreement');
    const asked = await truce.message('A rule? Xero decides over the email');
    expect(textOf(asked)).toContain('1 gets another value (Platypus Windows)');
    expect(await states()).toEqual(['1 active', '2 proposed']);
    await until(() => truce.thread(asked).some(({ text }) => text.includes('<@U0TOMW0001> Priya Nair')));
  });

  it('counts in every process once both have approved it, and then it writes', async () => {
    const asked = await truce.message('A rule? Xero decides over the email');
    await truce.priya.press(asked, 'Approve');
    await truce.message(/U0PRIYA001\W+.*approved|approved .*not yet/s);
    expect(await states()).toEqual(['1 active', '2 proposed']);
    expect(emails()).toEqual(['first@hubspot.example', 'first@xero.example']);
    await Promise.all([truce.tom.press(asked, 'Approve'), truce.tom.press(asked, 'Approve')]);
    await until(() => truce.app.agreement().version === 2 && second?.agreement().version === 2);
    await until(() => emails().every((email) => email === 'first@xero.example'));
    const over = await truce.message('Customers: Xero decides over the email from now on.');
    expect(buttonsOf(over)).toEqual([]);
    expect(textOf(over)).toContain('approved by <@U0PRIYA001> and <@U0TOMW0001>');
    await apart('again');
    await until(() => emails().every((email) => email === 'again@xero.example'));
  });

  it('stands when Truce starts again with a file that does not say it; rules and log tell where it comes from', async () => {
    const replica = await restartWith({});
    expect(replica.agreement().version).toBe(2);
    expect(await states()).toEqual(['1 replaced', '2 active']);
    expect(truce.lines.join('\n')).toContain('Both owners agreed in Slack (version 2) what');
    const rules = textOf(await truce.sam.command('/sync rules customers'));
    expect(rules).toContain('Email: Xero decides (agreed in Slack, version 2)');
    expect(rules).toContain('counts until truce.yml says something else of that detail');
  });

  it('ends with a file that says otherwise of that detail, and the message says so', async () => {
    await restartWith({ 'email: { rule: review }': 'email: { rule: latest }' });
    await until(() => truce.app.agreement().version === 3);
    const told = await truce.message('version 3 of the agreement counts from now on');
    expect(textOf(told)).toContain('This ends what both owners agreed in Slack for the email.');
    expect(truce.app.agreement().flows.customers?.fields.email?.rule).toBe('latest');
  });
});

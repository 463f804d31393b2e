import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { activeAgreement, importAgreement, openProposal } from '#src/ledger/agreement/agreements.ts';
import type { Db } from '#src/ledger/db.ts';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { changes, conflicts, decisions, records, story } from '#src/ledger/tables/index.ts';
import { PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement, ask, press, type Stage, stage, wordsOf } from './stage.ts';

const id = (n: number) => `tr-7F3K92QDX${n}`;

/** A question that was shown, and its decision as the ledger has it once it was settled. */
async function decided({ db, side, clock }: Stage, n: number, from: 'xero' | 'hubspot'): Promise<void> {
  const now = clock.now();
  const changeId = await ask(db, now, { id: id(n), title: `Customer ${n}` });
  await side.flush();
  const [question] = await db.select().from(conflicts).where(eq(conflicts.changeId, changeId));
  if (!question) throw new Error('not asked');
  const value = question.options.find(({ connection }) => connection === from)?.value ?? null;
  const choice = { value, from, by: PRIYA };
  await db.insert(decisions).values({
    conflictId: question.id,
    changeId,
    field: question.field,
    at: now,
    revision: 2,
    agreementVersion: 7,
    ...choice,
  });
  const chosen = { ...choice, at: now.toISOString() };
  await db
    .update(conflicts)
    .set({ state: 'confirmed', closedAt: now, chosen })
    .where(eq(conflicts.id, question.id));
  await db.update(changes).set({ state: 'settled', closedAt: now }).where(eq(changes.id, changeId));
  await announceCard(db, { subject: `change:${changeId}`, flow: 'customers', rank: rank.decision, now });
}

/** A change of an address in one system that went everywhere by the rule. */
async function flowed(db: Db, now: Date, n: number, connection: string): Promise<void> {
  const changeId = id(n);
  await db
    .insert(records)
    .values({ id: `r${n}`, entity: 'customer', title: `Customer ${n}`, createdAt: now });
  const rest = { revision: 1, openedAt: now, updatedAt: now, closedAt: now, agreementVersion: 7 };
  await db.insert(changes).values({
    id: changeId,
    flow: 'customers',
    recordId: `r${n}`,
    subject: `Customer ${n}`,
    state: 'settled',
    ...rest,
  });
  await db.insert(story).values([
    { changeId, at: now, kind: 'read', connection, data: { changed: ['billing_address'] } },
    { changeId, at: now, kind: 'ruled', field: 'billing_address', actor: 'rule:review', data: {} },
  ]);
}

describeOnBothDatabases('“Always use Xero…”', (open) => {
  test('is offered after five such choices in a row, shows what it would have done, and says the line that makes it a rule', async () => {
    const on = await stage(open);
    const { db, side, clock, messages, slack } = on;
    await decided(on, 0, 'hubspot');
    for (const n of [1, 2, 3, 4]) await decided(on, n, 'xero');
    await flowed(db, clock.now(), 7, 'xero');
    await flowed(db, clock.now(), 8, 'hubspot');
    await side.flush();
    expect(JSON.stringify(messages())).not.toContain('Always use');
    await decided(on, 5, 'xero');
    await side.flush();
    const offered = messages().filter((one) => JSON.stringify(one).includes('Always use Xero…'));
    expect(offered.map(({ text }) => text)).toEqual([expect.stringContaining('Customer 5')]);

    const [message] = offered;
    if (!message) throw new Error('not offered');
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'Always use Xero…');
    await until(() => window.redrawn().length === 1);
    const words = wordsOf(window.redrawn()[0]?.view.blocks);
    expect(words).toContain('6 the same, 2 different');
    expect(words).toContain('Customer 0: 12 Sample St');
    expect(words).toContain('Customer 8: the change in HubSpot would have been put back');
    expect(words).toContain('billing_address: { rule: overwrite, system_of_record: xero }');
    const other = watch(slack, SAM);
    await press(slack, SAM, message, 'Always use Xero…');
    await until(() => other.redrawn().length === 1);
    expect(wordsOf(other.redrawn()[0]?.view.blocks)).toMatch(/Only .* can decide/);

    await decided(on, 6, 'hubspot');
    await press(slack, PRIYA, message, 'Always use Xero…');
    await until(() => window.redrawn().length === 2);
    expect(wordsOf(window.redrawn()[1]?.view.blocks)).toContain('People have chosen otherwise since');
  });
});

/** A custom, offered in a channel, whose form a decider has before them. */
async function offered(on: Stage) {
  const { db, side, clock, slack } = on;
  const { version: _, ...file } = agreement();
  await importAgreement(db, file, { source: 'truce.yml', now: clock.now() });
  for (const n of [1, 2, 3, 4, 5]) await decided(on, n, 'xero');
  await side.flush();
  const message = on.messages().findLast((one) => JSON.stringify(one).includes('Always use Xero…'));
  if (!message) throw new Error('not offered');
  const window = watch(slack, PRIYA);
  await press(slack, PRIYA, message, 'Always use Xero…');
  await until(() => window.redrawn().length === 1);
  return { message, viewId: window.redrawn()[0]?.id ?? '' };
}
const said = ({ messages }: Stage, words: string) =>
  messages().filter((one) => JSON.stringify(one).includes(words));
const ruled = async (db: Db) =>
  (await activeAgreement(db))?.flows.customers?.fields.billing_address?.rule ?? null;

describeOnBothDatabases('a rule that is proposed on a settled message', (open) => {
  test('asks both owners, counts once both approved it, and says where it stands', async () => {
    const on = await stage(open);
    const { db, side, slack } = on;
    const { viewId } = await offered(on);
    const [priya, sam] = [watch(slack, PRIYA), watch(slack, SAM)];
    await slack.submit({ as: PRIYA, viewId, values: {} });
    await until(() => priya.messages().length > 0);
    expect(priya.messages()[0]?.text).toContain('Proposed, as version 2');
    await side.flush();
    const [asked] = said(on, 'A rule? Xero decides over the billing address');
    if (!asked) throw new Error('nobody was asked');
    expect(wordsOf(asked.blocks)).toContain('all 5 cases would have ended the same');
    // Who proposed it knows; the other owner is called, in the thread.
    const calls = said(on, 'It needs your word').map(({ text }) => text);
    expect(calls).toEqual([expect.stringContaining(`<@${TOM}> Priya Nair proposes a rule`)]);

    await press(slack, SAM, asked, 'Approve');
    await until(() => sam.messages().some(({ text }) => /Only .* can/.test(text)));
    await press(slack, TOM, asked, 'Approve');
    await expect
      .poll(async () => Object.keys((await openProposal(db))?.approvals ?? {}))
      .toEqual(['customers/technical']);
    expect(await ruled(db)).toBe('review');
    await press(slack, PRIYA, asked, 'Approve');
    await expect.poll(() => ruled(db)).toBe('overwrite');
    await side.flush();
    const [over] = said(on, 'Xero decides over the billing address from now on');
    expect(wordsOf(over?.blocks)).toContain('billing_address: { rule: overwrite, system_of_record: xero }');
    expect(on.wakes.map(({ flow }) => flow)).toContain('customers');
  });

  test('is refused by one owner, told in the message, and offered again only after as many choices since', async () => {
    const on = await stage(open);
    const { db, side, clock, slack } = on;
    const { message, viewId } = await offered(on);
    await slack.submit({ as: PRIYA, viewId, values: {} });
    await expect.poll(() => openProposal(db)).not.toBeNull();
    await side.flush();
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'Always use Xero…');
    await until(() => window.redrawn().length === 1);
    expect(wordsOf(window.redrawn()[0]?.view.blocks)).toContain('It is proposed already');

    const [asked] = said(on, 'A rule? Xero decides');
    if (!asked) throw new Error('nobody was asked');
    clock.advance(60_000);
    await press(slack, TOM, asked, 'Refuse');
    await expect.poll(() => openProposal(db)).toBeNull();
    await side.flush();
    expect(wordsOf(said(on, 'was refused')[0]?.blocks)).toContain('People go on choosing');
    for (const n of [6, 7]) await decided(on, n, 'xero');
    await side.flush();
    expect(said(on, 'Customer 7').map((one) => JSON.stringify(one))).toEqual([
      expect.not.stringContaining('Always use'),
    ]);
    await press(slack, PRIYA, message, 'Always use Xero…');
    await until(() => window.redrawn().length === 2);
    expect(wordsOf(window.redrawn()[1]?.view.blocks)).toContain('People have chosen otherwise since');
    expect(await ruled(db)).toBe('review');
  });
});

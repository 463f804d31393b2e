import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Db } from '#src/ledger/db.ts';
import { announceLikeness, type Likeness } from '#src/ledger/questions/likenesses.ts';
import { likenesses, links, records } from '#src/ledger/tables/index.ts';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import { GUEST, PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { press, stage, wordsOf } from './stage.ts';

const tomDecides = { deciders: [{ id: 'tom', name: 'Tom Walsh', slack: TOM, knownAs: [] }] };

/** Two records that look alike, as the engine leaves them in the ledger. */
async function ask(db: Db, now: Date, more: Partial<Likeness> = {}): Promise<Likeness> {
  const n = (await db.$count(likenesses)) + 1;
  const place = (connection: string, id: string) => ({ connection, role: 'main', externalId: id });
  const [left, right] = [`l-${n}`, `r-${n}`];
  for (const [id, connection] of [
    [left, 'hubspot'],
    [right, 'xero'],
  ] as const) {
    await db.insert(records).values({ id, entity: 'customer', title: `Timber ${n}`, createdAt: now });
    await db.insert(links).values({
      ...place(connection, id),
      recordId: id,
      how: 'alone',
      linkedAt: now,
      url: `https://${connection}.example/${id}`,
    });
  }
  const [row] = await db
    .insert(likenesses)
    .values({
      flow: 'customers',
      state: 'open',
      leftRecord: left,
      rightRecord: right,
      leftPlaces: [place('hubspot', left)],
      rightPlaces: [place('xero', right)],
      leftTitle: `Timber ${n}`,
      rightTitle: `Timber ${n} Pty Ltd`,
      evidence: [
        { field: 'abn', left: null, right: '51 824 753 556', says: 'missing' },
        { field: 'name', left: 'Timber', right: 'Timber Pty Ltd', says: 'same' },
        { field: 'email', left: 'a@timber.example', right: 'A@timber.example', says: 'same' },
      ],
      points: 4,
      revision: 1,
      askedAt: now,
      checkedAt: now,
      ...more,
    })
    .returning();
  if (!row) throw new Error('not asked');
  await announceLikeness(db, row, now);
  return row;
}

const only = (messages: readonly PageMessage[]): PageMessage => {
  const [message, ...others] = messages;
  if (!message || others.length > 0) throw new Error(`${messages.length} messages`);
  return message;
};
const rowOf = async (db: Db, id: number) => {
  const [row] = await db.select().from(likenesses).where(eq(likenesses.id, id));
  return row;
};

describeOnBothDatabases('“same customer?” in Slack', (open) => {
  test('is asked with both side by side, in words, and shows no personal value', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const message = only(messages());
    const words = wordsOf(message.blocks);
    expect(message.text).toBe('Same customer? Timber 1 and Timber 1 Pty Ltd. A person has to say.');
    expect(words).toContain('Same email (hidden)');
    expect(words).toContain('51 824 753 556 in Xero, none in HubSpot');
    expect(JSON.stringify(message)).toContain('https://xero.example/r-1');
    expect(JSON.stringify(message)).not.toMatch(/timber\.example/i);
    expect(slack.notificationsFor(PRIYA)).toEqual([]);
  });

  test('shows its hidden values to who may answer, and to nobody else', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const message = only(messages());
    for (const [who, sees] of [
      [PRIYA, true],
      [SAM, false],
    ] as const) {
      const window = watch(slack, who);
      await press(slack, who, message, 'Show');
      await until(() => window.redrawn().length === 1);
      expect(/a@timber\.example/i.test(wordsOf(window.redrawn()[0]?.view.blocks))).toBe(sees);
    }
  });

  test('is answered once, wakes both records, and can be undone', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    const { id } = await ask(db, clock.now());
    await side.flush();
    await press(slack, PRIYA, only(messages()), 'Different');
    await until(() => wakes.length === 1);
    const wake = { flow: 'customers', trigger: 'decision', askedBy: PRIYA, targets: ['l-1', 'r-1'] };
    expect(wakes).toEqual([wake]);
    await side.flush();
    expect(only(messages()).text).toBe('Two customers: Timber 1 and Timber 1 Pty Ltd.');
    expect(await rowOf(db, id)).toMatchObject({ state: 'different', answeredBy: PRIYA });
    await press(slack, PRIYA, only(messages()), 'Undo');
    await until(() => wakes.length === 2);
    await side.flush();
    expect(only(messages()).text).toBe('Undone: Timber 1 and Timber 1 Pty Ltd.');
    expect(wordsOf(only(messages()).blocks)).toContain('Truce asks again if they still look alike.');
    expect(await rowOf(db, id)).toMatchObject({ state: 'different', undoneBy: PRIYA });
  });

  test('of two people at once one is heard; the other is told who was faster', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open, { flow: tomDecides });
    await ask(db, clock.now());
    await side.flush();
    const message = only(messages());
    const windows = [watch(slack, PRIYA), watch(slack, TOM)];
    await Promise.all([press(slack, PRIYA, message, 'Same'), press(slack, TOM, message, 'Different')]);
    const heard = () => windows.flatMap((window) => window.messages().filter((one) => one.ephemeral));
    await until(() => heard().length === 1);
    expect(heard()[0]?.text).toMatch(/already chose (Same|Different) at/);
    expect(wakes).toHaveLength(1);
  });

  test('on evidence that moved since is refused, and the message shows the new one', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    const { id } = await ask(db, clock.now());
    await side.flush();
    await db.update(likenesses).set({ revision: 2 }).where(eq(likenesses.id, id));
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, only(messages()), 'Same');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toMatch(/after this message was drawn. Nothing was saved/);
    expect(wakes).toEqual([]);
  });

  test.each([
    ['a bystander', SAM, /Only <@U0PRIYA001> can decide this/],
    ['a guest', GUEST, /open to members of this workspace only/],
  ])('is refused to %s, kindly', async (_, who, words) => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    const { id } = await ask(db, clock.now());
    await side.flush();
    const window = watch(slack, who);
    await press(slack, who, only(messages()), 'Same');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toMatch(words);
    expect(wakes).toEqual([]);
    expect((await rowOf(db, id))?.state).toBe('open');
  });

  test('beyond five waits in line, the most alike first; withdrawn ones make room and were never shown', async () => {
    const { db, side, clock, messages } = await stage(open, { started: false });
    for (let n = 1; n <= 8; n++) await ask(db, clock.now(), { points: n });
    await side.start();
    await side.flush();
    const shown = () =>
      messages()
        .flatMap(({ text }) => /^Same customer\? (Timber \d)/.exec(text)?.[1] ?? [])
        .sort();
    expect(shown()).toEqual(['Timber 4', 'Timber 5', 'Timber 6', 'Timber 7', 'Timber 8']);
    const counts = () => messages().find(({ text }) => text.includes('alike'))?.text;
    expect(counts()).toBe('Customers: 8 pairs of customers look alike. 5 are shown, 3 wait in line.');
    for (const [title, note] of [
      ['Timber 8', 'they are one by now'],
      ['Timber 3', 'they no longer look alike'],
    ] as const)
      await db.update(likenesses).set({ state: 'withdrawn', note }).where(eq(likenesses.leftTitle, title));
    const [eighth] = await db.select().from(likenesses).where(eq(likenesses.leftTitle, 'Timber 8'));
    if (eighth) await announceLikeness(db, eighth, clock.now());
    await side.flush();
    expect(shown()).toEqual(['Timber 2', 'Timber 4', 'Timber 5', 'Timber 6', 'Timber 7']);
    expect(counts()).toBe('Customers: 6 pairs of customers look alike. 5 are shown, 1 wait in line.');
    expect(messages().some(({ text }) => text.startsWith('No answer needed any more: Timber 8'))).toBe(true);
    expect(messages().some(({ text }) => text.includes('Timber 3'))).toBe(false);
  });
});

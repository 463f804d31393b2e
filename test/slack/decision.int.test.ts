import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { agreed, changes, conflicts, decisions } from '#src/ledger/tables/index.ts';
import { FOREIGN, GUEST, PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { ask, press, stage, wordsOf } from './stage.ts';

describeOnBothDatabases('a decision in Slack', (open) => {
  test('is asked with one button for each changed value, and no mention', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    const words = wordsOf(message?.blocks);
    expect(words).toContain('Which is right? Example Timber Pty Ltd');
    expect(words).toContain('12 Sample St, Melbourne VIC 3000');
    expect(words).toContain('(as agreed before)');
    expect(words).toContain('tr-7F3K92QDXB');
    expect(message?.text).toBe('Decision needed: Example Timber Pty Ltd. Billing address differs.');
    expect(slack.notificationsFor(PRIYA)).toEqual([]);
  });

  test('is taken once, wakes its record, and the message says it is being saved', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    expect(await press(slack, PRIYA, message, 'Use Xero')).toEqual({ ok: true });
    await until(() => wakes.length === 1);
    expect(wakes).toEqual([
      { flow: 'customers', trigger: 'decision', askedBy: PRIYA, targets: ['r-tr-7F3K92QDXB'] },
    ]);
    await side.flush();
    const [after] = messages();
    expect(messages()).toHaveLength(1);
    expect(after?.text).toBe('Saving: Example Timber Pty Ltd. Billing address.');
    expect(wordsOf(after?.blocks)).toContain('8 Example Rd');
    expect(await db.select().from(decisions)).toMatchObject([{ by: PRIYA, from: 'xero' }]);
  });

  test('of two people at once is exactly one; the other hears who was faster', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open, {
      flow: { deciders: [{ id: 'tom', name: 'Tom Walsh', slack: TOM, knownAs: [] }] },
    });
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    const windows = [watch(slack, PRIYA), watch(slack, TOM)];
    await Promise.all([press(slack, PRIYA, message, 'Use Xero'), press(slack, TOM, message, 'Use HubSpot')]);
    const heard = () => windows.flatMap((window) => window.messages().filter((one) => one.ephemeral));
    await until(() => heard().length === 1);
    expect(heard()[0]?.text).toMatch(/already chose (Xero|HubSpot) at/);
    expect(await db.select().from(decisions)).toHaveLength(1);
    expect(wakes).toHaveLength(1);
  });

  test.each([
    ['a bystander', SAM, /Only <@U0PRIYA001> can decide this/],
    ['a guest', GUEST, /open to members of this workspace only/],
  ])('is refused to %s, kindly', async (_, who, words) => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    const window = watch(slack, who);
    await press(slack, who, message, 'Use Xero');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.ephemeral).toBe(true);
    expect(window.messages()[0]?.text).toMatch(words);
    expect(wakes).toEqual([]);
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('is refused to somebody of another workspace in a shared channel', async () => {
    const { db, side, clock, slack } = await stage(open, { flow: { channel: 'freight-partner' } });
    await ask(db, clock.now());
    await side.flush();
    const message = slack.messagesFor(FOREIGN).find((one) => one.channel === 'C0FREIGHT1');
    if (!message) throw new Error('no message');
    const window = watch(slack, FOREIGN);
    await press(slack, FOREIGN, message, 'Use Xero');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toMatch(/members of this workspace only/);
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('on values that moved since is refused, and the message shows the new ones', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    await db.update(conflicts).set({ optionsRevision: 3 });
    await db.update(changes).set({ revision: 3 });
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'Use Xero');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toMatch(/after this message was drawn. Nothing was saved/);
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('for another value opens a form at once, which keeps what was agreed before', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now());
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'Other…');
    await until(() => window.redrawn().length === 1);
    const [view] = window.redrawn();
    expect(wordsOf(view?.view.blocks)).toContain('Keep as agreed before: 4 Specimen Ln');
    await slack.submit({ as: PRIYA, viewId: view?.id ?? '', values: { choice: { choice: 'keep' } } });
    await until(() => window.closed().length === 1);
    await side.flush();
    await until(() => messages()[0]?.text.startsWith('Saving') ?? false);
    expect(await db.select().from(decisions)).toMatchObject([{ from: 'agreed' }]);
  });

  test('shows what looks odd beside what was agreed, and stops nobody from choosing it', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    const id = await ask(db, clock.now(), {
      field: 'acn',
      values: { hubspot: '000 000 019', xero: '004 085 616' },
      before: null,
    });
    await db.insert(agreed).values({
      recordId: `r-${id}`,
      field: 'abn',
      value: '53 004 085 616',
      settledAt: clock.now(),
      settledBy: 'same',
      agreementVersion: 7,
    });
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    const words = wordsOf(message.blocks);
    expect(words).toContain(
      'Please check: The ABN 53 004 085 616 holds the ACN 004 085 616, not 000 000 019.',
    );
    expect(words.match(/Please check/g)).toHaveLength(1);
    expect(await press(slack, PRIYA, message, '000 000 019')).toEqual({ ok: true });
    await until(() => wakes.length === 1);
  });

  test('with an ABN that is none is refused in the form, with the reason', async () => {
    const { db, side, clock, messages, slack } = await stage(open);
    await ask(db, clock.now(), {
      field: 'abn',
      values: { hubspot: '51824753556', xero: '53004085616' },
      before: null,
    });
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'Other…');
    await until(() => window.redrawn().length === 1);
    const [view] = window.redrawn();
    const values = { 'typed/value/text': { typed: '51 824 753 557' } };
    await slack.submit({ as: PRIYA, viewId: view?.id ?? '', values });
    await until(() => window.redrawn().length === 2);
    expect(Object.values(window.redrawn()[1]?.errors ?? {}).join()).toMatch(/ABN/);
    expect(await db.select().from(decisions)).toEqual([]);
    await slack.submit({
      as: PRIYA,
      viewId: view?.id ?? '',
      values: { 'typed/value/text': { typed: '83 914 571 673' } },
    });
    await until(() => window.closed().length === 1);
    for (let tries = 0; tries < 100 && (await db.select().from(decisions)).length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [decision] = await db.select().from(decisions);
    expect(decision?.from).toBe('other');
    expect(String(decision?.value).replace(/\D/g, '')).toBe('83914571673');
  });

  test('beyond five waits in line behind a message that counts, and moves up when one closes', async () => {
    const { db, side, clock, messages } = await stage(open);
    for (let n = 0; n < 8; n++) {
      clock.advance(1000);
      await ask(db, clock.now(), { id: `tr-000000000${n}`, title: `Customer ${n}` });
    }
    await side.flush();
    const heads = () => messages().map((message) => message.text.replace(/\..*/, ''));
    expect(heads().filter((text) => text.startsWith('Decision needed'))).toHaveLength(5);
    expect(messages().find((message) => message.text.includes('wait in line'))?.text).toBe(
      'Customers: 8 decisions wait. 5 are shown, 3 wait in line.',
    );
    await db
      .update(conflicts)
      .set({ state: 'withdrawn', closedAt: clock.now() })
      .where(eq(conflicts.changeId, 'tr-0000000000'));
    await db
      .update(changes)
      .set({ state: 'withdrawn', closedAt: clock.now() })
      .where(eq(changes.id, 'tr-0000000000'));
    await side.flush();
    expect(heads()).toContain('Decision needed: Customer 5');
    expect(messages().find((message) => message.text.includes('wait in line'))?.text).toBe(
      'Customers: 7 decisions wait. 5 are shown, 2 wait in line.',
    );
  });
});

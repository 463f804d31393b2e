import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { likenesses, links, outbox, recordKeys, records } from '#src/ledger/tables/index.ts';
import type { PageView } from '#src/playground/page-server/api.ts';
import { PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { ask, noon, press, type Stage, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const title = 'Example Timber Pty Ltd';
const record = 'r-tr-7F3K92QDXB';

/** Types a command as somebody, and waits for the answer. */
async function type({ slack }: Stage, as: string, text: string, channel = 'C0SYNCCUST') {
  const window = watch(slack, as);
  await slack.command({ as, channel, threadTs: null, text });
  const heard = () => window.messages().filter((message) => message.ephemeral);
  await until(() => heard().length > 0);
  return {
    window,
    heard,
    text: wordsOf(heard()[0]?.blocks),
    message: heard()[0] ?? expect.fail('no answer'),
  };
}

/** A question about a customer that has gone from every system since. */
async function gone(on: Stage): Promise<string> {
  const id = await ask(on.db, noon);
  await on.side.flush();
  await on.db.update(links).set({ how: 'gone', archived: true }).where(eq(links.recordId, record));
  return id;
}

describeOnBothDatabases('/sync forget', (open) => {
  test('refuses while a system has the record, and says which', async () => {
    const on = await stage(open);
    await ask(on.db, noon);
    const { text } = await type(on, PRIYA, '/sync forget example timber');
    expect(text).toContain('is still in Cin7 Core, HubSpot and Xero');
    expect(text).toContain('Nothing was erased.');
    expect(await on.db.select().from(recordKeys)).toEqual([]);
  });

  test('is for the business owner alone, and helps who types nothing, or something else', async () => {
    const on = await stage(open);
    await gone(on);
    expect((await type(on, TOM, '/sync forget example timber')).text).toContain(`Only <@${PRIYA}> can`);
    expect((await type(on, SAM, '/sync forget example timber')).text).toContain('I find no record');
    expect((await type(on, PRIYA, '/sync forget')).text).toContain('forget "Harbour Cafe"');
    expect((await type(on, PRIYA, '/sync forget wombat')).text).toContain('I find no record “wombat”');
    expect(await on.db.select().from(recordKeys)).toEqual([]);
  });

  test('says what goes and what stays, asks twice, and then answers in plain words whatever is asked of it', async () => {
    const on = await stage(open);
    const id = await gone(on);
    const { text, message } = await type(on, PRIYA, '/sync forget "Example Timber"');
    expect(text).toContain('It is gone from Cin7 Core, HubSpot and Xero.');
    expect(await on.db.select().from(recordKeys)).toEqual([]);
    const view = await openedForm(on, message);
    expect(wordsOf(view.view.blocks)).toContain('What is erased:');
    expect(await on.db.select().from(recordKeys)).toEqual([]);

    const window = watch(on.slack, PRIYA);
    await on.slack.submit({ as: PRIYA, viewId: view.id, values: {} });
    await until(() => window.messages().some((one) => one.ephemeral && one.text.includes('is erased')));
    expect(await on.db.select().from(recordKeys)).toMatchObject([{ recordId: record, erasedBy: PRIYA }]);
    await on.side.flush();
    const [posted] = on.messages();
    expect(wordsOf(posted?.blocks)).not.toContain('Timber');
    expect(JSON.stringify(posted)).not.toMatch(/Timber|Sample St|Example Rd|Specimen/);
    const [told] = await on.db.select().from(outbox).where(eq(outbox.template, 'erased'));
    expect(told?.params).toMatchObject({ to: PRIYA });
    const [row] = await on.db.select().from(records).where(eq(records.id, record));
    expect(row).toMatchObject({ title: 'Erased record', keyValue: null });

    expect((await type(on, PRIYA, `/sync lookup ${id}`)).text).toContain('Erased record');
    expect((await type(on, PRIYA, `/sync lookup hubspot-${id}`)).text).toContain('was erased by Priya Nair');
    expect((await type(on, PRIYA, `/sync why ${id} email`)).text).toContain(
      'Nobody can read its values any more',
    );
    expect((await type(on, PRIYA, `/sync rollback ${id}`)).text).toContain('was erased by Priya Nair');
    expect((await type(on, PRIYA, `/sync forget hubspot-${id}`)).text).toContain('was erased by Priya Nair');
    expect((await type(on, PRIYA, '/sync status')).text).not.toContain(title);
  });
});

describeOnBothDatabases('/sync forget, of a record that a person said is one with another', (open) => {
  test('tells of the one that goes on, and erases nothing as long as that is in use', async () => {
    const on = await stage(open);
    const id = await ask(on.db, noon);
    await on.side.flush();
    const taken = { id: 'r-taken', entity: 'customer', title: 'Timber in the CRM', keyValue: null };
    await on.db.insert(records).values({ ...taken, createdAt: noon });
    await on.db.insert(likenesses).values(joinedTo(taken));
    const inUse = (await type(on, PRIYA, '/sync forget "timber in the crm"')).text;
    expect(inUse).toContain(`“Timber in the CRM” is the same customer as “${title}”.`);
    expect(inUse).toContain('is still in Cin7 Core, HubSpot and Xero');
    await on.db.update(links).set({ how: 'gone', archived: true }).where(eq(links.recordId, record));
    const { text, message } = await type(on, PRIYA, '/sync forget timber');
    expect(text).toContain(`Erase ${title}?`);
    const view = await openedForm(on, message);
    const window = watch(on.slack, PRIYA);
    await on.slack.submit({ as: PRIYA, viewId: view.id, values: {} });
    await until(() => window.messages().some((one) => one.ephemeral && one.text.includes('is erased')));
    const erased = await on.db.select().from(records).orderBy(records.id);
    expect(erased.map((one) => one.title)).toEqual(['Erased record', 'Erased record']);
    expect((await type(on, PRIYA, `/sync forget ${id}`)).text).toContain('was erased by Priya Nair');
  });
});

/** The likeness by which a record was taken into the one that the question is about. */
const joinedTo = (taken: { readonly id: string; readonly title: string }) => ({
  flow: 'customers',
  state: 'same' as const,
  leftRecord: record,
  rightRecord: taken.id,
  leftPlaces: [],
  rightPlaces: [],
  leftTitle: title,
  rightTitle: taken.title,
  evidence: [],
  points: 3,
  revision: 2,
  askedAt: noon,
  checkedAt: noon,
  answeredBy: PRIYA,
  answeredAt: noon,
  joined: {
    kept: record,
    taken: taken.id,
    at: noon.toISOString(),
    keptKey: null,
    takenRecord: { title: taken.title, keyValue: null },
    moved: [],
    gaveWay: [],
  },
});

describeOnBothDatabases('/sync forget in a channel without Truce', (open) => {
  test('erases, and says the reference directly', async () => {
    const on = await stage(open);
    await gone(on);
    const { message } = await type(on, PRIYA, '/sync forget "Example Timber"', 'C0FINANCE1');
    const view = await openedForm(on, message);
    await on.slack.submit({ as: PRIYA, viewId: view.id, values: {} });
    const direct = () => on.slack.messagesFor(PRIYA).filter(({ channel }) => channel.startsWith('D'));
    await until(() => direct().length > 0);
    expect(direct().map(({ text }) => text)).toEqual([expect.stringMatching(/is erased.*tr-[0-9A-Z]{10}/s)]);
    expect(await on.db.select().from(recordKeys)).toMatchObject([{ recordId: record, erasedBy: PRIYA }]);
  });

  test('erases all the same where no answer can be delivered', async () => {
    const on = await stage(open);
    await gone(on);
    const view = await openedForm(on, (await type(on, PRIYA, '/sync forget "Example Timber"')).message);
    for (const method of ['chat.postEphemeral', 'chat.postMessage']) on.slack.failNext(method, 'fatal_error');
    await on.slack.submit({ as: PRIYA, viewId: view.id, values: {} });
    await expect.poll(() => on.db.select().from(recordKeys), { timeout: 15_000 }).toHaveLength(1);
  });
});

async function openedForm({ slack }: Stage, message: Parameters<typeof press>[2]): Promise<PageView> {
  const window = watch(slack, PRIYA);
  await press(slack, PRIYA, message, 'See what is erased…');
  await until(() => window.redrawn().length > 0);
  return window.redrawn()[0] ?? expect.fail('no form');
}

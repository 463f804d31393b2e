import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage, PageView } from '#src/playground/page-server/api.ts';
import { buttonsOf, type Person } from '#test/support/person.ts';
import { readable, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('decisions, in Slack', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const street = (system: 'hubspot' | 'xero' | 'cin7-core', name: string) =>
    truce
      .card(system, name)
      .fields.find((field) => /street|billing address|address line 1/i.test(field.label))?.value;
  const labels = (message: PageMessage) => buttonsOf(message).map(({ label }) => label);
  /** The message as it is now. */
  const now = ({ ts }: PageMessage) => truce.channelMessages().find((one) => one.ts === ts) as PageMessage;
  const becomes = (message: PageMessage, words: string | RegExp) =>
    until(() => {
      const text = textOf(now(message));
      return (typeof words === 'string' ? text.includes(words) : words.test(text)) ? now(message) : undefined;
    });

  it('a settled decision is undone from its own message, which says so, and lets the sync go on', async () => {
    const { priya, sam } = truce;
    const before = street('cin7-core', 'Bellbird');
    truce.edit('hubspot', 'Bellbird', { 'Street address': '27 Foundry Lane' });
    truce.edit('xero', 'Bellbird', { 'Billing address': '4 Wharf Road' });
    const asked = await truce.message('Which is right? Bellbird');
    await priya.press(asked, 'Use Xero');
    const settled = await becomes(asked, /Settled: Bellbird[\s\S]*\[Undo…\]/);
    expect((await sam.pressAndRead(settled, 'Undo…')).text).toContain('Nothing that you may see');

    await priya.press(settled, 'Undo…');
    const preview = await priya.hears('Undo 2 values of 1 customer?');
    expect(textOf(preview)).toContain('27 Foundry Lane');
    expect(street('hubspot', 'Bellbird')).toBe('4 Wharf Road');
    await priya.press(preview, 'Undo these 2 values');
    const undone = await becomes(asked, 'Undone: Bellbird');
    expect(textOf(undone)).toContain('By Priya Nair');
    expect(textOf(undone)).toMatch(/27 Foundry Lane.* again, in HubSpot/);
    expect(textOf(undone)).toContain('1 detail is put aside');
    expect(labels(undone)).toEqual(['Let the sync go on']);
    expect([
      street('hubspot', 'Bellbird'),
      street('xero', 'Bellbird'),
      street('cin7-core', 'Bellbird'),
    ]).toEqual(['27 Foundry Lane', '4 Wharf Road', before]);

    await priya.press(undone, 'Let the sync go on');
    const again = await truce.message('Which is right? Bellbird');
    expect(again.ts).not.toBe(asked.ts);
    expect(labels(await becomes(asked, 'The sync goes on with what the systems have now'))).toEqual([]);
    await priya.press(again, 'Use HubSpot');
    await becomes(again, /Settled: Bellbird/);
  });

  it('Later answers one person alone; Ask who changed it calls the editor in the thread, once', async () => {
    const { priya, sam, tom } = truce;
    truce.edit('hubspot', 'Platypus Windows', { 'Street address': '1 First St' }, 'Tom Walsh');
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '2 Second St' });
    const asked = await truce.message('Which is right? Platypus Windows');
    const before = textOf(asked);
    expect((await sam.pressAndRead(asked, 'Later…')).text).toMatch(/Only .* can decide/);
    await priya.press(asked, 'Later…');
    const when = await priya.hears('When shall I remind you of Platypus Windows');
    await priya.press(when, /am$/);
    await priya.hears('Good: I remind you of Platypus Windows');
    expect(textOf(now(asked))).toBe(before);
    expect(truce.thread(asked)).toEqual([]);

    await priya.press(asked, 'Ask who changed it');
    const answer = await priya.hears('I asked Tom Walsh about the billing address');
    expect(textOf(answer)).toContain('Xero does not tell who changed the billing address');
    const [line] = await until(() => (truce.thread(asked).length > 0 ? truce.thread(asked) : undefined));
    expect(line?.text).toContain(`<@${tom.id}> Priya Nair asks: you changed the billing address in HubSpot.`);
    expect(tom.notifications().some((one) => one.includes('Priya Nair asks'))).toBe(true);
    await priya.press(asked, 'Ask who changed it');
    await priya.hears('was asked about the billing address already');
    expect(truce.thread(asked)).toHaveLength(1);
    await priya.press(asked, 'Use Xero');
    await becomes(asked, /Settled: Platypus Windows/);
  });

  it('many at once: the form leafs through them, one answer serves all that are alike, and what moved is left out', async () => {
    const { priya, sam } = truce;
    const names = truce
      .vendor('hubspot')
      .cards()
      .slice(60, 68)
      .map(({ title }) => title);
    for (const [i, name] of names.entries()) {
      truce.edit('hubspot', name, { 'Street address': `${i + 1} First St` });
      truce.edit('xero', name, { 'Billing address': `${i + 1} Second St` });
    }
    const queue = await truce.message('Customers: 8 decisions wait');
    // Both edits of each are read: a page drawn before that would be outdated.
    await truce.run();
    await sam.press(queue, 'Review');
    await sam.view(/Only .* can decide/);
    await priya.press(queue, 'Review');
    const first = await priya.view(/\(1 of 8\)/);
    expect(readable(first.view.blocks)).toContain('[Same for all 8…]');
    await pressIn(priya, first, 'Next');
    const second = await priya.view(/\(2 of 8\)/);
    await pressIn(priya, second, 'Use HubSpot');
    const after = await priya.view(/\(2 of 7\)/);
    await pressIn(priya, after, 'Back');
    const again = await priya.view(/\(1 of 7\)/);

    await pressIn(priya, again, 'Same for all 7…');
    const which = await priya.view('7 customers');
    await pressIn(priya, which, 'Use Xero');
    const preview = await priya.view('Save these 7');
    expect(readable(preview.view.blocks)).toContain('7 to HubSpot and 7 to Cin7 Core');
    // Neither the one on the page nor the one that was decided on its own.
    const shown = [second, again].map(({ view }) => readable(view.blocks)).join();
    const moved =
      names.find((name) => !shown.includes(name) && street('hubspot', name)?.endsWith('First St')) ?? '';
    const isFirst = /\d+ First St/.exec(street('hubspot', moved) ?? '');
    expect(isFirst).not.toBeNull();
    truce.edit('hubspot', moved, { 'Street address': '99 Moved Ave' });
    await until(async () => /99 Moved Ave/.test(await optionsOf(moved)));
    await pressIn(priya, preview, 'Save these 7');
    const done = await priya.view('6 customers decided');
    expect(readable(done.view.blocks)).toContain('a value changed meanwhile');
    const others = names.filter((name) => name !== moved);
    await until(
      () =>
        others.filter((name) =>
          [street('hubspot', name), street('cin7-core', name)].every((one) => one?.endsWith('Second St')),
        ).length === 6,
      60_000,
    );
    expect(street('hubspot', moved)).toBe('99 Moved Ave');
    await pressIn(priya, done, 'On to the others');
    const last = await priya.view('[Use Xero]');
    expect(readable(last.view.blocks)).toContain('99 Moved Ave');
    await pressIn(priya, last, 'Use Xero');
    await priya.view('Nothing waits for you here any more');
  }, 120_000);

  /** What the open question of a customer has to choose from. */
  async function optionsOf(name: string): Promise<string> {
    const [row] = await truce.database.db.execute<{ options: unknown }>(
      `select options from conflicts join changes on changes.id = change_id where subject = '${name}' and conflicts.state = 'open'`,
    );
    return JSON.stringify(row?.options ?? null);
  }
  /** Presses a button of a form. */
  async function pressIn(person: Person, { id, view }: PageView, label: string): Promise<void> {
    const button = buttonsOf({ blocks: view.blocks as PageMessage['blocks'] }).find(
      (one) => one.label === label,
    );
    if (!button) throw new Error(`there is no ${label} in ${readable(view.blocks)}`);
    const { blockId, actionId, value } = button;
    const place = { channel: null, ts: null, viewId: id };
    await truce.practice.slack.action({ as: person.id, ...place, blockId, actionId, value, values: {} });
  }
});

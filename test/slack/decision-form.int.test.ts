import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { forgetPreviews, keepPreview, manyAnswer, takePreview } from '#src/ledger/questions/many-answers.ts';
import { changes, conflicts, decisions } from '#src/ledger/tables/index.ts';
import type { PageMessage, PageView } from '#src/playground/page-server/api.ts';
import type { PracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { PRIYA, SAM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { buttonsOf } from '#test/support/person.ts';
import { ask, press, stage, wordsOf } from './stage.ts';

const long = `Level 12, Tower Two, ${'Example Exchange, '.repeat(12)}Melbourne`;

/** Presses a button of a form. */
function pressIn(slack: PracticeSlack, as: string, { id, view }: PageView, label: string | RegExp) {
  const found = buttonsOf({ blocks: view.blocks as PageMessage['blocks'] }).find((one) =>
    typeof label === 'string' ? one.label === label : label.test(one.label),
  );
  if (!found) throw new Error(`there is no ${label}`);
  const { blockId, actionId, value } = found;
  return slack.action({ as, channel: null, ts: null, viewId: id, blockId, actionId, value, values: {} });
}

describeOnBothDatabases('the form of a decision', (open) => {
  test('shows each value whole, and hidden ones to who may decide; a press in it counts as one on the message', async () => {
    const { db, side, clock, messages, slack, wakes } = await stage(open);
    const id = await ask(db, clock.now(), {
      field: 'legal_name',
      values: { hubspot: long, xero: 'Example' },
      before: 'Old',
    });
    await ask(db, clock.now(), {
      id,
      field: 'email',
      values: { hubspot: 'a@sample.example', xero: 'b@sample.example' },
      before: null,
    });
    await side.flush();
    const [message] = messages();
    if (!message) throw new Error('no message');
    expect(wordsOf(message.blocks)).not.toContain('Melbourne');
    expect(wordsOf(message.blocks)).not.toContain('sample.example');
    const sam = watch(slack, SAM);
    await press(slack, SAM, message, 'See all');
    await until(() => sam.redrawn().length === 1);
    expect(wordsOf(sam.redrawn()[0]?.view.blocks)).toMatch(/Only .* can decide/);

    const priya = watch(slack, PRIYA);
    await press(slack, PRIYA, message, 'See all');
    const shown = (n: number) =>
      until(() => priya.redrawn().length === n).then(() => priya.redrawn()[n - 1] as PageView);
    const first = await shown(1);
    expect(wordsOf(first.view.blocks)).toContain('Exchange, Melbourne');
    expect(wordsOf(first.view.blocks)).toContain('b@sample.example');
    await pressIn(slack, PRIYA, first, 'b@sample.example');
    const second = await shown(2);
    expect(await db.select().from(decisions)).toMatchObject([{ field: 'email', from: 'xero', by: PRIYA }]);
    expect(wordsOf(second.view.blocks)).toContain('chosen by');
    expect(wakes).toHaveLength(1);

    await db.update(conflicts).set({ optionsRevision: 9 }).where(eq(conflicts.field, 'legal_name'));
    await db.update(changes).set({ revision: 9 });
    await pressIn(slack, PRIYA, second, 'Example');
    const third = await shown(3);
    expect(wordsOf(third.view.blocks)).toContain('after this message was drawn. Nothing was saved');
    expect(await db.select().from(decisions)).toHaveLength(1);

    await pressIn(slack, PRIYA, third, 'Other…');
    const pushed = await shown(4);
    await slack.submit({ as: PRIYA, viewId: pushed.id, values: { choice: { choice: 'keep' } } });
    const last = await shown(5);
    expect(last.id).toBe(first.id);
    expect(await db.select().from(decisions)).toMatchObject([{}, { field: 'legal_name', from: 'agreed' }]);
  });

  test('for many at once is confirmed once, within a quarter of an hour, and by nobody but who looked', async () => {
    const { db } = await open();
    const at = new Date('2026-11-24T01:00:00Z');
    const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
    const items = [{ changeId: 'tr-7F3K92QDX1', revision: 2 }];
    const about = { flow: 'customers', field: 'email', from: 'xero', by: PRIYA, items, now: at };
    const id = await keepPreview(db, about);
    expect(await takePreview(db, { id, by: SAM, now: later(1) })).toBeNull();
    expect(await takePreview(db, { id, by: PRIYA, now: later(16) })).toBeNull();
    const twice = await Promise.all([1, 2].map((n) => takePreview(db, { id, by: PRIYA, now: later(n) })));
    expect(twice.filter((one) => one !== null)).toMatchObject([{ items, from: 'xero' }]);
    expect((await manyAnswer(db, id))?.takenAt).not.toBeNull();
    expect(await takePreview(db, { id: 'no such', by: PRIYA, now: later(1) })).toBeNull();
    await forgetPreviews(db, later(1));
    expect(await manyAnswer(db, id)).toBeNull();
  });
});

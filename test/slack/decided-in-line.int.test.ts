import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { announceCards, rank } from '#src/ledger/posts/outbox.ts';
import { changes, conflicts, decisions } from '#src/ledger/tables/index.ts';
import type { PageMessage, PageView } from '#src/playground/page-server/api.ts';
import { PRIYA, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { buttonsOf } from '#test/support/person.ts';
import { until } from '#test/support/until.ts';
import { ask, press, type Stage, stage, wordsOf } from './stage.ts';

const minute = 60_000;

/** Twelve decisions: five are shown, seven wait in line. */
async function twelve(on: Stage): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 10; n < 22; n++) {
    const id = `tr-7F3K92QD${n}`;
    ids.push(await ask(on.db, on.clock.now(), { id, title: `Example ${n} Pty Ltd` }));
    on.clock.advance(1_000);
  }
  await on.side.flush();
  return ids;
}
const topLevel = (on: Stage) => on.messages().filter(({ threadTs }) => threadTs === null);
const queueOf = (on: Stage) =>
  topLevel(on).find(({ text }) => /decisions wait|in line/.test(text)) as PageMessage;

/** Ends questions as the engine does, and says so. */
async function end(on: Stage, ids: readonly string[], to: 'confirmed' | 'expired'): Promise<void> {
  const now = on.clock.now();
  const state = to === 'confirmed' ? 'settled' : 'withdrawn';
  await on.db
    .update(conflicts)
    .set({ state: to, closedAt: now })
    .where(inArray(conflicts.changeId, [...ids]));
  const over = { state, closedAt: now, updatedAt: now } as const;
  await on.db
    .update(changes)
    .set(over)
    .where(inArray(changes.id, [...ids]));
  const subjects = ids.map((id) => `change:${id}`);
  await announceCards(on.db, { subjects, flow: 'customers', rank: rank.decision, now });
}

describeOnBothDatabases('decisions that are over before their turn in line came', (open) => {
  test('decided all at once: no message each, and the message of the line says how many, and by whom', async () => {
    const on = await stage(open);
    const { db, clock, side, slack } = on;
    const ids = await twelve(on);
    expect(topLevel(on)).toHaveLength(6);
    const priya = watch(slack, PRIYA);
    let seen = 0;
    const next = async (): Promise<PageView> => {
      await until(() => priya.redrawn().length > seen);
      seen = priya.redrawn().length;
      return priya.redrawn().at(-1) as PageView;
    };
    const pressIn = ({ id, view }: PageView, label: string) => {
      const blocks = view.blocks as PageMessage['blocks'];
      const found = buttonsOf({ blocks }).find((one) => one.label === label);
      if (!found) throw new Error(`there is no ${label}`);
      const { blockId, actionId, value } = found;
      const at = { as: PRIYA, channel: null, ts: null, viewId: id };
      return slack.action({ ...at, blockId, actionId, value, values: {} });
    };
    await press(slack, PRIYA, queueOf(on), 'Review');
    await pressIn(await next(), 'Same for all 12…');
    await pressIn(await next(), 'Use Xero');
    await pressIn(await next(), 'Save these 12');
    await until(async () => (await db.select().from(decisions)).length === 12);
    await side.flush();
    clock.advance(11 * minute);
    await side.flush();
    expect(topLevel(on)).toHaveLength(6);
    expect(wordsOf(queueOf(on).blocks)).toContain(
      '7 were decided in line, without a message each*: 7 by Priya Nair.',
    );

    await end(on, ids, 'confirmed');
    clock.advance(11 * minute);
    await side.flush();
    expect(topLevel(on)).toHaveLength(6);
  }, 90_000);

  test('out of time: neither; one that could not be saved has its message all the same', async () => {
    const on = await stage(open);
    const ids = await twelve(on);
    await end(on, ids, 'expired');
    await on.side.flush();
    on.clock.advance(11 * minute);
    await on.side.flush();
    expect(topLevel(on)).toHaveLength(6);
    expect(wordsOf(queueOf(on).blocks)).toContain(
      '7 were decided in line, without a message each*: 7 by nobody in time.',
    );

    const last = ids.at(-1) as string;
    await on.db.update(conflicts).set({ state: 'failed' }).where(eq(conflicts.changeId, last));
    await on.db.update(changes).set({ state: 'failed', closedAt: null }).where(eq(changes.id, last));
    const about = { subjects: [`change:${last}`], flow: 'customers', rank: rank.decision };
    await announceCards(on.db, { ...about, now: on.clock.now() });
    await on.side.flush();
    expect(topLevel(on)).toHaveLength(7);
  });
});

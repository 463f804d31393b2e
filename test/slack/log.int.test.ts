import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { outbox } from '#src/ledger/tables/index.ts';
import { agreeTo, chainOn, liveThrough } from '#test/jobs/chain-stage.ts';
import { TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { stage, wordsOf } from './stage.ts';

const channel = 'C0SYNCCUST';

describeOnBothDatabases('whether the log is whole', (open) => {
  /** The doctor's line on the log, as the technical owner reads it. */
  const begin = async () => {
    const set = await stage(open);
    const { db, side, slack, clock } = set;
    const onFault = () => side.lookItselfOver({ atStart: false, atOnce: true });
    const chained = chainOn(db, { clock, onFault });
    const asked = async () => {
      const window = watch(slack, TOM);
      const before = window.messages().length;
      await slack.command({ as: TOM, channel, threadTs: null, text: '/sync doctor' });
      await until(() => window.messages().some((one, i) => i >= before && one.ephemeral));
      return wordsOf(window.messages().findLast((one) => one.ephemeral)?.blocks);
    };
    const notes = async () =>
      (await db.select().from(outbox)).flatMap(({ template, params }) =>
        template === 'doctor' && JSON.stringify(params).includes('the log') ? [params] : [],
      );
    return { ...set, ...chained, asked, notes };
  };

  test('is said by /sync doctor, with the newest link, and told the technical owner at once where it is not', async () => {
    const { db, asked, notes, settle, night, links, clock, chain } = await begin();
    expect(await asked()).toContain('nothing has been chained yet');
    await agreeTo(db, 7, clock.now());
    await liveThrough(db, 'tr-1', { at: clock.now() });
    await settle();
    await night();
    const whole = await asked();
    expect(whole).toMatch(/it is whole: 11 lines, checked Wed 25 Nov, \d+:\d\d [ap]m AEDT/);
    const newest = (await links()).at(-1);
    expect(whole).toContain(`newest link ${newest?.n}: ${newest?.hash.slice(0, 8)}, signed since Tue 24 Nov`);
    expect(await notes()).toEqual([]);
    await db.execute(sql`update story set actor = 'U0TOMW0001' where id = 2`);
    await night();
    const says = 'Somebody changed 1 line of the log (story 2), written on Tue 24 Nov, 12:00 pm AEDT';
    expect(await asked()).toContain(says);
    expect(await notes()).toMatchObject([
      { to: TOM, needs: expect.arrayContaining([expect.stringContaining(says)]) },
    ]);
    // Told once, though it is found again in every night.
    await night();
    clock.advance(3_600_000);
    await chain.tick();
    expect(await notes()).toHaveLength(1);
    clock.advance(4 * 24 * 3_600_000);
    expect(await asked()).toContain('Nobody has looked whether the log is whole since');
  });
});

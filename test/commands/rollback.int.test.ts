import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { putAside } from '#src/ledger/changes/field-holds.ts';
import { announceRollback, rollbackById, waitingRollbacks } from '#src/ledger/rollback/rollbacks.ts';
import {
  changes,
  decisions,
  fieldHolds,
  intents,
  rollbackItems,
  rollbacks,
} from '#src/ledger/tables/index.ts';
import { GUEST, PRIYA, SAM, TOM, watch } from '#test/playground/slack/workspace.ts';
import { ask, noon, press, type Stage, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOn } from '#test/support/database.ts';
import { until } from '#test/support/until.ts';

const nobody = 'Nothing that you may see has this reference.';

/** What somebody alone sees. */
function window({ slack }: Stage, as: string) {
  const seen = watch(slack, as);
  const heard = () => [...seen.messages(), ...seen.changed()].filter((message) => message.ephemeral);
  return {
    type: (text: string) => slack.command({ as, channel: 'C0SYNCCUST', threadTs: null, text }),
    hears: (words: string) =>
      until(() => heard().some(({ text, blocks }) => `${text} ${wordsOf(blocks)}`.includes(words))).then(
        () =>
          heard().findLast(({ text, blocks }) => `${text} ${wordsOf(blocks)}`.includes(words)) ??
          expect.fail(words),
      ),
  };
}

/** A settled change of one record that wrote its e-mail address to HubSpot and to Cin7 Core. */
async function written(on: Stage, id = 'tr-7F3K92QDXB'): Promise<string> {
  await ask(on.db, noon, { id });
  await on.db.update(changes).set({ state: 'settled', closedAt: noon }).where(eq(changes.id, id));
  await on.db.insert(intents).values(
    ['hubspot', 'cin7-core'].map((connection) => ({
      id: `${id}-${connection}`,
      changeId: id,
      recordId: `r-${id}`,
      connection,
      externalId: '1',
      fields: { trading_name: 'Example Timber' },
      before: { trading_name: 'Sample Timber' },
      payloadHash: '',
      state: 'done' as const,
      runId: 1,
      agreementVersion: 7,
      committedAt: noon,
      finishedAt: noon,
    })),
  );
  return id;
}

/** The engine's part: looks at what was asked for, and carries out what was approved. */
function engineOn(on: Stage): void {
  on.onWake = async ({ trigger }) => {
    if (trigger !== 'rollback') return;
    for (const rollback of await waitingRollbacks(on.db, 'customers')) {
      const { id, target } = rollback;
      const changeId = target.split('/')[0] as string;
      if (rollback.state === 'asked') {
        await on.db.insert(rollbackItems).values(
          ['hubspot', 'cin7-core'].map((connection) => ({
            rollbackId: id,
            recordId: `r-${changeId}`,
            connection,
            field: 'trading_name',
            intentId: `${changeId}-${connection}`,
            changeId,
            written: 'Example Timber',
            before: 'Sample Timber',
            found: 'Example Timber',
            verdict: 'goes_back' as const,
          })),
        );
        await on.db
          .update(rollbacks)
          .set({ state: 'previewed', previewedAt: on.clock.now() })
          .where(eq(rollbacks.id, id));
      } else {
        await on.db
          .update(rollbackItems)
          .set({ outcome: 'put_back' })
          .where(eq(rollbackItems.rollbackId, id));
        await on.db
          .update(rollbacks)
          .set({ state: 'done', finishedAt: on.clock.now() })
          .where(eq(rollbacks.id, id));
        await announceRollback(on.db, rollback, on.clock.now());
        await on.db.transaction((tx) =>
          putAside(tx, [
            {
              recordId: `r-${changeId}`,
              field: 'trading_name',
              reason: 'rolled_back',
              found: {},
              since: noon,
              by: rollback.by,
              rollbackId: id,
            },
          ]),
        );
      }
    }
  };
}

describeOn('PGlite', 'the rollback command', (open) => {
  test('asks before anything is done, does it once, and reports', async () => {
    const on = await stage(open);
    engineOn(on);
    const id = await written(on);
    const priya = window(on, PRIYA);
    await priya.type(`/sync rollback ${id}`);
    const asked = await priya.hears('Undo 2 values of 1 customer?');
    expect(wordsOf(asked.blocks)).toContain('Example Timber → Sample Timber');
    const before = await on.db.select().from(rollbacks);
    expect(before).toMatchObject([{ state: 'previewed', by: PRIYA, approvedAt: null }]);
    await Promise.all([
      press(on.slack, PRIYA, asked, 'Undo these 2 values'),
      press(on.slack, PRIYA, asked, 'Undo these 2 values'),
    ]);
    await priya.hears('Customers: 2 values undone');
    expect(on.wakes.filter(({ trigger }) => trigger === 'rollback')).toEqual([
      { flow: 'customers', trigger: 'rollback', targets: [], askedBy: PRIYA },
      { flow: 'customers', trigger: 'rollback', targets: [], askedBy: PRIYA },
    ]);
    await on.side.flush();
    expect(on.messages().map(({ text }) => text)).toContain('Customers: 2 values undone');
  });

  test('is for both owners, and for who decided it; to others it looks as if it were not there', async () => {
    const on = await stage(open, {
      flow: { deciders: [{ id: 'sam', name: 'Sam Lee', slack: SAM, knownAs: [] }] },
    });
    engineOn(on);
    const id = await written(on);
    const [tom, sam, guest] = [window(on, TOM), window(on, SAM), window(on, GUEST)];
    await tom.type(`/sync rollback ${id}`);
    await tom.hears('Undo 2 values of 1 customer?');
    await guest.type(`/sync rollback ${id}`);
    await guest.hears('members of this workspace only');
    // A decider sees the change, and undoes what they decided, and nothing else.
    await sam.type(`/sync rollback ${id}`);
    await sam.hears('Only <@U0PRIYA001> or <@U0TOMW0001> can do this');
    await on.db.insert(decisions).values({
      conflictId: `${id}/billing_address/2`,
      changeId: id,
      field: 'billing_address',
      by: SAM,
      at: noon,
      from: 'xero',
      value: null,
      revision: 2,
      agreementVersion: 7,
    });
    await sam.type(`/sync rollback ${id}`);
    await sam.hears('Undo 2 values of 1 customer?');
  });

  test('says nothing of what is not there, or not theirs', async () => {
    const on = await stage(open);
    engineOn(on);
    const id = await written(on);
    const sam = window(on, SAM);
    await sam.type(`/sync rollback ${id}`);
    await sam.hears(nobody);
    await sam.type('/sync rollback tr-0000000000 release');
    await sam.hears(nobody);
    const priya = window(on, PRIYA);
    await priya.type('/sync rollback nonsense');
    await priya.hears('“nonsense” is not a reference');
    await priya.type(`/sync rollback ${id} MYOB`);
    await priya.hears('There is no system “MYOB”');
    await priya.type(`/sync rollback ${id} release`);
    await priya.hears('Nothing is put aside by it any more');
    expect(on.wakes).toEqual([]);
    expect(await on.db.select().from(rollbacks)).toEqual([]);
  });

  test('asked for again by the same person forgets what was found before; a press on that is looked at anew', async () => {
    const on = await stage(open);
    engineOn(on);
    const id = await written(on);
    const priya = window(on, PRIYA);
    await priya.type(`/sync rollback ${id} hubspot`);
    const first = await priya.hears('Undo 2 values of 1 customer?');
    await priya.type(`/sync rollback ${id} HubSpot`);
    await until(
      async () =>
        (await on.db.select().from(rollbacks)).filter(({ state }) => state === 'previewed').length === 1 &&
        (await on.db.select().from(rollbacks)).length === 2,
    );
    await press(on.slack, PRIYA, first, 'Undo these 2 values');
    await until(async () => (await on.db.select().from(rollbacks)).length === 3);
    const rows = await on.db.select().from(rollbacks);
    expect(rows.map(({ approvedAt }) => approvedAt)).toEqual([null, null, null]);
    expect(rows.every(({ scope, target }) => scope === 'write' && target === `${id}/hubspot`)).toBe(true);
  });

  test('what was put aside is released once, by an owner or by who undid it, and the next run decides it', async () => {
    const on = await stage(open);
    engineOn(on);
    const id = await written(on);
    const [priya, tom, sam] = [window(on, PRIYA), window(on, TOM), window(on, SAM)];
    await priya.type(`/sync rollback ${id}`);
    await press(on.slack, PRIYA, await priya.hears('Undo 2 values of 1 customer?'), 'Undo these 2 values');
    const report = await priya.hears('Customers: 2 values undone');
    const [undone] = await on.db.select().from(rollbacks);
    const reference = undone?.id as string;
    await sam.type(`/sync rollback ${reference} release`);
    await sam.hears(nobody);
    expect((await on.db.select().from(fieldHolds))[0]?.releasedAt).toBeNull();
    await tom.type(`/sync rollback ${reference} release`);
    await tom.hears('the sync goes on with 1 detail');
    await press(on.slack, PRIYA, report, 'Let the sync go on');
    await priya.hears('Nothing is put aside by it any more');
    expect(await on.db.select().from(fieldHolds)).toMatchObject([{ releasedBy: TOM }]);
    expect(on.wakes.filter(({ trigger }) => trigger === 'decision')).toEqual([
      { flow: 'customers', trigger: 'decision', askedBy: TOM },
    ]);
    expect((await rollbackById(on.db, reference))?.state).toBe('done');
  });
});

import { expect, test } from 'vitest';
import { tell } from '#src/ledger/changes/changes.ts';
import {
  agreed,
  changes,
  exchangeChanges,
  exchanges,
  outbox,
  settlements,
  sightings,
} from '#src/ledger/tables/index.ts';
import { GUEST, PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { ask, noon, press, raise, ran, type Stage, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOn, describeOnBothDatabases } from '#test/support/database.ts';

/** Types a command as somebody, and waits for `answers` ephemeral answers. */
async function type({ slack }: Stage, as: string, text: string, answers = 1) {
  const window = watch(slack, as);
  await slack.command({ as, channel: 'C0SYNCCUST', threadTs: null, text });
  const heard = () => window.messages().filter((message) => message.ephemeral);
  await until(() => heard().length >= answers);
  return {
    window,
    heard,
    last: () => heard().at(-1) ?? expect.fail('no answer'),
    text: () => heard().at(-1)?.text ?? '',
  };
}

describeOnBothDatabases('commands', (open) => {
  test('status says the worst first, and how each sync stands', async () => {
    const on = await stage(open);
    await raise(on.db, noon);
    await ask(on.db, noon);
    await ran(on.db, noon);
    const answer = await type(on, PRIYA, '/sync status');
    expect(answer.text()).toMatch(/^1 stopped/);
    const words = wordsOf(answer.last().blocks);
    expect(words).toContain('*Customers: stopped*');
    expect(words).toContain('Xero refuses our sign-in (alert 1)');
    expect(words).toContain('1 decision waits.');
    expect(words).toContain('Next: `/sync status customers`');
  });

  test('status of one sync in any case; to others the state only', async () => {
    const on = await stage(open);
    await ran(on.db, noon);
    const mine = await type(on, TOM, '/sync status CUSTOMERS');
    expect(wordsOf(mine.last().blocks)).toContain('*Customers: fine*');
    expect(wordsOf(mine.last().blocks)).toContain('*Owners:* <@U0PRIYA001> (business)');
    const other = await type(on, SAM, '/sync status customers');
    expect(wordsOf(other.last().blocks)).toContain('*Customers: fine*');
    expect(wordsOf(other.last().blocks)).toContain('shown to the owners');
    expect(wordsOf(other.last().blocks)).not.toContain('Last run');
  });

  test('lookup tells the story and pages through the calls', async () => {
    const on = await stage(open);
    const id = await ask(on.db, noon);
    await tell(on.db, [
      {
        changeId: id,
        at: noon,
        kind: 'decided',
        field: 'billing_address',
        actor: PRIYA,
        data: { from: 'xero', value: 'Somewhere 1' },
      },
    ]);
    const calls = await on.db
      .insert(exchanges)
      .values(
        Array.from({ length: 4 }, (_, i) => ({
          at: noon,
          connection: 'xero',
          purpose: 'read contact',
          method: 'GET',
          url: `https://xero.example/${i}`,
          attempt: 1,
          status: 200,
          durationMs: 310,
          error: null,
        })),
      )
      .returning({ id: exchanges.id });
    await on.db.insert(exchangeChanges).values(calls.map((call) => ({ changeId: id, exchangeId: call.id })));
    const answer = await type(on, PRIYA, '/sync lookup “7f3k92qdxb”.');
    const words = wordsOf(answer.last().blocks);
    expect(words).toContain('Waiting for a decision: Example Timber Pty Ltd');
    expect(words).toMatch(/decided: U0PRIYA001 chose Xero’s billing address: Somewhere 1/);
    expect(words).toContain('4 calls: Xero 4. None failed.');
    await press(on.slack, PRIYA, answer.last(), 'Show the calls');
    await until(() => answer.window.changed().length === 1);
    const page = answer.window.changed()[0];
    expect(wordsOf(page?.blocks)).toContain('Calls of tr-7F3K92QDXB, 1 to 3 of 4');
    if (page) await press(on.slack, PRIYA, page, 'Next 1');
    await until(() => answer.window.changed().length === 2);
    expect(wordsOf(answer.window.changed()[1]?.blocks)).toContain('4 to 4 of 4');
  });

  test('why tells where a value came from, and to others as if it were not there', async () => {
    const on = await stage(open);
    await ask(on.db, noon);
    const at = noon;
    await on.db.insert(sightings).values({
      recordId: 'r-tr-7F3K92QDXB',
      connection: 'xero',
      at,
      origin: 'observed',
      fields: { legal_name: { state: 'value', value: 'Example Timber Pty Ltd', by: 'Jo Smith' } },
    });
    const settled = { recordId: 'r-tr-7F3K92QDXB', changeId: null, agreementVersion: 7 };
    const value = 'Example Timber Pty Ltd';
    await on.db
      .insert(settlements)
      .values({ ...settled, at, by: 'rule:overwrite', fields: { legal_name: value } });
    await on.db
      .insert(agreed)
      .values({ ...settled, field: 'legal_name', value, settledAt: at, settledBy: 'rule:overwrite' });
    const answer = await type(on, PRIYA, '/sync why “Example Timber” legal name');
    const words = wordsOf(answer.last().blocks);
    expect(words).toContain('Example Timber Pty Ltd, legal name: Example Timber Pty Ltd');
    expect(words).toMatch(/It came from Xero by Jo Smith.*the owning system’s \(Xero decides\)/s);
    const unclear = await type(on, PRIYA, '/sync why Example Timber colour');
    expect(unclear.text()).toContain('I find no record');
    const stranger = await type(on, SAM, '/sync why “Example Timber” legal name');
    expect(stranger.text()).toContain('I find no record');
  });

  test('lookup of a run, as an alert carries it', async () => {
    const on = await stage(open);
    await ran(on.db, noon, {
      state: 'failed',
      failures: [{ cause: 'auth', connection: 'xero', message: 'Xero answered 401.' }],
    });
    const answer = await type(on, TOM, '/sync lookup tr-7F3KB04M1Z');
    expect(wordsOf(answer.last().blocks)).toMatch(
      /Did not work: a run of Customers.*12 customers read.*Xero answered 401/s,
    );
  });

  test('lookup says the same of what is not there and of what is not yours, and offers what is near', async () => {
    const on = await stage(open);
    await ask(on.db, noon);
    const stranger = await type(on, SAM, '/sync lookup tr-7F3K92QDXB');
    const nothing = await type(on, SAM, '/sync lookup tr-0000000000');
    expect(stranger.text()).toBe('Nothing that you may see has this reference.');
    expect(nothing.text()).toBe(stranger.text());
    expect((await type(on, SAM, '/sync lookup tr-7F3K92QDXA')).text()).toBe(stranger.text());
    const near = await type(on, PRIYA, '/sync lookup tr-7F3K92QDXA');
    expect(near.text()).toContain('tr-7F3K92QDXB exists');
    await press(on.slack, PRIYA, near.last(), 'Look it up');
    await until(() => near.window.changed().length === 1);
    expect(near.window.changed()[0]?.text).toContain('Example Timber');
  });

  test('reprocess shows what it will do, asks, does it once, and reports', async () => {
    const on = await stage(open);
    const id = await ask(on.db, noon);
    await on.db.update(changes).set({ state: 'failed', holdDetail: 'The contact is archived.' });
    on.onWake = async (wake) => {
      if (wake.trigger === 'reprocess')
        await on.db.update(changes).set({ state: 'settled', closedAt: on.clock.now() });
    };
    const answer = await type(on, PRIYA, `/sync reprocess ${id}`);
    expect(wordsOf(answer.last().blocks)).toContain('Run Example Timber Pty Ltd again?');
    expect(on.wakes).toEqual([]);
    await press(on.slack, PRIYA, answer.last(), 'Run again');
    await until(() => answer.window.changed().length === 2);
    expect(answer.window.changed()[1]?.text).toBe(
      'Example Timber Pty Ltd: settled. Every system was read back.',
    );
    expect(on.wakes).toEqual([
      { flow: 'customers', trigger: 'reprocess', askedBy: PRIYA, targets: [`r-${id}`] },
    ]);
    const again = await type(on, PRIYA, `/sync reprocess ${id}`);
    expect(again.text()).toContain('nothing to run again: it is settled');
  });

  test('reprocess can be cancelled, and is not for others', async () => {
    const on = await stage(open);
    const id = await ask(on.db, noon);
    await on.db.update(changes).set({ state: 'failed' });
    const answer = await type(on, TOM, `/sync reprocess ${id}`);
    await press(on.slack, TOM, answer.last(), 'Cancel');
    await until(() => answer.window.changed().length === 1);
    expect(answer.window.changed()[0]?.text).toContain('Cancelled');
    expect((await type(on, SAM, `/sync reprocess ${id}`)).text()).toBe(
      'Nothing that you may see has this reference.',
    );
    expect(on.wakes).toEqual([]);
  });

  test('run starts a run, says so, and reports when it has ended', async () => {
    const on = await stage(open);
    on.onWake = () => ran(on.db, on.clock.now(), { trigger: 'command', askedBy: TOM });
    const answer = await type(on, TOM, '/sync run customers', 2);
    expect(answer.heard()[0]?.text).toContain('a run starts now');
    expect(answer.text()).toContain('the run is done: 12 customers read, 2 changed, 2 written, 1 settled.');
    expect(on.wakes).toEqual([{ flow: 'customers', trigger: 'command', askedBy: TOM }]);
    expect((await type(on, SAM, '/sync run customers')).text()).toContain(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can do this',
    );
    expect(on.wakes).toHaveLength(1);
  });
});

describeOn('PGlite', 'wrong input', (open) => {
  test.each([
    ['/sync', 'What you can type after /sync'],
    ['/sync help', 'What you can type after /sync'],
    ['/sync statsu', 'I do not know “statsu”. Did you mean /sync status?'],
    ['/sync xyzzy', 'I do not know “xyzzy”.'],
    ['/sync status custmers', 'There is no sync “custmers”. Did you mean customers?'],
    ['/sync run', 'Tell me which sync.'],
    ['/sync lookup', 'Tell me what to look for: a reference, a name, an ABN'],
    ['/sync lookup tr-123', 'Nothing that you may see is called “tr-123”'],
    ['/sync reprocess nonsense', '“nonsense” is not a reference'],
  ])('%s', async (typed, words) => {
    const on = await stage(open);
    expect((await type(on, PRIYA, typed)).text()).toContain(words);
    expect(on.wakes).toEqual([]);
    expect(await on.db.select().from(outbox)).toEqual([]);
  });

  test('guests get no answer about anything', async () => {
    const on = await stage(open);
    for (const text of ['/sync status', '/sync help', '/sync run customers']) {
      expect((await type(on, GUEST, text)).text()).toContain('members of this workspace only');
    }
  });

  test('whoever cannot be looked up may nothing', async () => {
    const on = await stage(open);
    on.slack.failNext('users.info', 'internal_error');
    expect((await type(on, PRIYA, '/sync run customers')).text()).toContain(
      'Slack would not tell me who you are',
    );
    expect(on.wakes).toEqual([]);
  });
});

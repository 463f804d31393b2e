import { expect, test } from 'vitest';
import { systemClock } from '#src/clock.ts';
import { outbox } from '#src/ledger/tables/index.ts';
import { PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { stage, wordsOf } from './stage.ts';

const hour = 3_600_000;
const channel = 'C0SYNCCUST';

describeOnBothDatabases('the look that Truce takes at itself', (open) => {
  /** At the real time, as the database has its own. */
  const begin = async (flow: Parameters<typeof stage>[1] = {}) => {
    const set = await stage(open, flow);
    set.clock.set(systemClock.now());
    const asked = async (who: string) => {
      const window = watch(set.slack, who);
      const answers = () => window.messages().filter((one) => one.ephemeral);
      await set.slack.command({ as: who, channel, threadTs: null, text: '/sync doctor' });
      await until(() => answers().length > 0);
      return wordsOf(answers().at(-1)?.blocks);
    };
    const notes = async () =>
      (await set.db.select().from(outbox)).filter(({ template }) => template === 'doctor');
    return { ...set, asked, notes };
  };

  test('finds nothing where all is well, for owners alone', async () => {
    const { asked, side, notes } = await begin();
    const words = await asked(TOM);
    expect(words).toContain('All is well');
    for (const part of ['Channels', 'Permissions', 'People', 'Clocks', 'Queue', 'Messages', 'Version'])
      expect(words).toContain(part);
    expect(await asked(SAM)).toContain('can do this');
    await side.lookItselfOver({ atStart: true });
    expect(await notes()).toEqual([]);
  });

  test('names each thing that is wrong, with what to do', async () => {
    const { slack, clock, db } = await begin();
    slack.changeChannel(channel, { isArchived: true });
    slack.changePerson(PRIYA, { standing: 'deactivated' });
    await db.insert(outbox).values({
      key: 'card:x:1',
      kind: 'card',
      subject: 'x:1',
      flow: 'customers',
      params: {},
      rank: 0,
      wanted: 1,
      state: 'unplaceable',
      notBefore: new Date(clock.now().getTime() + hour),
      createdAt: clock.now(),
    });
    // Slack's clock is ours here; the database has its own.
    clock.advance(2 * 60_000);
    // Archived channels are hidden from people: the command is typed elsewhere.
    const window = watch(slack, TOM);
    await slack.command({ as: TOM, channel: 'C0GENERAL1', threadTs: null, text: '/sync doctor' });
    await until(() => window.messages().some((one) => one.ephemeral));
    const words = wordsOf(window.messages().findLast((one) => one.ephemeral)?.blocks);
    expect(words).toContain('#sync-customers is archived');
    expect(words).toContain('Unarchive it');
    expect(words).toContain('Priya Nair is no full member of this workspace any more');
    expect(words).toMatch(/clock is 1[12]\d seconds ahead of that of the database/);
    expect(words).toContain('1 message waits for a channel that does not take them');
    expect(words).toMatch(/4 things need somebody/);
  });

  test('names who stands in for somebody now or later, and has left', async () => {
    const deputies = [
      { person: 'sam', from: '2026-01-01', to: '2026-01-02' },
      { person: 'tom', from: '2998-12-01', to: '2999-01-01' },
    ];
    const priya = { id: 'priya', name: 'Priya Nair', slack: PRIYA, knownAs: [], deputies };
    const { asked, slack } = await begin({
      flow: { owners: { business: priya, technical: priya }, deciders: [priya] },
    });
    slack.changePerson(TOM, { standing: 'deactivated' });
    slack.changePerson(SAM, { standing: 'deactivated' });
    const words = await asked(PRIYA);
    expect(words).toContain(
      'Tom Walsh, who stands in for Priya Nair, is no full member of this workspace any more',
    );
    expect(words).toContain('Name somebody else at people: priya: deputies in truce.yml');
    expect(words).toMatch(/1 thing needs somebody/);
  });

  test('tells the technical owner by itself, once for one cause, and again when it comes back', async () => {
    const { side, slack, clock, notes } = await begin();
    const room = (members: readonly string[]) => slack.changeChannel(channel, { members });
    const everybody = [PRIYA, TOM, SAM, 'U0TRUCE001'];
    room([PRIYA, TOM, SAM]);
    await side.lookItselfOver({ atStart: true });
    expect(await notes()).toMatchObject([
      {
        params: { to: TOM, needs: ['I am not in #sync-customers. Type /invite @Truce in #sync-customers.'] },
      },
    ]);
    // A second replica, or a start right after, does not look again.
    await side.lookItselfOver({ atStart: true });
    const nextDay = async () => {
      clock.advance(24 * hour);
      await side.lookItselfOver({ atStart: false });
      return (await notes()).filter(({ params }) => JSON.stringify(params).includes('I am not in')).length;
    };
    expect(await nextDay()).toBe(1);
    room(everybody);
    expect(await nextDay()).toBe(1);
    room([PRIYA, TOM, SAM]);
    expect(await nextDay()).toBe(2);
  });
});

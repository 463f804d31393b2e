import { eq } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { createAlerts } from '#src/alerts/watch.ts';
import { changes, conflicts } from '#src/ledger/tables/index.ts';
import { PRIYA, TOM } from '#test/playground/slack/workspace.ts';
import { agreement, ask, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const quiet = () => undefined;
const at = (time: string) => new Date(`2026-11-24T${time}:00+11:00`);

describeOnBothDatabases('what the clock decided', (open) => {
  test('is told to who might have chosen, in the next message of theirs and in no other', async () => {
    // It runs far apart: nothing else is to be told.
    const flow = { schedule: { cron: '0 0 1 1 *', timeZone: 'Australia/Sydney' } };
    const { db, clock, side, slack } = await stage(open, { started: false, flow });
    const log = { info: quiet, warn: quiet, error: quiet };
    const alerts = createAlerts({ db, clock, log, agreement: () => agreement(flow) });
    onTestFinished(alerts.stop);
    const look = async (time: Date) => {
      clock.set(time);
      await alerts.tick();
      await side.flush();
    };
    const direct = (person: string) =>
      slack.messagesFor(person).filter(({ channel }) => channel.startsWith('D'));
    const changeId = await ask(db, clock.now());
    const over = { closedAt: at('13:00'), state: 'expired' as const };
    await db.update(conflicts).set(over).where(eq(conflicts.changeId, changeId));
    const gone = { closedAt: at('13:00'), updatedAt: at('13:00'), state: 'withdrawn' as const };
    await db.update(changes).set(gone).where(eq(changes.id, changeId));
    await look(at('13:30'));
    expect(direct(PRIYA)).toEqual([]);
    for (const time of ['14:01', '14:30']) await look(at(time));
    const [told, ...more] = direct(PRIYA);
    expect(more).toEqual([]);
    expect(told?.text).toBe('1 decision that nobody made in time. In #sync-customers.');
    expect(wordsOf(told?.blocks)).toContain(
      'Example Timber Pty Ltd (Customers): billing address: nothing was written',
    );
    expect(direct(TOM)).toEqual([]);

    await ask(db, at('15:00'), { id: 'tr-7F3K92QDX2', title: 'Sample Bakery' });
    await look(new Date('2026-11-25T09:01:00+11:00'));
    expect(direct(PRIYA)).toHaveLength(2);
    expect(wordsOf(direct(PRIYA)[1]?.blocks)).not.toContain('Example Timber');
  });
});

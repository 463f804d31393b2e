import { expect, test } from 'vitest';
import type { Person } from '#src/agreement/agreement.ts';
import { announceLine, rank } from '#src/ledger/posts/outbox.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { PRIYA, SAM, TOM } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement, ask, stage } from './stage.ts';

const person = (name: string, slack: string): Person => ({ id: name, name, slack, knownAs: [] });
const deciders = [person('Priya Nair', PRIYA), person('Tom Walsh', TOM), person('Sam Lee', SAM)];
const days = (n: number) => ({ days: n, from: 'invoice_date' });

describeOnBothDatabases('a decision in line to which somebody is called', (open) => {
  const sevenOn = async () => {
    const { fields } = agreement().flows.customers ?? {};
    const terms = fields?.payment_terms;
    if (!fields || !terms) throw new Error('the agreement has no payment terms');
    const twoPeople = { ...fields, payment_terms: { ...terms, rule: 'approve' as const, twoPeople: true } };
    const on = await stage(open, { flow: { fields: twoPeople, deciders } });
    for (let n = 1; n <= 8; n++) {
      const about = { id: `tr-7F3K92QDX${n}`, title: `Example ${n} Pty Ltd`, field: 'payment_terms' };
      await ask(on.db, on.clock.now(), { ...about, values: { hubspot: days(30) }, before: days(14) });
      on.clock.advance(1_000);
    }
    await on.side.flush();
    const topLevel = () => on.messages().filter(({ threadTs }) => threadTs === null);
    const cardOf = (title: string) => topLevel().find(({ text }) => text.includes(title));
    return { ...on, topLevel, cardOf };
  };

  test('is shown at once where a second approval is asked for, and the others go on waiting', async () => {
    const { db, clock, side, messages, topLevel, cardOf } = await sevenOn();
    expect(topLevel()).toHaveLength(6);
    expect(cardOf('Example 7 Pty Ltd')).toBeUndefined();
    const approvers = deciders.map(({ slack, name }) => ({ slack, names: [name] }));
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    const choice = { changeId: 'tr-7F3K92QDX7', field: 'payment_terms', from: 'hubspot', revision: 2 };
    const by = { by: PRIYA, now: clock.now(), agreementVersion: 7, twoPeople: { approvers, same } };
    expect(await decideConflict(db, { ...choice, ...by })).toMatchObject({ kind: 'first' });
    await side.flush();
    const card = cardOf('Example 7 Pty Ltd');
    const thread = messages().filter(({ threadTs }) => threadTs !== null && threadTs === card?.ts);
    expect(thread.map(({ text }) => text)).toEqual([
      expect.stringMatching(new RegExp(`<@${TOM}> .*second person has to approve`)),
    ]);
    expect(topLevel()).toHaveLength(7);
    expect(topLevel().find(({ text }) => /decisions wait/.test(text))?.text).toContain(
      '8 decisions wait. 6 are shown, 2 wait in line',
    );
    clock.advance(11 * 60_000);
    await side.flush();
    expect(topLevel()).toHaveLength(7);
  });

  test('is shown at once where the one who changed a value is asked', async () => {
    const { db, clock, side, messages, cardOf } = await sevenOn();
    const about = {
      key: 'ask_editor:x',
      subject: 'change:tr-7F3K92QDX8',
      flow: 'customers',
      now: clock.now(),
    };
    const params = {
      called: [TOM],
      by: 'Priya Nair',
      places: [{ label: 'Payment terms', systems: ['HubSpot'] }],
    };
    await announceLine(db, { ...about, template: 'ask_editor', rank: rank.decision, params });
    await side.flush();
    const card = cardOf('Example 8 Pty Ltd');
    expect(card).toBeDefined();
    expect(messages().find(({ threadTs }) => threadTs === card?.ts)?.text).toContain(
      `<@${TOM}> Priya Nair asks`,
    );
  });
});

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Person } from '#src/agreement/agreement.ts';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { withdrawApprovals } from '#src/ledger/questions/approvals.ts';
import { approvals, changes, conflicts, decisions } from '#src/ledger/tables/index.ts';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import { GUEST, PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { agreement, ask, press, stage, wordsOf } from './stage.ts';

const person = (id: string, name: string, slack: string, knownAs: readonly string[] = []): Person => ({
  id,
  name,
  slack,
  knownAs,
});
const deciders = [
  person('priya', 'Priya Nair', PRIYA),
  person('tom', 'Tom Walsh', TOM),
  person('sam', 'Sam Lee', SAM),
];

/** A flow in which a new payment term needs two people; `by` = under which name HubSpot knows Priya; `away` = Sam stands in for her. */
async function twoPeopleStage(open: Open, by: readonly string[] = [], away = false) {
  const standIn = away ? { standIn: person('sam', 'Sam Lee', SAM) } : {};
  const { fields } = agreement().flows.customers ?? {};
  const terms = fields?.payment_terms;
  if (!fields || !terms) throw new Error('the agreement has no payment terms');
  const staged = await stage(open, {
    flow: {
      fields: { ...fields, payment_terms: { ...terms, rule: 'approve', twoPeople: true } },
      deciders: deciders.map((one) => (one.slack === PRIYA ? { ...one, knownAs: by, ...standIn } : one)),
      owners: {
        business: { ...person('priya', 'Priya Nair', PRIYA), knownAs: by, ...standIn },
        technical: person('tom', 'Tom Walsh', TOM),
      },
    },
  });
  await ask(staged.db, staged.clock.now(), {
    field: 'payment_terms',
    values: { hubspot: days(30) },
    before: days(14),
  });
  await staged.side.flush();
  const message = (): PageMessage => {
    const [first] = staged.messages();
    if (!first) throw new Error('no message');
    return first;
  };
  const words = () => wordsOf(message().blocks);
  return { ...staged, message, words };
}

const days = (n: number) => ({ days: n, from: 'invoice_date' });

describeOnBothDatabases('two people for a new value, in Slack', (open) => {
  test('is asked for beforehand: the message says that a new value needs two', async () => {
    const { message, words } = await twoPeopleStage(open);
    expect(message().text).toMatch(/^Decision needed: Example Timber Pty Ltd/);
    expect(words()).toContain('(a new value needs two people)');
  });

  test('counts somebody and who stands in for them as one of the two, and calls who is there', async () => {
    const { db, side, slack, message, words } = await twoPeopleStage(open, [], true);
    await press(slack, SAM, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    expect(words()).toContain('Tom Walsh');
    expect(words()).not.toMatch(/Priya Nair can/);
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message(), 'Approve');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toBe(
      `You and <@${SAM}> count as one person while one of you stands in for the other, and <@${SAM}> gave the first approval. Somebody else has to approve it: <@${TOM}>. Nothing was changed.`,
    );
    expect(await db.select().from(decisions)).toEqual([]);
    await press(slack, TOM, message(), 'Approve');
    await untilRows(async () => (await db.select().from(decisions)).length === 1);
  });

  test('takes the first as an approval, writes nothing, calls the others once, and decides with the second', async () => {
    const { db, side, slack, wakes, message, words, messages } = await twoPeopleStage(open);
    await press(slack, PRIYA, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    expect(wakes).toEqual([]);
    expect(message().text).toMatch(/^Second approval needed: Example Timber Pty Ltd/);
    expect(words()).toContain('One more approval: Example Timber Pty Ltd');
    expect(words()).toContain('Second: Tom Walsh or Sam Lee');
    const line = messages().find((one) => one.threadTs === message().ts);
    expect(line?.text).toContain(
      'a second person has to approve the payment terms of Example Timber Pty Ltd',
    );
    expect(slack.notificationsFor(TOM)).toHaveLength(1);
    expect(slack.notificationsFor(SAM)).toHaveLength(1);
    expect(slack.notificationsFor(PRIYA)).toEqual([]);

    await press(slack, SAM, message(), 'Approve');
    await until(() => wakes.length === 1);
    await side.flush();
    expect(message().text).toMatch(/^Saving: Example Timber/);
    expect(words()).toContain(`${PRIYA} and ${SAM}`);
    expect(await db.select().from(decisions)).toMatchObject([{ by: SAM, from: 'hubspot', value: days(30) }]);
  });

  test('refuses the one who made the change, known by another name there, and says who can', async () => {
    const { db, slack, message } = await twoPeopleStage(open, ['a SALES user']);
    const window = watch(slack, PRIYA);
    await press(slack, PRIYA, message(), 'Use HubSpot');
    await until(() => window.messages().length === 1);
    expect(window.messages()[0]?.text).toMatch(
      /You made this change in HubSpot, so others have to approve it: .*Nothing was changed/,
    );
    expect(await db.select().from(approvals)).toEqual([]);
    expect(wordsOf(message().blocks)).toContain('Priya Nair made a change here, so others approve it');
  });

  test('lets one person keep what was agreed before', async () => {
    const { db, slack, wakes, message } = await twoPeopleStage(open, ['A sales user']);
    await press(slack, PRIYA, message(), 'Keep as agreed before');
    await until(() => wakes.length === 1);
    expect(await db.select().from(decisions)).toMatchObject([{ by: PRIYA, from: 'agreed', value: days(14) }]);
    expect(await db.select().from(approvals)).toEqual([]);
  });

  test('does not count one person twice, and tells them so', async () => {
    const { db, side, slack, wakes, message } = await twoPeopleStage(open);
    const window = watch(slack, TOM);
    const heard = () => window.messages().filter((one) => one.ephemeral);
    await press(slack, TOM, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    await press(slack, TOM, message(), 'Approve');
    await until(() => heard().length === 1);
    expect(heard()[0]?.text).toMatch(/You gave the first approval at .* A second person has to approve it/);
    expect(wakes).toEqual([]);
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('lets the first take it back, and nobody else', async () => {
    const { db, side, slack, message, words } = await twoPeopleStage(open);
    await press(slack, PRIYA, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    const window = watch(slack, TOM);
    const heard = () => window.messages().filter((one) => one.ephemeral);
    await press(slack, TOM, message(), 'Take back');
    await until(() => heard().length === 1);
    expect(heard()[0]?.text).toContain(`Only <@${PRIYA}> can take that approval back`);
    await press(slack, PRIYA, message(), 'Take back');
    await untilRows(async () => (await db.select().from(approvals))[0]?.withdrawnBecause === 'taken_back');
    await side.flush();
    expect(message().text).toMatch(/^Decision needed/);
    expect(words()).toContain('counts no longer: it was taken back');
  });

  test('makes another choice of a second person the first approval, and says so to both', async () => {
    const { db, side, slack, message, words, messages } = await twoPeopleStage(open);
    await press(slack, PRIYA, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    const window = watch(slack, TOM);
    const heard = () => window.messages().filter((one) => one.ephemeral);
    await press(slack, TOM, message(), 'Other…');
    await until(() => window.redrawn().length === 1);
    const [view] = window.redrawn();
    expect(wordsOf(view?.view.blocks)).toContain('somebody else has to approve');
    const values = {
      choice: { choice: 'type' },
      'typed/days/number': { typed: '21' },
      'typed/from/choice': { typed: 'invoice_date' },
    };
    await slack.submit({ as: TOM, viewId: view?.id ?? '', values });
    await until(() => heard().length === 1);
    expect(heard()[0]?.text).toContain(`You chose another value than <@${PRIYA}>`);
    await side.flush();
    expect(words()).toContain(`First approval: Tom Walsh chose 21 days after the invoice date`);
    const calls = messages().filter((one) => one.threadTs === message().ts);
    expect(calls).toHaveLength(2);
    // Sam was called a moment ago.
    expect(calls[1]?.text).toContain(`<@${PRIYA}>`);
    expect(calls[1]?.text).not.toContain(SAM);
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('counts no first approval of values that have moved, and an approval of it is refused', async () => {
    const { db, side, slack, clock, message, words } = await twoPeopleStage(open);
    await press(slack, PRIYA, message(), 'Use HubSpot');
    await untilRows(async () => (await db.select().from(approvals)).length === 1);
    await side.flush();
    const before = message();
    // As the engine does when HubSpot's value changes.
    await db.transaction(async (tx) => {
      const [question] = await tx.select().from(conflicts);
      const options = (question?.options ?? []).map((one) =>
        one.connection === 'hubspot' ? { ...one, value: days(60) } : one,
      );
      await tx.update(conflicts).set({ options, optionsRevision: 9 });
      await tx.update(changes).set({ revision: 9 });
      await withdrawApprovals(tx, [question?.id ?? ''], { because: 'moved', now: clock.now() });
    });
    const window = watch(slack, TOM);
    await press(slack, TOM, before, 'Approve');
    await until(() => window.messages().filter((one) => one.ephemeral).length === 1);
    await announceCard(db, {
      subject: 'change:tr-7F3K92QDXB',
      flow: 'customers',
      rank: rank.decision,
      now: clock.now(),
    });
    await side.flush();
    expect(words()).toContain('counts no longer: a value has changed since');
    expect(words()).toContain('60 days');
    expect(await db.select().from(decisions)).toEqual([]);
  });

  test('does not call anybody to an approval that was given in the meantime', async () => {
    const { db, side, slack, wakes, message, messages } = await twoPeopleStage(open);
    const before = message();
    await press(slack, PRIYA, before, 'Use HubSpot');
    await press(slack, TOM, before, 'Use HubSpot');
    await until(() => wakes.length === 1);
    await side.flush();
    expect(messages().filter((one) => one.threadTs === before.ts)).toEqual([]);
    expect(await db.select().from(decisions)).toHaveLength(1);
  });

  test('is no business of a guest', async () => {
    const { db, slack, message } = await twoPeopleStage(open);
    const window = watch(slack, GUEST);
    await press(slack, GUEST, message(), 'Use HubSpot');
    await until(() => window.messages().length === 1);
    expect(await db.select().from(approvals).where(eq(approvals.by, GUEST))).toEqual([]);
  });
});

async function untilRows(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come to that');
}

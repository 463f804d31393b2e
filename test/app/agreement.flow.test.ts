import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, gte, isNull, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '#src/app.ts';
import { agreementVersions, conflicts, intents } from '#src/ledger/tables/index.ts';
import { customersOnly } from '#test/support/customers-only.ts';
import { describeOn } from '#test/support/database.ts';
import { buttonsOf } from '#test/support/person.ts';
import { startProcess, temporaryFolder } from '#test/support/process.ts';
import { textOf } from '#test/support/reading.ts';
import { flowId, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

const minute = 60_000;
const xeroDecidesEmail = { 'email: { rule: review }': 'email: { rule: overwrite }' };
const newestMobileCounts = {
  'mobile: { rule: overwrite, system_of_record: hubspot }': 'mobile: { rule: latest }',
};

describeOn('PostgreSQL', 'rules may change: a new truce.yml', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let second: App | null = null;

  beforeAll(async () => {
    truce = await openTruce('PostgreSQL', { webhooks: false });
  }, 120_000);
  afterAll(async () => {
    await second?.stop();
    await truce?.stop();
  });

  /** The second process ends, and starts again with another file. */
  const restartWith = async (
    edits: Readonly<Record<string, string>>,
    at?: (point: string) => Promise<void>,
  ) => {
    await second?.stop();
    second = await truce.another(at ?? null, edits);
    return second;
  };
  const states = async () =>
    (await truce.database.db.select().from(agreementVersions).orderBy(agreementVersions.version)).map(
      ({ version, state }) => `${version} ${state}`,
    );
  const emails = (customer: string) => [
    truce.held('hubspot', customer, 'Billing email'),
    truce.held('xero', customer, 'Email'),
  ];
  const changeApart = async (customer: string, name: string) => {
    truce.edit('hubspot', customer, { 'Billing email': `${name}@hubspot.example` });
    truce.edit('xero', customer, { Email: `${name}@xero.example` });
    await truce.run();
    return truce.message(`Which is right? ${customer}`);
  };
  const openQuestions = () =>
    truce.database.db
      .select()
      .from(conflicts)
      .where(and(eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));

  it('is proposed in the channel, with what it would do; the old rules go on', async () => {
    await changeApart('Platypus Windows', 'platypus');
    const replica = await restartWith(xeroDecidesEmail);
    expect(replica.agreement().version).toBe(1);
    expect(await states()).toEqual(['1 active', '2 proposed']);
    const asked = await truce.message('May the agreement change? Customers');
    expect(textOf(asked)).toMatch(
      /Version 2 of the agreement would change 1 value and end 1 open decision, in 1 customer/,
    );
    expect(textOf(asked)).toContain(
      'Email: Xero decides (until now: where systems changed it apart, a person decides).',
    );
    expect(textOf(asked)).toContain('1 gets another value (Platypus Windows)');
    expect(textOf(asked)).toContain('Priya Nair can approve; Tom Walsh can refuse it too.');
    await changeApart('Currawong Printing', 'currawong');
    expect(await openQuestions()).toHaveLength(2);
    expect(emails('Platypus Windows')).toEqual(['platypus@hubspot.example', 'platypus@xero.example']);
    expect(truce.lines.join('\n')).toContain('Version 2 of the agreement is proposed');
  });

  it('is not for a bystander, nor for the technical owner, to approve', async () => {
    const asked = await truce.message('May the agreement change? Customers');
    for (const who of [truce.sam, truce.tom]) {
      expect((await who.pressAndRead(asked, 'Approve')).text).toContain(
        'Only <@U0PRIYA001> can decide this.',
      );
    }
    expect(textOf(await truce.sam.pressAndRead(asked, 'Refuse'))).toContain(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can do this.',
    );
    expect(await states()).toEqual(['1 active', '2 proposed']);
  });

  it('shows new counts after the next start, and takes no word that was given on the old ones', async () => {
    const old = await truce.message('May the agreement change? Customers');
    await restartWith(xeroDecidesEmail);
    const asked = await truce.message(/would change 2 values and end 2 open decisions, in 2 customers/);
    expect(asked.ts).toBe(old.ts);
    expect(textOf(await truce.priya.pressAndRead(old, 'Approve'))).toContain('It was counted again');
    expect(await states()).toEqual(['1 active', '2 proposed']);
  });

  it('approved, counts in every process without a restart: open decisions are looked at again, then it writes', async () => {
    const asked = await truce.message('May the agreement change? Customers');
    await Promise.all(['Approve', 'Approve', 'Approve'].map((label) => truce.priya.press(asked, label)));
    await until(() => truce.app.agreement().version === 2 && second?.agreement().version === 2);
    await until(() => emails('Platypus Windows').every((email) => email === 'platypus@xero.example'));
    await until(() => emails('Currawong Printing').every((email) => email === 'currawong@xero.example'));
    const approved = await truce.message('Customers: version 2 of the agreement counts.');
    expect(approved.ts).toBe(asked.ts);
    expect(buttonsOf(approved)).toEqual([]);
    expect(textOf(approved)).toContain('Approved by <@U0PRIYA001>');
    const gone = await truce.message(/Version 2 of the agreement asks nobody here: Xero decides/);
    expect(buttonsOf(gone).filter(({ label }) => label.startsWith('Use'))).toEqual([]);
    expect(await openQuestions()).toEqual([]);
    expect(await states()).toEqual(['1 replaced', '2 active']);
    // The first process was never restarted, and goes by the new rule.
    truce.edit('hubspot', 'Platypus Windows', { 'Billing email': 'again@hubspot.example' });
    // HubSpot lists a change some seconds after it was made.
    truce.clock.advance(20_000);
    await truce.run();
    await until(() => emails('Platypus Windows').every((email) => email === 'platypus@xero.example'));
    expect(await openQuestions()).toEqual([]);
  });

  it('that sets nothing apart counts at once, is told, and asks nobody', async () => {
    const replica = await restartWith({ ...xeroDecidesEmail, ...newestMobileCounts });
    expect(replica.agreement().version).toBe(3);
    await until(() => truce.app.agreement().version === 3);
    const told = await truce.message('version 3 of the agreement counts from now on');
    expect(textOf(told)).toContain('Mobile: the newest change counts (until now: HubSpot decides).');
    expect(buttonsOf(told)).toEqual([]);
  });

  it('that names other people or another schedule counts at once, without a word in the channel', async () => {
    const before = truce.channelMessages().length;
    const edits = { ...xeroDecidesEmail, ...newestMobileCounts };
    await restartWith({
      ...edits,
      'deciders: [priya]': 'deciders: [priya, tom]',
      'late_after_minutes: 3': 'late_after_minutes: 5',
    });
    await until(() => truce.app.agreement().version === 4);
    expect(truce.app.agreement().flows[flowId]?.deciders.map(({ id }) => id)).toEqual(['priya', 'tom']);
    await truce.app.slack.flush();
    expect(truce.channelMessages()).toHaveLength(before);
    // Nobody was restarted but the second: Tom may decide with the first as well.
    truce.edit('hubspot', 'Bilby Engineering', { 'Street address': '1 First St' });
    truce.edit('xero', 'Bilby Engineering', { 'Billing address': '2 Second St' });
    await truce.run();
    const asked = await truce.message('Which is right? Bilby Engineering');
    await truce.tom.press(asked, 'Use Xero');
    await truce.message(/Settled: Bilby Engineering/);
  });

  it('refused, changes nothing, and is not asked again at the next start', async () => {
    truce.edit('hubspot', 'Corella Irrigation', { 'Street address': '3 Third St' });
    truce.edit('xero', 'Corella Irrigation', { 'Billing address': '4 Fourth St' });
    await truce.run();
    await truce.message('Which is right? Corella Irrigation');
    const edits = {
      ...xeroDecidesEmail,
      ...newestMobileCounts,
      'deciders: [priya]': 'deciders: [priya, tom]',
      'late_after_minutes: 3': 'late_after_minutes: 5',
      'delivery_address: { rule: review }': 'delivery_address: { rule: approve }',
      'billing_address: { rule: review, decide_within_hours: 24, if_nobody_chooses: keep }':
        'billing_address: { rule: latest }',
    };
    await restartWith(edits);
    const asked = await truce.message(/Version 5 of the agreement would change 1 value/);
    await truce.tom.press(asked, 'Refuse');
    const refused = await truce.message('Customers: version 5 of the agreement was refused.');
    expect(refused.ts).toBe(asked.ts);
    expect(buttonsOf(refused)).toEqual([]);
    await restartWith(edits);
    await truce.run();
    expect((await states()).slice(3)).toEqual(['4 active', '5 refused']);
    expect(await openQuestions()).toHaveLength(1);
    expect(textOf(await truce.priya.pressAndRead(asked, 'Approve'))).toContain('That version was refused.');
    expect(truce.lines.join('\n')).toContain('says what was refused before');
  });

  it('approved while a run is under way: nothing goes out under the old one afterwards', async () => {
    const edits = {
      ...xeroDecidesEmail,
      ...newestMobileCounts,
      'deciders: [priya]': 'deciders: [priya, tom]',
      'late_after_minutes: 3': 'late_after_minutes: 5',
      'billing_address: { rule: review, decide_within_hours: 24, if_nobody_chooses: keep }':
        'billing_address: { rule: overwrite }',
    };
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    let sleeps = false;
    const replica = await restartWith(edits, async (point) => {
      if (point !== 'intents' || !sleeps) return;
      sleeps = false;
      begun.resolve();
      await over.promise;
    });
    const asked = await truce.message(/Version 6 of the agreement would change 1 value/);
    truce.edit('hubspot', 'Bluegum Joinery', { Phone: '(08) 7010 4444' });
    sleeps = true;
    truce.clock.advance(minute);
    const asleep = replica.runNow({ flow: flowId, trigger: 'command' });
    await begun.promise;
    await truce.priya.press(asked, 'Approve');
    await until(() => truce.app.agreement().version === 6);
    const [{ at } = { at: '' }] = await truce.database.db.execute<{ at: string }>(
      sql`select max(committed_at)::text as at from intents`,
    );
    over.resolve();
    await asleep;
    const late = await truce.database.db
      .select()
      .from(intents)
      .where(and(gte(intents.committedAt, new Date(at)), eq(intents.agreementVersion, 4)));
    expect(late.map(({ state, reason }) => [state, reason])).toEqual(
      late.map(() => ['abandoned', 'not sent: the agreement changed in between']),
    );
    expect(late.length).toBeGreaterThan(0);
    await until(() => truce.held('xero', 'Bluegum Joinery', 'Phone').replace(/\D/g, '').endsWith('70104444'));
    await until(() => truce.held('hubspot', 'Corella Irrigation', 'Street address') === '4 Fourth St');
  });
});

describe('the practice company', { timeout: 4 * minute }, () => {
  it('is asked nothing at a start with the same file, and follows one that sets nothing apart', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'truce.yml');
    const text = customersOnly();
    writeFileSync(file, text);
    const start = async (version: number) => {
      const env = { TRUCE_DATA_DIR: join(folder, 'data'), TRUCE_CONFIG: file };
      const truce = await startProcess({ env });
      await truce.says('Stop with Ctrl-C');
      expect(truce.out()).toMatch(`Agreement: version ${version}, Example Trading Co`);
      expect(await truce.end('SIGINT')).toBe(0);
      return truce.out();
    };
    await start(1);
    expect(await start(1)).not.toContain('has changed');
    writeFileSync(file, text.replace('late_after_minutes: 3', 'late_after_minutes: 4'));
    expect(await start(2)).toContain(
      'Version 2 of the agreement counts from now on; it sets no record apart',
    );
  });
});

import { expect, test } from 'vitest';
import type { FieldTerms } from '#src/agreement/agreement.ts';
import { linesValue } from '#src/entities/invoice-lines.ts';
import type { Db } from '#src/ledger/db.ts';
import { announceCard, rank } from '#src/ledger/posts/outbox.ts';
import { bases, links, moneyProofs, records } from '#src/ledger/tables/index.ts';
import type { ProofFound } from '#src/ledger/tables/money-proofs.ts';
import { PRIYA, SAM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { noon, press, stage, wordsOf } from './stage.ts';

const found = (unexplained: ProofFound['proofs'][number]['unexplained']): ProofFound => ({
  proofs: [
    {
      span: { from: '2026-10-01', to: '2026-11-24' },
      currency: 'AUD',
      sums: { sold: 22_000, invoiced: 16_500, paid: 0 },
      codes: [{ code: 'gst', sold: 22_000, invoiced: 16_500, paid: 0 }],
      causes: [
        {
          step: 'paid',
          cause: 'unpaid',
          minor: 16_500,
          count: 1,
          records: [{ recordId: 'a', title: 'INV-2041', minor: 16_500, detail: null }],
        },
      ],
      unexplained,
    },
  ],
  gaps: [],
  clashes: [],
});
const shed = { step: 'invoiced' as const, recordId: 'b', title: 'Shed', minor: 5_500 };

const term = (field: string, systemOfRecord: string): FieldTerms => ({
  ...{ field, systemOfRecord, rule: 'overwrite', decideWithinHours: null, ifNobodyChooses: 'keep' },
  ...{ twoPeople: false, between: ['hubspot', 'xero'] },
});

/** A deal of $110 that was won just now. */
async function sell(db: Db): Promise<void> {
  const [link, at] = [{ recordId: 'r1', connection: 'hubspot', role: 'deal' }, noon];
  await db.insert(records).values({ id: 'r1', entity: 'invoice', title: 'Shed', createdAt: at });
  await db.insert(links).values({ ...link, externalId: '9001', how: 'key', linkedAt: at });
  const line = { sku: 'BOLT', description: 'Bolt', quantity: '1', unit_price: '100', tax: 'gst' };
  const value = linesValue({ currency: 'AUD', prices: 'exclusive', lines: [line] });
  await db.insert(bases).values({ ...link, fields: { lines: { state: 'value', value } }, at });
}

describeOnBothDatabases('what has no reason in the money', (open) => {
  const begin = async () => {
    const fields = { lines: term('lines', 'hubspot'), number: term('number', 'xero') };
    const set = await stage(open, { flow: { moneyProof: '0 6 * * *', entity: 'invoice', fields } });
    const prove = async (id: number, what: ProofFound, fresh: number) => {
      const at = new Date(noon.getTime() + id * 60_000);
      await set.db.insert(moneyProofs).values({ id, flow: 'customers', slot: at, at, found: what, fresh });
      await announceCard(set.db, { subject: 'proof:1', flow: 'customers', rank: rank.decision, now: noon });
      await set.side.flush();
    };
    const asked = async (who: string) => {
      const window = watch(set.slack, who);
      const answers = () => window.messages().filter((one) => one.ephemeral);
      const before = answers().length;
      await set.slack.command({ as: who, channel: 'C0SYNCCUST', threadTs: null, text: '/sync proof' });
      await until(() => answers().length > before);
      const answer = answers().at(-1);
      return `${answer?.text} ${wordsOf(answer?.blocks ?? [])}`;
    };
    return { ...set, prove, asked };
  };

  test('is told in the channel, with the record, and all reasons behind a button', async () => {
    const { prove, messages, slack, db } = await begin();
    await sell(db);
    await prove(1, found([shed]), 1);
    const [message] = messages();
    if (!message) throw new Error('no message');
    expect(message.text).toBe(
      'Customers: $55 without a reason. Shed: sold for $55 more than it was invoiced',
    );
    const window = watch(slack, PRIYA);
    const answers = () => window.messages().filter((one) => one.ephemeral);
    await press(slack, PRIYA, message, 'All reasons');
    await until(() => answers().length > 0);
    // Of the deals and invoices as they are now.
    expect(wordsOf(answers()[0]?.blocks)).toContain('$110, no invoice yet: Shed');
  });

  test('is over on the same message once the next look finds it no more', async () => {
    const { prove, messages } = await begin();
    await prove(1, found([shed]), 1);
    await prove(2, found([shed]), 0);
    expect(wordsOf(messages()[0]?.blocks)).toContain('1 of this is without a reason still');
    await prove(3, found([]), 0);
    expect(messages()).toHaveLength(1);
    expect(messages()[0]?.text).toContain('$55 without a reason, Tue 24 Nov, 12:01 pm AEDT: over by now.');
  });

  test('is told to whoever asks and may decide, and to nobody else; /sync status has the last look in a line', async () => {
    const { prove, asked, slack, db } = await begin();
    expect(await asked(PRIYA)).toContain('No deal was won, no invoice made and nothing paid yet.');
    await sell(db);
    const words = await asked(PRIYA);
    expect(words).toContain('Customers: every cent has its reason');
    expect(words).toContain('sold $110, invoiced $0, paid $0');
    expect(await asked(SAM)).toContain('can decide this');
    await prove(1, found([]), 0);
    const window = watch(slack, PRIYA);
    await slack.command({ as: PRIYA, channel: 'C0SYNCCUST', threadTs: null, text: '/sync status customers' });
    const last = () => wordsOf(window.messages().filter((one) => one.ephemeral));
    await until(() => last().includes('Customers:'));
    expect(last()).toContain('*Money:* every cent has its reason');
  });
});

import { expect, test } from 'vitest';
import { announceCard, rank } from '#src/ledger/outbox.ts';
import { moneyProofs } from '#src/ledger/tables/index.ts';
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

describeOnBothDatabases('what has no reason in the money', (open) => {
  const begin = async () => {
    const set = await stage(open, { flow: { moneyProof: '0 6 * * *' } });
    const prove = async (id: number, what: ProofFound, fresh: number) => {
      const at = new Date(noon.getTime() + id * 60_000);
      await set.db.insert(moneyProofs).values({ id, flow: 'customers', slot: at, at, found: what, fresh });
      await announceCard(set.db, { subject: 'proof:1', flow: 'customers', rank: rank.decision, now: noon });
      await set.side.flush();
    };
    const asked = async (who: string) => {
      const window = watch(set.slack, who);
      const answers = () => window.messages().filter((one) => one.ephemeral);
      await set.slack.command({ as: who, channel: 'C0SYNCCUST', threadTs: null, text: '/sync proof' });
      await until(() => answers().length > 0);
      const answer = answers().at(-1);
      return `${answer?.text} ${wordsOf(answer?.blocks ?? [])}`;
    };
    return { ...set, prove, asked };
  };

  test('is told in the channel, with the record, and all reasons behind a button', async () => {
    const { prove, messages, slack } = await begin();
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
    expect(wordsOf(answers()[0]?.blocks)).toContain('$165, not paid yet: INV-2041');
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

  test('is told to whoever asks and may decide, and to nobody else; /sync status has it in a line', async () => {
    const { prove, asked, slack } = await begin();
    expect(await asked(PRIYA)).toContain('nobody has looked at the money yet');
    await prove(1, found([]), 0);
    const words = await asked(PRIYA);
    expect(words).toContain('Customers: every cent has its reason');
    expect(words).toContain('sold $220, invoiced $165, paid $0');
    expect(await asked(SAM)).toContain('can decide this');
    const window = watch(slack, PRIYA);
    await slack.command({ as: PRIYA, channel: 'C0SYNCCUST', threadTs: null, text: '/sync status customers' });
    const last = () => wordsOf(window.messages().filter((one) => one.ephemeral));
    await until(() => last().includes('Customers:'));
    expect(last()).toContain('*Money:* every cent has its reason');
  });
});

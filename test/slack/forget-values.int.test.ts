import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { forgetValues } from '#src/jobs/forget-values.ts';
import { changes, conflicts } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement, ask, stage, wordsOf } from './stage.ts';

const day = 24 * 3_600_000;

describeOnBothDatabases('a settled decision', (open) => {
  test('loses its values after the time that the agreement gives, by one edit of its message; open ones keep theirs', async () => {
    const { db, side, clock, messages } = await stage(open);
    const [old, open_] = ['tr-7F3K92QDXB', 'tr-7F3K92QDXC'];
    for (const [id, title] of [
      [old, 'Example Timber'],
      [open_, 'Sample Bakery'],
    ] as const)
      await ask(db, clock.now(), { id, title });
    await side.flush();
    const at = clock.now();
    const [question] = await db.select().from(conflicts).where(eq(conflicts.changeId, old));
    const value = question?.options[1]?.value ?? null;
    const chosen = { value, from: 'xero', by: 'U0PRIYA001', at: at.toISOString() };
    await db
      .update(conflicts)
      .set({ state: 'confirmed', closedAt: at, chosen })
      .where(eq(conflicts.changeId, old));
    await db.update(changes).set({ state: 'settled', closedAt: at }).where(eq(changes.id, old));
    const pass = async (days: number) => {
      clock.advance(days * day);
      await forgetValues({ db, clock, agreement: agreement() });
      await side.flush();
      return messages().map(({ blocks }) => wordsOf(blocks));
    };

    await pass(0);
    const [early] = await pass(29);
    expect(early).toContain('12 Sample St');
    const [late, other] = await pass(1);
    expect(late).toContain('Settled: Example Timber');
    expect(late).toContain('Values are shown here for 30 days');
    expect(late).not.toMatch(/Sample St|Example Rd|Specimen Ln/);
    expect(other).toContain('12 Sample St');
    const before = JSON.stringify(messages());
    await pass(1);
    expect(JSON.stringify(messages())).toBe(before);
  });
});

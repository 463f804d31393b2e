import { expect, test } from 'vitest';
import { SAM, SYNC, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOn } from '#test/support/database.ts';
import { stage, wordsOf } from '../slack/stage.ts';

describeOn('PGlite', 'help', (open) => {
  test('of one command shows its forms, examples and who may; of all, an example each', async () => {
    const on = await stage(open);
    const sam = watch(on.slack, SAM);
    const said = async (text: string) => {
      const before = sam.messages().length;
      await on.slack.command({ as: SAM, channel: SYNC, threadTs: null, text });
      await until(() => sam.messages().length > before);
      return wordsOf(sam.messages().at(-1)?.blocks);
    };
    const one = await said('/sync help Reprocess');
    expect(one).toContain('reprocess &lt;reference | failed | waiting | all&gt; [sync]');
    expect(one).toContain('`/sync reprocess failed customers since yesterday`');
    expect(one).toContain('*Who may:* The owners; of a single change also those who decide.');
    expect(one).not.toContain('/sync rollback');
    const all = await said('/sync help');
    expect(all).toContain('`/sync reprocess failed customers since yesterday`');
    expect(all.length).toBeLessThan(2_200);
    expect(await said('/sync help reproces')).toContain('Did you mean `/sync reprocess`?');
  });
});

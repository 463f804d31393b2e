import { proposeRule } from '../../answers/case-law.ts';
import type { SubmissionListener } from '../submission.ts';

/** "Propose it": the rule goes to both owners once Slack has its answer. */
export const submitRule: SubmissionListener = ({ metadata }) => ({
  kind: 'done',
  afterwards: async ({ desk, asker, tell }) => {
    const [changeId = '', field = '', channel = ''] = metadata.split('/');
    await tell(channel, await proposeRule(desk, asker, { changeId, field, channel }));
  },
});

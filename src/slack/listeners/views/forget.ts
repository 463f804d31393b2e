import { forgetNow } from '../../answers/forget.ts';
import type { SubmissionListener } from '../submission.ts';

/** "Erase for good": carried out once Slack has its answer. */
export const submitForget: SubmissionListener = ({ metadata }) => ({
  kind: 'done',
  afterwards: async ({ desk, asker, tell }) => {
    const [recordId = '', channel = ''] = metadata.split('/');
    await tell(channel, await forgetNow(desk, asker, recordId));
  },
});

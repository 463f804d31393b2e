import { carryOutStep } from '../../answers/set-up.ts';
import type { SubmissionListener } from '../submission.ts';

/** A step that was approved: carried out once Slack has its answer. */
export const submitSetUp: SubmissionListener = ({ metadata }) => ({
  kind: 'done',
  afterwards: async ({ desk, asker, tell }) => {
    const parts = metadata.split('/');
    const channel = parts.pop() ?? '';
    await carryOutStep(desk, asker, parts.join('/'), (drawn) => tell(channel, drawn));
  },
});

import type { Preferences } from '../../../ledger/posts/preferences.ts';
import { tellMe } from '../../answers/told.ts';
import type { Inputs, SubmissionListener } from '../submission.ts';

/** "Save": how somebody is told from now on. Their board shows it. */
export const submitTold: SubmissionListener = ({ values }) => ({
  kind: 'done',
  afterwards: ({ desk, asker }) => tellMe(desk, asker, wantedIn(values)),
});

/** What was chosen; what somebody was not asked about is left out. */
function wantedIn(values: Inputs): Partial<Preferences> {
  const [slots, outside] = [values.slots?.slots, values.outside?.outside];
  return {
    ...(slots === 'twice' || slots === 'morning' ? { slots } : {}),
    ...(outside === 'urgent' || outside === 'never' ? { outside } : {}),
  };
}

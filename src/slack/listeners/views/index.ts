import type { SubmissionListener } from '../submission.ts';
import { submitRule } from './case-law.ts';
import { submitForget } from './forget.ts';
import { submitEdit, submitOther } from './other.ts';
import { submitSetUp } from './set-up.ts';
import { submitTold } from './told.ts';

/** Every modal that is submitted, by its callback id. */
export const views: Readonly<Record<string, SubmissionListener>> = {
  decision_other: submitOther,
  reprocess_edit: submitEdit,
  connection_set_up: submitSetUp,
  make_rule: submitRule,
  told: submitTold,
  forget: submitForget,
};

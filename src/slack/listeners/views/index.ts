import type { SubmissionListener } from '../submission.ts';
import { submitOther } from './other.ts';

/** Every modal that is submitted, by its callback id. */
export const views: Readonly<Record<string, SubmissionListener>> = {
  decision_other: submitOther,
};

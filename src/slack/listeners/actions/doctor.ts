import { doctorAnswer } from '../../answers/doctor.ts';
import type { Press } from '../press.ts';

/** "Look again" under what was found. */
export const lookAgain = async ({ desk, asker, reply, onAnswer }: Press): Promise<void> =>
  reply(await doctorAnswer(desk, asker), { replace: onAnswer });

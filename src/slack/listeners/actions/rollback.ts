import { cancelRollback, releaseAnswer, rollbackAnswer, rollbackNow } from '../../answers/rollback.ts';
import type { Press } from '../press.ts';

/** "Undo…": what would go back, and the question. */
export const askRollback = ({ desk, asker, value, reply }: Press): Promise<void> =>
  rollbackAnswer(desk, asker, { reference: value, system: null }, reply);

/** "Undo these 12 values" under a preview. */
export const confirmRollback = ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  rollbackNow(desk, asker, value, reply, onAnswer);

export const cancel = async ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reply(await cancelRollback(desk, asker, value), { replace: onAnswer });

/** "Let the sync go on" with what was put aside. The answer is beside the message, which edits itself. */
export const release = async ({ desk, asker, value, reply }: Press): Promise<void> =>
  reply(await releaseAnswer(desk, asker, value));

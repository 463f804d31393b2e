import { setHome } from '../../../ledger/posts/homes.ts';
import { connectionsAnswer } from '../../answers/connections.ts';
import type { Press } from '../press.ts';

/** A link of ours was followed: Slack tells of it, and there is nothing to do. */
export const followLink = async (): Promise<void> => undefined;

/** "Show all syncs" or "Show my syncs" on the board, which is drawn anew after each press on it. */
export const chooseView = ({ desk, asker, value }: Press): Promise<void> =>
  setHome(desk.db, asker.id, { view: value === 'all' ? 'all' : 'mine' });

/** "Show all 15": the fine ones one by one. */
export const foldBoard = ({ desk, asker, value }: Press): Promise<void> =>
  setHome(desk.db, asker.id, { unfolded: value === 'unfold' });

export const seeConnections = async ({ desk, asker, reply }: Press): Promise<void> =>
  reply(await connectionsAnswer(desk, asker));

import { type Home, homeOf, homeOpened, homeShown, homesToWatch, takeHome } from '../ledger/posts/homes.ts';
import type { Desk } from './desk.ts';
import { homeFacts, shownOn } from './facts/home.ts';
import type { HomeFacts } from './messages/home/facts.ts';
import { drawHome } from './messages/home/home.ts';
import { visibleFlows } from './people.ts';

/** Each person's board, in the app's Home tab. */
export interface Boards {
  /** Somebody opened it. */
  opened(user: string): Promise<void>;
  /** Somebody did something: if their board may still be open it shows it. */
  acted(user: string): Promise<void>;
  /** Draws those anew that may still be open and on which a state word has changed. */
  refresh(): Promise<void>;
}

export function openBoards(desk: Desk): Boards {
  const { db, clock, log } = desk;
  /** A board that cannot be shown now is shown at the next opening: nobody waits for it. */
  const quietly = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!desk.signal.aborted)
        log.warn(
          { event: 'board_failed', reason: error instanceof Error ? error.message : String(error) },
          'A board could not be shown in Slack; it is drawn again when it is opened.',
        );
    }
  };
  return {
    opened: (user) =>
      quietly(async () => {
        const now = clock.now();
        const mine = visibleFlows(await desk.people.who(user), desk.agreement(), desk.home());
        const home = await homeOpened(db, { user, view: mine.length > 0 ? 'mine' : 'all', now });
        await publish(desk, home, await factsOf(desk, home, home.firstAt.getTime() === now.getTime()));
      }),
    acted: (user) =>
      quietly(async () => {
        const now = clock.now();
        if (!(await homeOf(db, user, now))) return;
        const home = await homeOpened(db, { user, view: 'mine', now });
        await publish(desk, home, await factsOf(desk, home));
      }),
    refresh: () =>
      quietly(async () => {
        const now = clock.now();
        for (const home of await homesToWatch(db, now)) {
          const facts = await factsOf(desk, home);
          if (shownOn(facts) !== home.shown && (await takeHome(db, home, now)))
            await publish(desk, home, facts);
        }
      }),
  };
}

const factsOf = async (desk: Desk, home: Home, isFirst = false): Promise<HomeFacts> =>
  homeFacts(
    desk,
    { id: home.user, person: await desk.people.who(home.user), home: desk.home() },
    { ...home, isFirst },
  );

async function publish({ client, db, clock }: Desk, { user }: Home, facts: HomeFacts): Promise<void> {
  await client.views.publish({ user_id: user, view: drawHome(facts) });
  await homeShown(db, { user, shown: shownOn(facts), now: clock.now() });
}

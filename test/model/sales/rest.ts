import { reopen } from '#src/ledger/changes/reprocess.ts';
import { answerSafetyStop, sayIfSame } from '../answers.ts';
import type { Dice } from '../dice.ts';
import { openChanges } from '../ledger.ts';
import { priya } from '../people.ts';
import type { Stage } from '../stage.ts';
import { mend } from '../troubles.ts';
import { flowIds } from './agreement.ts';
import { answerGone, decide } from './clicks.ts';
import { todayIn } from './today.ts';
import type { SalesWorld } from './world.ts';

const mostRounds = 25;
/** Rounds in a row in which nothing happens, until it counts as quiet. */
const quietRounds = 2;
/** Times that somebody runs one change again: what fails still has a reason. */
const mostPresses = 3;
/** Waits that a person ends who presses "run again" once it is mended. */
const endedByPressing: readonly (string | null)[] = ['tug_of_war', 'malformed'];

/** Everything is mended, nobody types any more, and people answer all that is asked, until nothing moves in any flow. */
export async function comeToRest(stage: Stage<SalesWorld>, dice: Dice): Promise<void> {
  const { world, runner } = stage;
  world.note('coming to rest');
  mend(world);
  openToday(world);
  await runner.wakeSleepers();
  await sweepAfterRenaming(stage);
  const again = new Map<string, number>();
  let quiet = 0;
  for (let round = 0; round < mostRounds && quiet < quietRounds && world.faults.length === 0; round++) {
    world.house.clock.advance(15 * 60_000);
    mend(world);
    const before = world.counted.writings;
    let isDone = true;
    for (const flow of flowIds) {
      const outcome = await runner.run({ flow, trigger: 'command' });
      isDone &&= outcome?.kind === 'ran' && outcome.result.state === 'done';
    }
    const pressed = await answerAll(world, dice.of(`round ${round}`), again);
    quiet = !isDone || pressed || world.counted.writings > before ? 0 : quiet + 1;
  }
  if (quiet < quietRounds) world.wrong('it never comes to rest', `${mostRounds} rounds`);
}

/** Where nothing can be dated today, every run says so: that is mended too. */
function openToday(world: SalesWorld): void {
  const { lockedUntil, house } = world;
  if (lockedUntil === null || todayIn(world) > lockedUntil) return;
  world.lockedUntil = null;
  world.byHand(() => house.vendors.xero.invoices.lock({ period: null }));
}

/** What could not be read under its name is found by the nightly sweep, as the alert says; whatever else is missed is a finding. */
async function sweepAfterRenaming({ world, runner }: Stage<SalesWorld>): Promise<void> {
  if (!world.trace.some((line) => line.includes('"renamed"'))) return;
  world.house.clock.advance(24 * 3_600_000);
  for (const flow of flowIds) await runner.run({ flow, trigger: 'sweep' });
}

async function answerAll(world: SalesWorld, dice: Dice, again: Map<string, number>): Promise<boolean> {
  let pressed = false;
  const asked = [
    decide,
    answerGone,
    sayIfSame,
    ...flowIds.map(
      (flow) => (one: SalesWorld, own: Dice) => answerSafetyStop(one, own, { always: true, flow }),
    ),
  ];
  for (const [place, answer] of asked.entries())
    for (let press = 0; press < 40 && (await answer(world, dice.of(`${place} ${press}`))); press++)
      pressed = true;
  for (const { id, state, hold } of await openChanges(world.house.db)) {
    if (state !== 'failed' && !endedByPressing.includes(hold)) continue;
    const presses = (again.get(id) ?? 0) + 1;
    again.set(id, presses);
    if (presses > mostPresses) continue;
    pressed =
      (await reopen(world.house.db, { changeId: id, by: priya, now: world.house.clock.now() })) || pressed;
  }
  return pressed;
}

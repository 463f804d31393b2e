import { reopen } from '#src/ledger/changes/reprocess.ts';
import { answerGone, answerSafetyStop, sayIfSame } from './answers.ts';
import { decide } from './clicks.ts';
import type { Dice } from './dice.ts';
import { openChanges } from './ledger.ts';
import { priya } from './people.ts';
import type { Stage } from './stage.ts';
import { mend } from './troubles.ts';
import type { ModelWorld } from './world.ts';

const mostRounds = 25;
/** Runs in a row in which nothing happens, until it counts as quiet. */
const quietRuns = 2;

/** Times that somebody runs one change again: what fails still is a finding. */
const mostPresses = 4;

/** Waits that a person ends who presses "run again" once it is mended. */
const endedByPressing: readonly (string | null)[] = ['tug_of_war', 'malformed'];

/** Everything is mended, nobody types any more, and people answer all that is asked, until nothing moves. */
export async function comeToRest(stage: Stage<ModelWorld>, dice: Dice): Promise<void> {
  const { world, runner } = stage;
  const { house } = world;
  world.note('coming to rest');
  mend(world);
  await runner.wakeSleepers();
  const again = new Map<string, number>();
  let quiet = 0;
  for (let round = 0; round < mostRounds && quiet < quietRuns; round++) {
    house.clock.advance(15 * 60_000);
    mend(world);
    const before = world.counted.writings;
    const outcome = await runner.run({ trigger: 'command' });
    const moved =
      outcome?.kind !== 'ran' || outcome.result.state !== 'done' || world.counted.writings > before;
    const pressed = await answerAll(stage, dice.of(`round ${round}`), again);
    quiet = moved || pressed ? 0 : quiet + 1;
  }
  if (quiet < quietRuns) world.wrong('it never comes to rest', `${mostRounds} rounds`);
}

async function answerAll(
  { world }: Stage<ModelWorld>,
  dice: Dice,
  again: Map<string, number>,
): Promise<boolean> {
  let pressed = false;
  const asked = [
    decide,
    sayIfSame,
    answerGone,
    (one: ModelWorld, own: Dice) => answerSafetyStop(one, own, { always: true }),
  ];
  for (const answer of asked)
    for (let press = 0; press < 60 && (await answer(world, dice.of(`${answer.name} ${press}`))); press++)
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

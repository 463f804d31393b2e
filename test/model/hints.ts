import { addHints } from '#src/ledger/runs/hints.ts';
import type { Dice } from './dice.ts';
import { inventAbn } from './numbers.ts';
import type { ModelWorld } from './world.ts';

/** What the post does with vendors' webhooks: any order, late, twice, never; and now and then one of something that is not there. */
export async function deliver(world: ModelWorld, dice: Dice): Promise<void> {
  const { hints, house } = world;
  const now = house.clock.now();
  for (let left = dice.between(1, 4); left > 0 && hints.length > 0; left--) {
    const at = dice.between(0, hints.length - 1);
    const [hint] = hints.slice(at, at + 1);
    if (!hint) break;
    const fate = dice.weigh({ once: 60, twice: 20, again: 10, never: 10 });
    if (fate !== 'again') hints.splice(at, 1);
    if (fate === 'never') continue;
    for (let copies = fate === 'twice' ? 2 : 1; copies > 0; copies--)
      await addHints(house.db, { connection: hint.system, externalIds: [hint.id], now });
  }
  if (dice.chance(5)) {
    const [connection, id] = dice.pick([
      ['hubspot', '30999999999'],
      ['xero', `ffffffff-0000-4000-a000-0${inventAbn(1)}`],
      ['cin7-core', `eeeeeeee-0000-4000-a000-0${inventAbn(2)}`],
    ] as const);
    await addHints(house.db, { connection, externalIds: [id], now });
  }
  if (hints.length > 60) hints.splice(0, hints.length - 60);
}

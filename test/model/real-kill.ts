import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ChildOrders } from './child.ts';
import type { Dice } from './dice.ts';
import { leaseMs } from './house.ts';
import type { Living } from './living.ts';

/**
 * One run in a process of its own, systems side by side as in earnest, which is killed with SIGKILL after a moment of real time.
 * Where that meets it nobody can say again: a life with such kills is not lived again to the letter.
 */
export async function killForReal(
  world: Living,
  { databaseUrl, flow }: { readonly databaseUrl: string; readonly flow: string },
  dice: Dice,
): Promise<void> {
  const { house } = world;
  await world.look();
  const watched = world.begin();
  const { hubspot, xero, 'cin7-core': cin7 } = house.vendors;
  const orders: ChildOrders = {
    databaseUrl,
    flow,
    now: house.clock.now().toISOString(),
    connections: house.agreement.connections,
    env: { ...hubspot.env, ...xero.env, ...cin7.env },
  };
  const file = join(import.meta.dirname, 'child.ts');
  const child = spawn(process.execPath, [file, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  const killer = setTimeout(() => child.kill('SIGKILL'), dice.between(1, dice.pick([60, 300, 900])));
  const [code, signal] = await ended;
  clearTimeout(killer);
  if (signal === null && code !== 0) world.wrong('a process ended on an error of its own', `code ${code}`);
  world.note(`  ${signal === 'SIGKILL' ? 'killed for real' : 'was through before it could be killed'}`);
  watched.ends(false);
  house.clock.advance(leaseMs + 60_000);
  await world.look();
  world.note(`  it had written ${[...watched.wrote()].sort().join(', ') || 'nothing'}`);
}

import type { SalesWorld } from './world.ts';

/** Truce wrote something: told for the trace, and counted. */
export function noteWrite(world: SalesWorld, place: string, what: readonly string[], isNew: boolean): void {
  world.counted.writings += 1;
  if (isNew) world.counted.made += 1;
  world.wrote.add(place);
  world.note(`  ${isNew ? 'made' : 'wrote'} ${place} ${what.join(', ')}`);
}

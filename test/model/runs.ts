import type { RunFlowOutcome } from '#src/jobs/run-flow.ts';
import { leaseMs, type Wakes } from './house.ts';
import { Killed, type Life, type Moment } from './life.ts';
import type { Living, Watched } from './living.ts';

/** What is to happen during a run: other things at these moments of it, and perhaps its end. */
export interface Plan {
  /** By the how many-th moment. */
  readonly meanwhile: ReadonlyMap<number, () => Promise<void> | void>;
  readonly death: { readonly after: number; readonly how: 'killed' | 'stumbled' | 'asleep' } | null;
}
export const undisturbed: Plan = { meanwhile: new Map(), death: null };

/** A process that stands still in the middle of a run, while others take it for dead. */
interface Sleeper {
  readonly life: Life;
  readonly watched: Watched;
  readonly ended: Promise<string>;
  wake(): void;
}

/** Runs Truce, one run at a time, with whatever is planned in the middle of it. */
export interface Runner {
  run(wake: Wakes, plan?: Plan): Promise<RunFlowOutcome | null>;
  happens(moment: Moment): Promise<void>;
  /** Those who stood still go on, and find that they are no longer needed. */
  wakeSleepers(): Promise<void>;
  readonly sleeping: number;
}

interface UnderWay {
  readonly plan: Plan;
  readonly slept: PromiseWithResolvers<void>;
  moments: number;
}

/** What else a world sees of a run. */
export interface Onlooker<World> {
  /** Everything read is decided on. */
  decided(world: World): Promise<unknown>;
  through(world: World): Promise<unknown>;
}

export function createRunner<World extends Living>(worldOf: () => World, onlooker: Onlooker<World>): Runner {
  const sleepers: Sleeper[] = [];
  let underWay: UnderWay | null = null;
  let asleep: PromiseWithResolvers<void> | null = null;
  let busy = false;

  const happens = async (moment: Moment): Promise<void> => {
    const world = worldOf();
    world.house.clock.advance(37);
    if (moment.startsWith('at ')) await world.look();
    if (moment === 'at decided') await onlooker.decided(world);
    const now = underWay;
    if (!now || busy) return;
    now.moments += 1;
    const { meanwhile, death } = now.plan;
    const other = meanwhile.get(now.moments);
    if (other) {
      busy = true;
      world.note(`  meanwhile, ${moment} (${now.moments}):`);
      await other();
      busy = false;
    }
    if (death && now.moments >= death.after) await die(world, now, death.how, moment);
  };

  const die = async (world: World, now: UnderWay, how: 'killed' | 'stumbled' | 'asleep', moment: Moment) => {
    // Between its last look at the lease and the request nothing can hold back a process that stands still just there, nor between
    // two parts of one call: vendors know nothing of leases. It sleeps where it looks again once it goes on.
    if (how === 'asleep' && (moment.startsWith('called') || moment === 'after commit')) return;
    underWay = null;
    world.note(`  ${how}, ${moment} (${now.moments})`);
    if (how === 'stumbled') throw new Error('the process stumbled');
    if (how === 'killed') {
      world.house.life.end();
      throw new Killed('the process was killed');
    }
    asleep = Promise.withResolvers();
    now.slept.resolve();
    await asleep.promise;
  };

  return {
    happens,
    get sleeping() {
      return sleepers.length;
    },
    run: async (wake, plan = undisturbed) => {
      const world = worldOf();
      const { house } = world;
      await world.look();
      const watched = world.begin();
      const now: UnderWay = { plan, slept: Promise.withResolvers(), moments: 0 };
      underWay = now;
      const ended = house.run(wake).then(
        (outcome) => ({ outcome, error: null }),
        (error: unknown) => ({ outcome: null, error }),
      );
      const first = await Promise.race([ended, now.slept.promise]);
      underWay = null;
      const finished = first?.outcome?.kind === 'ran' && first.outcome.result.state === 'done';
      watched.ends(finished);
      if (!first) {
        const { promise, resolve } = asleep ?? Promise.withResolvers<void>();
        void promise;
        sleepers.push({
          life: house.life,
          watched,
          wake: resolve,
          ended: ended.then(({ outcome }) => outcome?.kind ?? 'died'),
        });
        house.restart();
        house.clock.advance(leaseMs + 1);
        return null;
      }
      if (first.error instanceof Killed) {
        house.restart();
        house.clock.advance(leaseMs + 1);
        return null;
      }
      if (first.error) throw first.error;
      await world.look();
      await onlooker.through(world);
      world.note(`  ${said(first.outcome)}`);
      return first.outcome;
    },
    wakeSleepers: async () => {
      const world = worldOf();
      for (const sleeper of sleepers.splice(0)) {
        sleeper.watched.goesOn();
        sleeper.wake();
        world.note(`  one that stood still goes on → ${await sleeper.ended}`);
        await world.look();
      }
    },
  };
}

function said(outcome: RunFlowOutcome | null): string {
  if (outcome?.kind !== 'ran') return outcome?.kind ?? 'nothing';
  const { state, counts, failures } = outcome.result;
  const numbers = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${name} ${count}`] : []));
  return [state, ...numbers, ...failures.map(({ message }) => message)].join(', ');
}

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { systems } from './customers.ts';
import { type Measured, median, quantile } from './measure.ts';
import type { Helper } from './process.ts';
import type { Scenario } from './scenarios.ts';
import type { Line } from './table.ts';

interface Setting {
  readonly scenario: Scenario;
  readonly customers: number;
  readonly repeats: number;
  readonly pipelines: { readonly ideal: Helper; readonly truce: Helper };
  readonly standIn: Helper;
  /** What the scenarios have of each other: whether the customers are loaded, whose are calm, and which edit is next. */
  readonly world: { isLoaded: boolean; readonly calm: Set<string>; round: number };
  /** Seconds of processor of a database that is a process of its own. */
  readonly databaseCpu: () => number;
}
type Name = keyof Setting['pipelines'];

const names: readonly Name[] = ['ideal', 'truce'];

/**
 * Measures a scenario: both pipelines in turn, time after time, and once more with somebody typing commands meanwhile; where there
 * is to be one time only, they are typed during that.
 */
export async function measureScenario(setting: Setting): Promise<Omit<Line, 'database'>> {
  const { scenario, customers, repeats } = setting;
  const runs: Record<Name, (Measured & { calls: number })[]> = { ideal: [], truce: [] };
  const acks: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    setting.world.round += 1;
    for (const name of names) {
      await prepare(setting, name);
      const run = () => once(setting, name);
      runs[name].push(
        name === 'truce' && repeats === 1 ? await whileTyping(setting, acks, run) : await run(),
      );
    }
    setting.world.isLoaded = true;
  }
  if (repeats > 1) {
    setting.world.round += 1;
    await prepare(setting, 'truce');
    await whileTyping(setting, acks, () => once(setting, 'truce'));
  }
  return { ...lineOf(setting, runs), scenario: scenario.label, customers, ack: percentiles(acks) };
}

const percentiles = (acks: readonly number[]) =>
  acks.length === 0 ? null : ([median(acks), quantile(acks, 0.99)] as const);

function lineOf(
  { scenario, customers }: Setting,
  runs: Readonly<Record<Name, readonly (Measured & { calls: number })[]>>,
) {
  const of = (name: Name, what: keyof Measured | 'calls') => median(runs[name].map((run) => run[what]));
  const ratioOf = (what: 'seconds' | 'cpu') =>
    median(runs.truce.map((run, i) => run[what] / (runs.ideal[i]?.[what] ?? Number.NaN)));
  const touched = scenario.each > 1 ? Math.ceil(customers / scenario.each) : customers;
  return {
    repeats: runs.truce.length,
    ideal: touched / of('ideal', 'seconds'),
    truce: touched / of('truce', 'seconds'),
    ratio: ratioOf('seconds'),
    cpuRatio: ratioOf('cpu'),
    calls: [of('ideal', 'calls') / touched, of('truce', 'calls') / touched],
    memory: [of('ideal', 'memory'), of('truce', 'memory')],
    gap: of('truce', 'gap'),
  } as const;
}

/** A first load begins anew each time; for the rest the customers are loaded once for all scenarios, and calm. */
async function prepare(setting: Setting, name: Name): Promise<void> {
  const { scenario, customers, pipelines, standIn, world } = setting;
  if (!scenario.isFirst && world.calm.has(name)) return;
  if (scenario.isFirst || !world.isLoaded) {
    const missing = systems.filter((system) => !scenario.where.includes(system));
    await standIn.ask('build', { world: name, count: customers, where: scenario.where });
    await pipelines[name].ask('fresh', { missing });
    world.calm.delete(name);
  }
  if (scenario.isFirst) return;
  for (let calm = 0; calm < 2; calm++) await pipelines[name].ask('run', { everything: true });
  await pipelines[name].ask('tend');
  world.calm.add(name);
}

/** One run more, of which is written down where its time goes. */
export async function look(
  setting: Setting,
  { database, folder }: { readonly database: string; readonly folder: string },
): Promise<void> {
  const { scenario, customers } = setting;
  setting.world.round += 1;
  for (const name of names) {
    await prepare(setting, name);
    const into = join(folder, [name, scenario.name, database, customers].join('-'));
    const { cpu } = await once(setting, name, into);
    appendFileSync(`${into}.md`, `\n${cpu.toFixed(2)} s of processor, with the database\n`);
  }
}

async function once(setting: Setting, name: Name, into?: string): Promise<Measured & { calls: number }> {
  const { scenario, pipelines, standIn } = setting;
  const { round } = setting.world;
  const { each, everything } = scenario;
  if (each > 0) await standIn.ask('edit', { world: name, system: 'hubspot', each, round });
  await standIn.ask('calls', { world: name });
  const before = setting.databaseCpu();
  const measured = await pipelines[name].ask<Measured>('run', { everything, into });
  const cpu = measured.cpu + setting.databaseCpu() - before;
  const calls = await standIn.ask<number>('calls', { world: name });
  // Its own writes coming back are not part of the next repeat.
  if (each > 0) await pipelines[name].ask('run', { everything: false });
  return { ...measured, cpu, calls };
}

/** How long commands wait for their acknowledgement while Truce is at it; about fifty a second are typed. */
async function whileTyping<T>(setting: Setting, acks: number[], work: () => Promise<T>): Promise<T> {
  const { pipelines, standIn } = setting;
  const { slack } = await standIn.ask<{ slack: unknown }>('where');
  await pipelines.truce.ask('listen', { where: slack });
  let isRunning = true;
  const typing = (async () => {
    while (isRunning) {
      acks.push(await standIn.ask<number>('ack'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const done = await work();
  isRunning = false;
  await typing;
  await pipelines.truce.ask('hush');
  return done;
}

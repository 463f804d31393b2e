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
  /** Seconds of processor of a database that is a process of its own. */
  readonly databaseCpu: () => number;
}
type Name = keyof Setting['pipelines'];

const names: readonly Name[] = ['ideal', 'truce'];

/** Measures a scenario: both pipelines in turn, time after time, and once more with somebody typing commands meanwhile. */
export async function measureScenario(setting: Setting): Promise<Omit<Line, 'database'>> {
  const { scenario, customers, repeats } = setting;
  const runs: Record<Name, (Measured & { calls: number })[]> = { ideal: [], truce: [] };
  let round = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    round += 1;
    for (const name of names) {
      await prepare(setting, name, repeat === 0);
      runs[name].push(await once(setting, name, round));
    }
  }
  const acks = await underLoad(setting, round + 1);
  const of = (name: Name, what: keyof Measured | 'calls') => median(runs[name].map((run) => run[what]));
  const ratioOf = (what: 'seconds' | 'cpu') =>
    median(runs.truce.map((run, i) => run[what] / (runs.ideal[i]?.[what] ?? Number.NaN)));
  const touched = scenario.each > 1 ? Math.ceil(customers / scenario.each) : customers;
  return {
    scenario: scenario.label,
    customers,
    ideal: touched / of('ideal', 'seconds'),
    truce: touched / of('truce', 'seconds'),
    ratio: ratioOf('seconds'),
    cpuRatio: ratioOf('cpu'),
    calls: [of('ideal', 'calls') / touched, of('truce', 'calls') / touched],
    memory: [of('ideal', 'memory'), of('truce', 'memory')],
    gap: of('truce', 'gap'),
    ack: acks.length === 0 ? null : [median(acks), quantile(acks, 0.99)],
  };
}

/** A first load begins anew each time; for the rest the customers are loaded once, and calm. */
async function prepare(setting: Setting, name: Name, isNew: boolean): Promise<void> {
  const { scenario, customers, pipelines, standIn } = setting;
  if (!isNew && !scenario.isFirst) return;
  const missing = systems.filter((system) => !scenario.where.includes(system));
  await standIn.ask('build', { world: name, count: customers, where: scenario.where });
  await pipelines[name].ask('fresh', { missing });
  if (scenario.isFirst) return;
  for (let calm = 0; calm < 2; calm++) await pipelines[name].ask('run', { everything: true });
  await pipelines[name].ask('tend');
}

/** One run more, of which is written down where its time goes. */
export async function look(
  setting: Setting,
  { database, folder }: { readonly database: string; readonly folder: string },
): Promise<void> {
  const { scenario, customers } = setting;
  for (const name of names) {
    await prepare(setting, name, false);
    const into = join(folder, [name, scenario.name, database, customers].join('-'));
    const { cpu } = await once(setting, name, setting.repeats + 3, into);
    appendFileSync(`${into}.md`, `\n${cpu.toFixed(2)} s of processor, with the database\n`);
  }
}

async function once(
  setting: Setting,
  name: Name,
  round: number,
  into?: string,
): Promise<Measured & { calls: number }> {
  const { scenario, pipelines, standIn } = setting;
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
async function underLoad(setting: Setting, round: number): Promise<number[]> {
  const { pipelines, standIn } = setting;
  const { slack } = await standIn.ask<{ slack: unknown }>('where');
  await prepare(setting, 'truce', false);
  await pipelines.truce.ask('listen', { where: slack });
  const acks: number[] = [];
  let isRunning = true;
  const typing = (async () => {
    while (isRunning) {
      acks.push(await standIn.ask<number>('ack'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await once(setting, 'truce', round);
  isRunning = false;
  await typing;
  await pipelines.truce.ask('hush');
  return acks;
}

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { look, measureScenario } from './compare.ts';
import { startPostgres } from './postgres.ts';
import { type Helper, startHelper } from './process.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type Line, table } from './table.ts';

const usage = `npm run bench -- [--customers 10000,100000] [--database postgresql,pglite] [--scenario ${Object.keys(scenarios).join(',')}] [--repeats 3] [--profile folder]`;

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000' },
    database: { type: 'string', default: 'postgresql' },
    scenario: { type: 'string', default: Object.keys(scenarios).join() },
    repeats: { type: 'string', default: '3' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await bench();

async function bench(): Promise<void> {
  const wanted = values.scenario.split(',').map((name) => {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`There is no scenario “${name}”.\n${usage}`);
    return scenario;
  });
  const standIn = await startHelper('stand-in.ts');
  const lines: Line[] = [];
  try {
    for (const database of values.database.split(','))
      for (const customers of values.customers.split(',').map(Number))
        lines.push(...(await onDatabase(database, customers, wanted, standIn)));
  } finally {
    await standIn.end();
  }
  console.log(table(lines));
}

async function onDatabase(
  database: string,
  customers: number,
  wanted: readonly Scenario[],
  standIn: Helper,
): Promise<Line[]> {
  const { url } = await standIn.ask<{ url: string }>('where');
  const server =
    database === 'postgresql'
      ? await startPostgres(['truce', 'ideal'], { isWatched: Boolean(values.profile) })
      : null;
  const folder = join(tmpdir(), `truce-bench-${process.pid}`);
  const start = (pipeline: string) => {
    const argv = [pipeline, server?.url(pipeline) ?? '-', join(folder, pipeline), `${url}/${pipeline}`];
    return startHelper('pipeline.ts', argv, ['--expose-gc']);
  };
  const started: Helper[] = [];
  const databaseCpu = () => server?.cpu() ?? 0;
  const repeats = Number(values.repeats);
  const world = { isLoaded: false, calm: new Set<string>(), round: 0 };
  const lines: Line[] = [];
  try {
    for (const name of ['ideal', 'truce']) started.push(await start(name));
    const [ideal, truce] = started as [Helper, Helper];
    const pipelines = { ideal, truce };
    for (const scenario of wanted) {
      const setting = { scenario, customers, repeats, pipelines, standIn, databaseCpu, world };
      const line = await measureScenario(setting);
      if (values.profile) await look(setting, { database, folder: values.profile });
      lines.push({ ...line, database });
      console.log(table([{ ...line, database }]));
    }
  } finally {
    await Promise.all(started.map((one) => one.end()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
}

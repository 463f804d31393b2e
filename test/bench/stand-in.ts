import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manualClock, systemClock } from '#src/clock.ts';
import { startPracticeSlack } from '#src/playground/slack/practice-slack.ts';
import { APP, defaultWorkspace } from '#src/playground/slack/workspace.ts';
import { openStore } from '#src/playground/store.ts';
import { customerAt, type Held, phoneOf, type System, systems } from './customers.ts';

/**
 * A process of its own that stands in for three vendors: as quick as Node serves JSON, in pages of a hundred, without any vendor's
 * ways. So the bench measures Truce and not the practice vendors. Each pipeline has a world of its own here. It is a practice
 * Slack as well, which types a command and says how long its acknowledgement took.
 */
interface World {
  readonly records: Record<System, Held[]>;
  calls: number;
}

const page = 100;
const worlds = new Map<string, World>();

type Ask = Readonly<Record<string, unknown>>;

function build({ world, count, where }: Ask): void {
  const now = Date.now() - 3_600_000;
  const made = Object.fromEntries(
    systems.map((system) => [
      system,
      (where as readonly string[]).includes(system)
        ? Array.from({ length: Number(count) }, (_, i) => customerAt(i, now))
        : [],
    ]),
  );
  worlds.set(String(world), { records: made as World['records'], calls: 0 });
}

/** Somebody types another phone number into every `each`-th customer of a system. */
function edit({ world, system, each, round }: Ask): void {
  const records = worldOf(world).records[system as System];
  for (let i = 0; i < records.length; i += Number(each)) {
    const record = records[i] as Held;
    record.phone = phoneOf(i, Number(round));
    record.changed_at = Date.now();
  }
}

function worldOf(name: unknown): World {
  const world = worlds.get(String(name));
  if (!world) throw new Error(`there is no world ${name}`);
  return world;
}

function list(records: readonly Held[], since: number, after: number) {
  const customers: Held[] = [];
  let at = after;
  for (; at < records.length && customers.length < page; at += 1) {
    const record = records[at] as Held;
    if (record.changed_at >= since) customers.push(record);
  }
  return { customers, next: at < records.length ? at : null };
}

function answer(path: string, query: URLSearchParams, body: Ask): unknown {
  const [, name, system, what] = path.split('/');
  const world = worldOf(name);
  const records = world.records[system as System];
  world.calls += 1;
  switch (what) {
    case 'customers':
      return list(records, Number(query.get('since')), Number(query.get('after')));
    case 'read':
      return { customers: (body.ids as readonly string[]).flatMap((id) => records[Number(id) - 1] ?? []) };
    case 'update':
      for (const { id, fields } of body.inputs as readonly { id: string; fields: Partial<Held> }[])
        Object.assign(records[Number(id) - 1] as Held, fields, { changed_at: Date.now() });
      return { saved: true };
    case 'create':
      return {
        ids: (body.inputs as readonly Partial<Held>[]).map((fields) => {
          const id = String(records.length + 1);
          records.push({ ...customerAt(records.length, Date.now()), ...fields, id });
          return id;
        }),
      };
    default:
      throw new Error(`nothing is at ${path}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Ask> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Ask);
}

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const said = JSON.stringify(answer(url.pathname, url.searchParams, await bodyOf(request)));
    response.writeHead(200, { 'content-type': 'application/json' }).end(said);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(String(error)));
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const slack = await startPracticeSlack({
  store: openStore(':memory:'),
  clock: { ...systemClock, sleep: manualClock(new Date()).sleep },
  ...defaultWorkspace,
});

/** How long one command waits for its acknowledgement, in ms. */
async function ack(): Promise<number> {
  const began = performance.now();
  const [{ id: channel } = { id: '' }] = slack.channelsFor('U0PRIYA001');
  const done = await slack.command({ as: 'U0PRIYA001', channel, threadTs: null, text: 'status' });
  if (!done.ok) throw new Error(done.error);
  return performance.now() - began;
}

const tasks: Readonly<Record<string, (ask: Ask) => unknown>> = {
  build,
  edit,
  ack,
  calls: ({ world }) => {
    const { calls } = worldOf(world);
    worldOf(world).calls = 0;
    return calls;
  },
  where: () => ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    slack: { botToken: APP.botToken, appToken: APP.appToken, signingSecret: null, apiUrl: slack.apiUrl },
  }),
};

process.on('message', async ({ id, task, ...ask }: { id: number; task: string } & Ask) => {
  try {
    process.send?.({ id, value: (await tasks[task]?.(ask)) ?? null });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerTo } from './answers.ts';
import { type Args, optionalText, readArgs } from './api/args.ts';
import { methods } from './api/methods.ts';
import { Refused } from './api/refused.ts';
import { isUpload } from './uploads.ts';
import { APP } from './workspace.ts';
import type { World } from './world.ts';

/** One call that the app made, for tests. */
export interface Call {
  readonly method: string;
  readonly at: Date;
  readonly status: number;
  /** Null when it was carried out. */
  readonly error: string | null;
}
interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter?: number;
}

/** The HTTP side: `/api/<method>`, and the addresses under which the app answers without a token. */
export function createHttp(world: World, record: (call: Call) => void): Server {
  const server = createServer((request, response) => {
    serve(world, record, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', world.sockets.upgrade);
  return server;
}

async function serve(
  world: World,
  record: (call: Call) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const bytes = await readBody(request);
  const body = bytes.toString('utf8');
  if (world.faults.isDown) return void response.writeHead(503).end('Service Unavailable');
  if (isUpload(pathname)) {
    const taken = world.uploads.arrived(pathname, await fileIn(request, bytes));
    return void response.writeHead(taken ? 200 : 400).end(taken ? 'OK' : 'bad upload');
  }
  if (!pathname.startsWith('/api/')) {
    const said = answerTo(world, pathname, body);
    return void response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
  }
  const method = pathname.slice('/api/'.length);
  const answer = call(world, method, request, searchParams, body);
  record({
    method,
    at: world.clock.now(),
    status: answer.status,
    error: answer.body.ok === true ? null : String(answer.body.error),
  });
  if (world.faults.takeLostAnswer(method)) return void request.socket.destroy();
  send(response, answer, headersOf(world));
}

/** Slack says with every answer what time it is there, and what the app was granted. */
const headersOf = ({ clock, scopes }: World): Record<string, string> => ({
  date: clock.now().toUTCString(),
  ...(scopes === null ? {} : { 'x-oauth-scopes': scopes.join(',') }),
});

function send(
  response: ServerResponse,
  { status, body, retryAfter }: Answer,
  more: Record<string, string>,
): void {
  const headers = {
    ...more,
    'content-type': 'application/json; charset=utf-8',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function call(
  world: World,
  method: string,
  request: IncomingMessage,
  query: URLSearchParams,
  body: string,
): Answer {
  try {
    const sent = readArgs(request.headers['content-type'] ?? '', body);
    const args: Args = { ...Object.fromEntries(query), ...sent };
    const token =
      /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? optionalText(args, 'token');
    authorise(method, token);
    const wait =
      world.faults.takeRateLimit(method) ?? world.limits(method, optionalText(args, 'channel') ?? '');
    if (wait !== null) return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: wait };
    const failure = world.faults.takeFailure(method);
    if (failure !== undefined) throw new Refused(failure);
    return { status: 200, body: { ok: true, ...carryOut(world, method, args, request) } };
  } catch (error) {
    if (error instanceof Refused) return { status: 200, body: error.answer };
    throw error;
  }
}

/** Socket addresses are for the app's token, everything else for the bot's. */
function authorise(method: string, token: string | null): void {
  const known: readonly string[] = [APP.botToken, APP.appToken];
  if (method !== 'apps.connections.open' && !methods.has(method))
    throw new Refused('unknown_method', { req_method: method });
  if (token === null) throw new Refused('not_authed');
  if (!known.includes(token)) throw new Refused('invalid_auth');
  const wanted = method === 'apps.connections.open' ? APP.appToken : APP.botToken;
  if (token !== wanted) throw new Refused('not_allowed_token_type');
}

function carryOut(world: World, method: string, args: Args, request: IncomingMessage) {
  if (method === 'apps.connections.open')
    return { url: world.sockets.address(request.headers.host ?? 'localhost') };
  return methods.get(method)?.(world, args, request.headers.host ?? 'localhost') ?? {};
}

/** The bytes of a file: sent as they are, or as the one part of a form. */
async function fileIn({ headers }: IncomingMessage, bytes: Buffer): Promise<Buffer> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return bytes;
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const [part] = [...form.values()];
  return part instanceof Blob ? Buffer.from(await part.arrayBuffer()) : Buffer.from(part ?? '');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

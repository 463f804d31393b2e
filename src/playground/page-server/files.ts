import { readFile } from 'node:fs/promises';
import { findPackageJSON, stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';

const folder = fileURLToPath(new URL('../page/', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};
/** The page's libraries, served from where npm put them. */
const libraries: Readonly<Record<string, string>> = {
  'preact.js': 'preact/dist/preact.module.js',
  'preact-hooks.js': 'preact/hooks/dist/hooks.module.js',
  'htm.js': 'htm/dist/htm.module.js',
  'htm-preact.js': 'htm/preact/index.module.js',
};
/** The page loads nothing from elsewhere but pictures that a message names. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  'img-src * data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** `/`, `/page/*` and `/lib/*`: the front-end as it stands in the repository, its types taken out on the way. */
export function createFileRoutes(): Hono {
  const served = new Map<string, Promise<string>>();
  const send = async (
    c: Context,
    path: string,
    type: string,
    make: () => Promise<string>,
  ): Promise<Response> => {
    const known = served.get(path) ?? make();
    served.set(path, known);
    const body = await known.catch(() => null);
    if (body === null) {
      served.delete(path);
      return c.text('Not found', 404);
    }
    c.header('content-type', type);
    c.header('cache-control', 'no-cache');
    c.header('x-content-type-options', 'nosniff');
    if (type.startsWith('text/html')) c.header('content-security-policy', policy);
    return c.body(body);
  };
  const routes = new Hono();
  routes.get('/', (c) => send(c, 'index.html', types['.html'] ?? '', () => pageFile('index.html')));
  routes.get('/page/*', async (c) => {
    const path = c.req.path.slice('/page/'.length);
    const type = types[extname(path)];
    const isOurs = /^[a-z0-9-]+(\/[a-z0-9-]+)*\.[a-z]+$/.test(path);
    return type && isOurs ? send(c, path, type, () => pageFile(path)) : c.text('Not found', 404);
  });
  routes.get('/lib/:name', async (c) => {
    const source = libraries[c.req.param('name')];
    return source
      ? send(c, `lib/${source}`, types['.ts'] ?? '', () => libraryFile(source))
      : c.text('Not found', 404);
  });
  return routes;
}

async function pageFile(path: string): Promise<string> {
  const source = await readFile(join(folder, path), 'utf8');
  return path.endsWith('.ts') ? quietly(() => stripTypeScriptTypes(source)) : source;
}

async function libraryFile(path: string): Promise<string> {
  const name = path.slice(0, path.indexOf('/'));
  const manifest = findPackageJSON(name, import.meta.url);
  if (!manifest) throw new Error(`${name} is not installed`);
  return readFile(join(dirname(manifest), path.slice(name.length + 1)), 'utf8');
}

/** Node 26 warns that taking types out is experimental. We have pinned that Node, so nobody needs to read it on the terminal. */
function quietly<R>(work: () => R): R {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..');
const product = globSync(['src/**/*.ts', 'commands/**/*.ts'], { cwd: root }).filter(
  (file) => !file.startsWith('src/playground/page/'),
);
/** A file's code without its comments, which may name what code may not. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
const using = (pattern: RegExp) => product.filter((file) => pattern.test(codeOf(file)));

describe('who reads the world', () => {
  it('finds the product', () => {
    expect(product.length).toBeGreaterThan(50);
  });

  it('only config.ts reads the environment', () => {
    expect(using(/process\.env/)).toEqual(['src/config.ts']);
  });

  it('only clock.ts reads the time', () => {
    expect(using(/Date\.now\(|new Date\(\)|Temporal\.Now|performance\.(now|timeOrigin)/)).toEqual([
      'src/clock.ts',
    ]);
  });

  it('nothing rolls dice', () => {
    expect(using(/Math\.random/)).toEqual([]);
  });

  it('no query asks the database for the time, but for the one that compares its clock with ours', () => {
    expect(using(/sql(<[^>]*>)?`[^`]*\b(now\(\)|current_timestamp|clock_timestamp\(\))/i)).toEqual([
      'src/ledger/runs/self-look.ts',
    ]);
  });

  it('nothing imports from the tests', () => {
    expect(using(/from '(#test\/|(\.\.\/)+test\/)/)).toEqual([]);
  });

  it('only main.ts loads the playground, once, and only dynamically', () => {
    const outside = product.filter((file) => !file.startsWith('src/playground/'));
    const loading = outside.filter((file) =>
      /from '[^']*playground\/|import\('[^']*playground\//.test(codeOf(file)),
    );
    expect(loading).toEqual(['src/main.ts']);
    expect(codeOf('src/main.ts').match(/'[^']*playground\/[^']*'/g)).toHaveLength(1);
    expect(codeOf('src/main.ts')).toMatch(/await import\('\.\/playground\//);
  });
});

const refused: readonly [file: string, module: string][] = [
  ['src/entities/new.ts', 'node:crypto'],
  ['src/entities/other.ts', 'node:fs/promises'],
  ['src/entities/third.ts', 'pino'],
  ['src/entities/fourth.ts', '../clock.ts'],
  ['src/sync/compare.ts', '../ledger/db.ts'],
  ['src/sync/decide.ts', 'drizzle-orm'],
  ['src/slack/messages/new.ts', '../../ledger/records/lookup.ts'],
  ['src/slack/messages/other.ts', '@slack/web-api'],
  ['src/connectors/xero/new.ts', '../hubspot/companies/map.ts'],
  ['src/connectors/hubspot/new.ts', '../../ledger/db.ts'],
  ['src/connectors/cin7-core/new.ts', '../../slack/deps.ts'],
  ['src/connectors/http/new.ts', '../xero/index.ts'],
  ['src/connectors/postgresql/new.ts', '../../ledger/db.ts'],
  ['src/connectors/csv/new.ts', '../postgresql/index.ts'],
  ['src/connectors/hubspot/deals/new.ts', '../../xero/index.ts'],
  ['src/connectors/xero/items/new.ts', '../../csv/index.ts'],
  ['src/sync/decide-step.ts', '../ledger/db.ts'],
  ['src/sync/safety/decide-safety-stop.ts', '../../clock.ts'],
  ['src/sync/amending/under-new-terms.ts', '../../ledger/db.ts'],
  ['src/alerts/interrupt.ts', '../ledger/db.ts'],
  ['src/connectors/new.ts', '../ledger/records/records.ts'],
  ['src/sync/new.ts', '../slack/deps.ts'],
  ['src/ledger/new.ts', '../slack/deps.ts'],
  ['src/alerts/new.ts', '@slack/bolt'],
];
const allowed: readonly [file: string, module: string][] = [
  ['src/entities/new.ts', 'zod'],
  ['src/entities/other.ts', './field.ts'],
  ['src/sync/compare.ts', '../entities/field.ts'],
  ['src/sync/new.ts', '../ledger/db.ts'],
  ['src/slack/messages/new.ts', '../../ledger/tables/runs.ts'],
  ['src/connectors/xero/new.ts', '../connector.ts'],
  ['src/connectors/xero/items/new.ts', '../client.ts'],
  ['src/sync/writing/decide-order.ts', '../../ledger/records/needs.ts'],
  ['src/connectors/registry.ts', './xero/index.ts'],
  ['src/slack/new.ts', '../ledger/records/lookup.ts'],
];

describe('docs/architecture.md', () => {
  const table = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, folder, , imports] = /^\| `(?:\.\.\/)?([a-z.]+)\/?` \| (.+) \| (.+) \|$/.exec(line) ?? [];
      return folder && imports ? [[folder, imports] as const] : [];
    });
  const folders = table.filter(([, imports]) => imports.startsWith('`'));

  it('names every folder', () => {
    const there = new Set(product.map((file) => file.split('/')[file.startsWith('src/') ? 1 : 0]));
    const named = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    expect([...there].filter((folder) => !new RegExp(`[\`/]${folder}[\`/]`).test(named))).toEqual([]);
    expect(folders.length).toBeGreaterThan(7);
  });

  it.each(folders)('says what %s/ imports, and of what only types', (folder, imports) => {
    const [values = '', types = ''] = imports.split('; types of ');
    expect({ values: namesIn(values), types: namesIn(types) }).toEqual(importsOf(folder));
  });
});

const namesIn = (cell: string) => [...cell.matchAll(/`([a-z.]+)\/?`/g)].map(([, name]) => name).sort();

/** What the files of a folder import of other folders. */
function importsOf(folder: string): { values: string[]; types: string[] } {
  const layerOf = (file: string) => file.split('/')[file.startsWith('src/') ? 1 : 0] ?? '';
  const found = product
    .filter((file) => layerOf(file) === folder)
    .flatMap((file) =>
      [...codeOf(file).matchAll(/^(?:import|export) (type )?[^;']*?from '([.#][^']+)';/gm)].map(
        ([, type, path = '']) => ({
          layer: layerOf(path.startsWith('#') ? path.slice(1) : join(dirname(file), path)),
          isType: type !== undefined,
        }),
      ),
    )
    .filter(({ layer }) => layer !== folder);
  const values = new Set(found.filter(({ isType }) => !isType).map(({ layer }) => layer));
  const types = new Set(found.map(({ layer }) => layer).filter((layer) => !values.has(layer)));
  return { values: [...values].sort(), types: [...types].sort() };
}

/** The rules stand in `.biome.json`. Of several overrides there that fit a file, the last alone counts. */
describe('who may import whom', () => {
  it('refuses what would tangle the layers', () => {
    expect(refusedOf(refused)).toEqual(refused.map(([file]) => file).sort());
  });

  it('lets what decides have types of the ledger, and nothing that runs', () => {
    const pure = product.filter((file) =>
      /^src\/(sync|alerts)\/(.+\/)?decide-[^/]+$|under-new-terms/.test(file),
    );
    expect(pure.length).toBeGreaterThan(8);
    const running = pure.flatMap((file) =>
      [...codeOf(file).matchAll(/^import (?!type )[^;]*ledger\/[^;]*;/gm)].map(([line]) => [file, line]),
    );
    expect(running).toEqual([]);
  });

  it('allows what each layer needs', () => {
    expect(refusedOf(allowed)).toEqual([]);
  });
});

/** Files that Biome refuses by the project's rules, of files that hold one import each. */
function refusedOf(files: readonly [file: string, module: string][]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'truce-rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { overrides } = JSON.parse(readFileSync(join(root, '.biome.json'), 'utf8')) as { overrides: unknown };
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, overrides }));
  for (const [file, module] of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `import { thing } from '${module}';\nexport const used = thing;\n`);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const rule = ['lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [biome, ...rule, folder], { cwd: folder, encoding: 'utf8' });
  const found = [...stdout.matchAll(/noRestrictedImports,file=([^,]+),/g)].map(
    ([, file]) => file?.slice(file.indexOf('src/')) ?? '',
  );
  return [...new Set(found)].sort();
}

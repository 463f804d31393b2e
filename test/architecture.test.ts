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
  ['src/connectors/registry.ts', './xero/index.ts'],
  ['src/slack/new.ts', '../ledger/records/lookup.ts'],
];

/** The rules stand in `.biome.json`. Of several overrides there that fit a file, the last alone counts. */
describe('who may import whom', () => {
  it('refuses what would tangle the layers', () => {
    expect(refusedOf(refused)).toEqual(refused.map(([file]) => file).sort());
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

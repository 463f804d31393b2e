import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { firstColumn, standIns } from './support/stand-ins-page.ts';

const textOf = (path: string) => readFileSync(path, 'utf8');
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

/** What the page lists of the environment, Slack's methods and its errors is what the code reads, calls and tells apart. */
describe('docs/stand-ins.md', () => {
  it('lists every variable of the environment, and no other', () => {
    const read = [...textOf('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
    const { connections } = parse(textOf('truce.yml')) as {
      connections: Record<string, { credentials: Record<string, string> }>;
    };
    const credentials = Object.values(connections).flatMap((one) => Object.values(one.credentials));
    expect(read.length).toBeGreaterThan(5);
    expect(firstColumn('Environment')).toEqual(sorted([...read.map(String), ...credentials]));
  });

  it('lists every Slack method that the code calls, and no other', () => {
    const code = globSync('src/slack/**/*.ts').map(textOf).join('\n');
    const called = [...code.matchAll(/client\.(\w+)\.(\w+)\(/g)].map(
      ([, family, method]) => `${family}.${method}`,
    );
    // What the library calls by itself: for its socket, and for a file.
    const library = ['apps.connections.open', 'files.getUploadURLExternal', 'files.completeUploadExternal'];
    const own = called.filter((name) => name !== 'files.uploadV2');
    expect(firstColumn('Slack').filter((name) => name.includes('.'))).toEqual(sorted([...own, ...library]));
  });

  it('lists every error of Slack that the code tells apart', () => {
    const told = [...textOf('src/slack/outcome.ts').matchAll(/'([a-z]+(?:_[a-z]+)+)'/g)].map(
      ([, name]) => `${name}`,
    );
    const ours = ['badly_drawn'];
    expect(told.length).toBeGreaterThan(15);
    for (const name of told.filter((one) => !ours.includes(one))) {
      expect(standIns, name).toMatch(new RegExp(`[\`\\s]${name}[\`\\s]`));
    }
  });
});

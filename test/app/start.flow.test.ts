import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeOn } from '#test/support/database.ts';
import { unprivileged } from '#test/support/postgres.ts';
import { type Process, startProcess, temporaryFolder } from '#test/support/process.ts';
import { openStandIns } from '#test/support/stand-ins.ts';
import { until } from '#test/support/until.ts';

const minute = 60_000;

/** It ended by itself, not well, and said so in plain lines. Returns those. */
async function refusal(truce: Process): Promise<string[]> {
  expect(await truce.ended).toBe(1);
  expect(truce.err()).not.toMatch(/^\s+at |node:internal|\.ts:\d+|Error:/m);
  return truce.err().trimEnd().split('\n');
}

const run = { as: 'U0PRIYA001', channel: 'C0SYNCCUST', threadTs: null, text: '/sync run customers' };

async function lastRun(truce: Process): Promise<string | undefined> {
  const { flows } = (await (await truce.get('/health')).json()) as {
    flows: { customers?: { lastRun: { state: string } | null } };
  };
  return flows.customers?.lastRun?.state;
}

describe('Truce in practice', { timeout: 4 * minute }, () => {
  it('says what runs and where, answers for its health, and ends cleanly on Ctrl-C', async () => {
    const folder = temporaryFolder();
    const truce = await startProcess({ env: { TRUCE_DATA_DIR: folder }, allFlows: true });
    await truce.says('Stop with Ctrl-C');
    expect(truce.out()).toContain(
      `Truce runs in its practice workspace: open http://localhost:${truce.port}\n`,
    );
    expect(truce.out()).toMatch(`Database: PGlite in ${folder}/pglite`);
    expect(truce.out()).toMatch('Agreement: version 1, Example Trading Co');
    expect(truce.out()).toMatch(
      /Sync: Customers \(HubSpot, Xero, Cin7 Core\), next run \d+:\d\d [ap]m, talks in #sync-customers/,
    );
    const health = await until(async () => {
      const answer = await truce.get('/health');
      const { ok, flows } = (await answer.json()) as { ok: boolean; flows: Record<string, unknown> };
      return answer.status === 200 && ok && flows;
    });
    expect(Object.keys(health)).toEqual(['customers', 'products', 'stock', 'invoices', 'payments']);

    const second = await startProcess({ env: { TRUCE_DATA_DIR: folder } });
    expect(await refusal(second)).toEqual([
      expect.stringMatching(
        `^Another Truce \\(process ${truce.pid} on .*\\) is using the data folder ${folder}\\. Stop it first, or set TRUCE_DATA_DIR to another folder\\.$`,
      ),
    ]);
    const third = await startProcess({
      env: { TRUCE_DATA_DIR: temporaryFolder(), PORT: String(truce.port) },
    });
    expect(await refusal(third)).toEqual([
      `Port ${truce.port} is already in use. Stop what uses it, or set PORT to another.`,
    ]);

    // A page that is open must not keep it.
    const page = await truce.get('/practice/events');
    const stream = page.body?.getReader();
    await stream?.read();
    expect(await truce.end('SIGINT')).toBe(0);
    expect(truce.err()).toBe('');
    expect(readdirSync(folder)).not.toContain('truce.lock');
  });

  it('ends as cleanly while it is still being prepared, and goes on there', async () => {
    const folder = temporaryFolder();
    const first = await startProcess({ env: { TRUCE_DATA_DIR: folder } });
    await first.says('Living through');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await first.end('SIGINT')).toBe(0);
    expect(first.err()).toBe('');
    expect(first.out()).not.toMatch(/error|note:/);
    const second = await startProcess({ env: { TRUCE_DATA_DIR: folder } });
    await second.says('Stop with Ctrl-C');
    expect(second.out()).not.toContain('error');

    // Nor does it wait for a system that does not answer.
    await second.post('/practice/break', { system: 'xero', kind: 'silent' });
    await second.post('/practice/command', run);
    await until(async () => (await lastRun(second)) === 'running');
    expect(await second.end('SIGTERM')).toBe(0);
    expect(second.err()).toBe('');
  });
});

describe('Truce does not start', { timeout: minute }, () => {
  it('in a data folder where it may not write', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const TRUCE_DATA_DIR = join(folder, 'data');
    const truce = await startProcess({ env: { TRUCE_DATA_DIR }, user: unprivileged() });
    expect(await refusal(truce)).toEqual([
      `Truce cannot write in its data folder ${TRUCE_DATA_DIR} (EACCES). Make it writable, or set TRUCE_DATA_DIR.`,
    ]);
  });

  it('on a port that somebody else has on all addresses', async () => {
    const server = createServer().listen(0);
    onTestFinished(() => void server.close());
    const address = await until(() => server.address());
    const PORT = String(typeof address === 'object' ? address.port : '');
    const truce = await startProcess({ env: { TRUCE_DATA_DIR: temporaryFolder(), PORT } });
    expect(await refusal(truce)).toEqual([
      `Port ${PORT} is already in use. Stop what uses it, or set PORT to another.`,
    ]);
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /^SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not\. /],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, /^SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not\. /],
    [{ DATABASE_URL: 'mysql://x/y' }, /^DATABASE_URL is not a PostgreSQL address/],
    [{ PORT: 'eighty' }, /^PORT is not a port number\.$/],
    [
      { DATABASE_URL: 'postgres://truce:secret@127.0.0.1:1/truce' },
      /^Truce cannot use the database at 127\.0\.0\.1:1\/truce \(ECONNREFUSED\)\. Check DATABASE_URL and that PostgreSQL runs\.$/,
    ],
  ])('with %j', async (env, line) => {
    const folder = temporaryFolder();
    const truce = await startProcess({ env: { TRUCE_DATA_DIR: folder, ...env } as Record<string, string> });
    expect(await refusal(truce)).toEqual([expect.stringMatching(line)]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a broken agreement', { timeout: minute }, () => {
  const start = async (text: string | null) => {
    const folder = temporaryFolder();
    const file = join(folder, 'agreement.yml');
    if (text !== null) writeFileSync(file, text);
    const TRUCE_DATA_DIR = join(folder, 'data');
    const lines = await refusal(await startProcess({ env: { TRUCE_CONFIG: file, TRUCE_DATA_DIR } }));
    expect(existsSync(TRUCE_DATA_DIR)).toBe(false);
    return { file, lines };
  };
  const good = () => readFile('truce.yml', 'utf8');
  const lineOf = (text: string, words: string | RegExp) =>
    text.split('\n').findIndex((line) => line.match(words)) + 1;

  it('that is not there is named', async () => {
    const { file, lines } = await start(null);
    expect(lines).toEqual([
      `Truce does not start: ${file} has one problem.`,
      `  ${file}: There is no file ${file}.`,
      '    Start Truce where it is, or name it in TRUCE_CONFIG.',
    ]);
  });

  it.each<[string, (text: string) => string, RegExp, RegExp]>([
    ['a tab', (text) => text.replace('    name: Customers', '\tname: Customers'), /\tname/, /tab/i],
    ['an unknown field', (text) => text.replace('      email:', '      e_mail:'), /e_mail/, /e_mail/],
    ['no owners', (text) => text.replace(/ {4}owners:.*\n/, ''), /^ {2}customers:/, /no owners/],
    ['no channel', (text) => text.replace(/ {4}channel:.*\n/, ''), /^ {2}customers:/, /no channel/],
    [
      'no system of record',
      (text) => text.replace(/ {4}system_of_record:.*\n/, ''),
      /^ {2}customers:/,
      /no system_of_record/,
    ],
  ])('with %s: the line, what is wrong, and what to do', async (_, spoil, where, what) => {
    const text = spoil(await good());
    const { file, lines } = await start(text);
    expect(lines[0]).toBe(`Truce does not start: ${file} has one problem.`);
    expect(lines[1]).toMatch(`  ${file}, line ${lineOf(text, where)}: `);
    expect(lines[1]).toMatch(what);
    expect(lines[2]).toMatch(/^ {4}[A-Z].*[.?]$/);
    expect(lines).toHaveLength(3);
  });

  it('with a flow twice: both lines', async () => {
    const text = await good();
    const flow = text.slice(text.indexOf('  customers:'));
    const doubled = `${text}\n${flow}`;
    const { file, lines } = await start(doubled);
    expect(lines[1]).toMatch(`  ${file}, line ${doubled.split('\n').lastIndexOf('  customers:') + 1}: `);
    expect(lines[1]).toMatch(String(lineOf(doubled, /^ {2}customers:/)));
    expect(lines[2]).toMatch(/^ {4}[A-Z]/);
  });
});

describe('with stand-ins only', { timeout: 2 * minute }, () => {
  it('says which credentials are missing before it opens anything', async () => {
    const standIns = await openStandIns();
    const { HUBSPOT_TOKEN: _, XERO_CLIENT_SECRET: __, ...env } = standIns.env;
    const folder = temporaryFolder();
    const truce = await startProcess({ env: { ...env, TRUCE_DATA_DIR: folder } });
    expect(await refusal(truce)).toEqual([
      'HUBSPOT_TOKEN is not set: the connection “hubspot” needs it as its token. Set it in the environment.',
      'XERO_CLIENT_SECRET is not set: the connection “xero” needs it as its client_secret. Set it in the environment.',
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  const runsOn = async (database: Readonly<Record<string, string>>, describe: RegExp) => {
    const standIns = await openStandIns();
    const truce = await startProcess({ env: { ...standIns.env, ...database } });
    await truce.says('Stop with Ctrl-C');
    expect(truce.out()).toMatch(
      `Truce runs in your Slack workspace; health at http://localhost:${truce.port}/health`,
    );
    expect(truce.out()).toMatch(describe);
    const asked = await standIns.message(/first/i);
    expect(asked.channel).toBe('C0SYNCCUST');
    expect((await truce.get('/')).status).toBe(404);
    expect((await truce.get('/practice/state')).status).toBe(404);
    expect((await truce.get('/health')).status).toBe(200);
    expect(await truce.end('SIGINT')).toBe(0);
    expect(truce.err()).toBe('');
  };

  it('it runs without the playground, on PGlite', () =>
    runsOn({ TRUCE_DATA_DIR: temporaryFolder() }, /Database: PGlite in /));

  describeOn('PostgreSQL', 'the same', (open) => {
    it('leaves the data folder alone', async () => {
      const { options } = await open();
      const TRUCE_DATA_DIR = temporaryFolder();
      await runsOn({ DATABASE_URL: options.databaseUrl ?? '', TRUCE_DATA_DIR }, /Database: PostgreSQL \d+/);
      expect(readdirSync(TRUCE_DATA_DIR)).toEqual([]);
    });
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import { openPractice, type Practice } from '#src/playground/practice.ts';
import { customersAgreement, customersOnly } from './customers-only.ts';
import { temporaryFolder } from './process.ts';
import { textOf } from './reading.ts';
import { until } from './until.ts';

export interface StandIns {
  /** All that a Truce in another process needs to find them: the variables of `docs/stand-ins.md`. */
  readonly env: Readonly<Record<string, string>>;
  readonly practice: Practice;
  /** The newest message that holds these words, as the business owner sees it. Waits for it. */
  message(words: RegExp): Promise<PageMessage>;
}

/** A Slack and three vendors in this process, for a Truce that knows them by its environment and its `truce.yml` alone. */
export async function openStandIns(): Promise<StandIns> {
  const practice = await openPractice({
    dataDir: ':memory:',
    publicUrl: 'http://localhost',
    agreement: await customersAgreement(),
    log: pino({ level: 'silent' }),
    firstMinute: false,
    past: false,
  });
  onTestFinished(() => practice.close());
  const file = parse(customersOnly()) as { connections: Record<string, object> };
  const connections = Object.fromEntries(
    Object.entries(file.connections).map(([id, terms]) => {
      const { baseUrl, authUrl } = practice.overlay[id] ?? { baseUrl: '', authUrl: null };
      return [id, { ...terms, base_url: baseUrl, ...(authUrl ? { auth_url: authUrl } : {}) }];
    }),
  );
  const path = join(temporaryFolder(), 'truce.yml');
  writeFileSync(path, stringify({ ...file, connections }));
  return {
    env: { ...practice.env, TRUCE_CONFIG: path },
    practice,
    message: (words) =>
      until(
        () => practice.slack.messagesFor('U0PRIYA001').findLast((message) => words.test(textOf(message))),
        60_000,
      ),
  };
}

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lineWords } from '#src/slack/messages/lines.ts';

const source = readFileSync(new URL('../../src/slack/messages/lines.ts', import.meta.url), 'utf8');
const templates = [...source.matchAll(/^ {2}(\w+): \(/gm)].map(([, name]) => name ?? '');
const people = ['U0PRIYA001', 'U0TOMW0001'];
/** Whatever a sentence may be about, somebody is named in it. */
const params = Object.fromEntries(
  ['by', 'to', 'seconds', 'label', 'message', 'why', 'reference'].map((name) => [name, people[0]]),
);
const said = (template: string, called: readonly string[]) =>
  lineWords(template, {
    flowName: 'Customers',
    noun: { one: 'customer', many: 'customers' },
    channel: 'sync-customers',
    title: 'Example Timber',
    zone: 'Australia/Sydney',
    technicalOwner: 'U0TOMW0001',
    called,
    params,
  }) ?? '';

test('finds the sentences', () => {
  expect(templates).toContain('incident_escalated');
  expect(templates.length).toBeGreaterThan(10);
});

test.each(templates)('%s mentions those who are called, and nobody else, whoever it is about', (template) => {
  expect(said(template, []).length).toBeGreaterThan(3);
  expect(said(template, [])).not.toContain('<@');
  const mentioned = said(template, people).match(/<@\w+>/g) ?? [];
  for (const one of mentioned) expect(people.map((id) => `<@${id}>`)).toContain(one);
});

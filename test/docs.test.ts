import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getTableName, isTable } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { neededScopes } from '#src/connectors/hubspot/scopes.ts';
import { askedScopes, missingScopes, settingsScope } from '#src/connectors/xero/scopes.ts';
import * as tables from '#src/ledger/tables/index.ts';

const pages = globSync(['*.md', 'docs/**/*.md', '.github/*.md', 'src/**/*.md', 'test/**/*.md']);
const textOf = (page: string) => readFileSync(page, 'utf8');

it('finds the pages', () => {
  for (const page of ['README.md', 'docs/architecture.md', 'docs/promises.md', '.github/contributing.md'])
    expect(pages).toContain(page);
});

it.each(pages)('%s links to nothing that is not there', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to ?? '');
  const local = links.filter((to) => !/^(https?:|#)/.test(to)).map((to) => to.split('#')[0] ?? '');
  expect(local.filter((to) => !existsSync(join(dirname(page), to)))).toEqual([]);
});

it.each(pages)('%s has no row without the head of its table', (page) => {
  const lines = textOf(page)
    .split('\n')
    .map((line) => line.trimStart());
  const headless = lines.filter(
    (line, i) =>
      line.startsWith('|') &&
      !lines[i - 1]?.startsWith('|') &&
      !/^\|( ?:?-+:? ?\|)+$/.test(lines[i + 1] ?? ''),
  );
  expect(headless).toEqual([]);
});

describe('docs/connect.md and what the connectors need', () => {
  const text = textOf('docs/connect.md');
  /** Everything in back-ticks in the row of a chapter's table that begins with a flow. */
  const scopesOf = (chapter: string, flow: string): string[] => {
    const part = text.split(/^## /m).find((one) => one.startsWith(chapter)) ?? '';
    const row = part.split('\n').find((line) => line.startsWith(`| ${flow}`)) ?? '';
    return [...row.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope ?? '').sort();
  };

  it.each([
    ['products, stock', ['product', 'stock_level']],
    ['invoices', ['invoice']],
    ['payments', ['payment']],
  ] as const)('agree on HubSpot’s permissions for %s', (flow, entities) => {
    const billing = { kind: 'property', property: 'billing_email' } as never;
    const needed = neededScopes(entities, billing).map((scope) => scope.replace(/^crm\./, ''));
    expect(scopesOf('HubSpot', flow)).toEqual([...needed].sort());
  });

  it.each([
    ['customers', 'customer'],
    ['products', 'product'],
    ['invoices', 'invoice'],
    ['payments', 'payment'],
  ] as const)('agree on Xero’s scopes for %s', (flow, entity) => {
    const needed = missingScopes([settingsScope], [entity]);
    expect(scopesOf('Xero', flow).filter((scope) => scope !== settingsScope)).toEqual([...needed].sort());
  });

  it('name each scope that a sign-in asks for', () => {
    for (const scope of askedScopes) expect(text).toContain(`\`${scope}\``);
  });
});

it('docs/architecture.md says of every table what it holds, and of no other', () => {
  const [, rows = ''] = textOf('docs/architecture.md').split('| Tables | Hold |');
  const [table = ''] = rows.split('\n\n');
  const named = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? ''),
  );
  const there = Object.values(tables).flatMap((one) => (isTable(one) ? [getTableName(one)] : []));
  expect(named.sort()).toEqual(there.sort());
});

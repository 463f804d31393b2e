import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const pages = globSync(['*.md', 'docs/**/*.md', '.github/*.md', 'src/**/*.md']);

it('finds the pages', () => {
  for (const page of ['README.md', 'docs/architecture.md', 'docs/promises.md', '.github/contributing.md'])
    expect(pages).toContain(page);
});

it.each(pages)('%s links to nothing that is not there', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to ?? '');
  const local = links.filter((to) => !/^(https?:|#)/.test(to)).map((to) => to.split('#')[0] ?? '');
  expect(local.filter((to) => !existsSync(join(dirname(page), to)))).toEqual([]);
});

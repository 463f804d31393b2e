import { readFileSync } from 'node:fs';

/** The page that says what somebody needs who writes a stand-in. */
export const standIns = readFileSync('docs/stand-ins.md', 'utf8');

/** Everything in back-ticks in the first column of a chapter's tables, sorted. `chapter` is its heading, of whatever depth. */
export function firstColumn(chapter: string): string[] {
  const lines = standIns.split('\n');
  const from = lines.findIndex((line) => line.replace(/^#+ /, '') === chapter);
  if (from < 0) throw new Error(`docs/stand-ins.md has no chapter “${chapter}”`);
  const depth = lines[from]?.indexOf(' ') ?? 0;
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= depth);
  const rows = lines
    .slice(from + 1, length < 0 ? undefined : from + 1 + length)
    .flatMap((line) => (line.startsWith('|') ? [line.split('|')[1] ?? ''] : []));
  const names = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
  return [...new Set(names)].sort();
}

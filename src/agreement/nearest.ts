/** The known word that somebody who typed this one probably meant, or null. */
export function nearest(typed: string, known: readonly string[]): string | null {
  const [best] = known
    .map((word) => ({ word, away: distance(simple(typed), simple(word)) }))
    .filter(({ word, away }) => away <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.away - b.away);
  return best?.word ?? null;
}

/** A remedy: the nearest known word if there is one, else all of them. */
export function suggest(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  return meant ? `Did you mean “${meant}”?` : `Use one of: ${known.join(', ')}.`;
}

const simple = (word: string) => word.toLowerCase().replace(/[\s_-]/g, '');

/** Letters to add, drop, change or swap with their neighbour to get from one word to the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      (rows[i] as number[])[j] = Math.min(changed, swapped, cell(i - 1, j) + 1, cell(i, j - 1) + 1);
    }
  }
  return cell(a.length, b.length);
}

import type { Fault } from '../tables/log-links.ts';

/** One for each kind and source: what is found in many links is told as one. Pure. */
export function joined(faults: readonly Fault[]): Fault[] {
  const groups = Map.groupBy(faults, ({ kind, source }) => `${kind} ${source}`);
  return [...groups.values()].map((group) => group.reduce(both));
}

const both = (a: Fault, b: Fault): Fault => ({
  ...a,
  first: Math.min(a.first, b.first),
  last: Math.max(a.last, b.last),
  count: a.count + b.count,
  from: a.from < b.from ? a.from : b.from,
  to: a.to > b.to ? a.to : b.to,
});

/** Whether a fault is a part of one of the others, as a short look finds less of it than a whole one. Pure. */
export const isIn = (fault: Fault, others: readonly Fault[]): boolean =>
  others.some(
    ({ kind, source, first, last }) =>
      kind === fault.kind && source === fault.source && first <= fault.first && last >= fault.last,
  );

/** Names a fault, so that nobody is told of it twice. Pure. */
export const causeOf = ({ kind, source, first, last, count }: Fault): string =>
  `log:${kind}:${source}:${first}-${last}:${count}`;

/** Whether a whole check was begun since a shorter one found it: then that one has the last word. A cut only the next check sees. Pure. */
export const isJudged = (
  { kind, found }: Fault,
  whole: { readonly slot: string; readonly began?: string } | null,
): boolean => kind !== 'cut' && whole !== null && (found ?? '') <= (whole.began ?? whole.slot);

/** What is known once a check has ended: what it has found, and what earlier ones found that is not a part of it. Pure. */
export function withEarlier(found: readonly Fault[], earlier: readonly Fault[], at: string): Fault[] {
  const anew = found.filter((fault) => !earlier.some((known) => covers(known, fault)));
  const kept = earlier
    .filter((known) => !anew.some((fault) => covers(fault, known)))
    .map((known) => (found.some((fault) => covers(known, fault)) ? { ...known, found: at } : known));
  return [...kept, ...anew.map((fault) => ({ ...fault, found: at }))];
}

const covers = (a: Fault, b: Fault): boolean => a.count >= b.count && isIn(b, [a]);

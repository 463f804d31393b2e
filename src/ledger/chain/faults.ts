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

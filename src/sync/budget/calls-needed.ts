import type { Cost, Costs } from '../../connectors/connector.ts';
import type { WorkAhead } from '../../ledger/runs/work-ahead.ts';

/** About how many calls so much work needs. What is written or made is read back. Pure. */
export function callsNeeded({ reads, writes, creates }: WorkAhead, costs: Costs): number {
  return (
    callsFor(reads, costs.read) +
    callsFor(writes, costs.write) +
    callsFor(creates, costs.create) +
    callsFor(writes + creates, costs.read)
  );
}

const callsFor = (records: number, cost: Cost): number => Math.ceil((records / cost.records) * cost.calls);

/** What a run says at its start that cannot finish inside what is left of the day: "This run needs about 1,240 calls to Xero; 380 are left today. The rest follows at 10:00 am." Pure. */
export function shortWords({
  label,
  needs,
  left,
  goesOnAt,
  now,
  timeZone,
}: {
  readonly label: string;
  readonly needs: number;
  readonly left: number;
  readonly goesOnAt: Date;
  readonly now: Date;
  readonly timeZone: string;
}): string {
  const n = (value: number) => value.toLocaleString('en-AU');
  const day = (at: Date) => at.toLocaleDateString('en-AU', { timeZone });
  const isToday = day(goesOnAt) === day(now);
  const time = goesOnAt.toLocaleTimeString('en-AU', { timeZone, hour: 'numeric', minute: '2-digit' });
  const weekday = goesOnAt.toLocaleDateString('en-AU', { timeZone, weekday: 'long' });
  const are = left === 1 ? '1 is' : `${left === 0 ? 'none' : n(left)} are`;
  return `This run needs about ${n(needs)} calls to ${label}; ${are} left today. The rest follows ${isToday ? '' : `on ${weekday} `}at ${time}.`;
}

import type { IncidentCause } from '../../../ledger/tables/incidents.ts';

/** What is safe while a problem lasts, and after it, each as a sentence or its end. Pure. */
export function safeWords(cause: IncidentCause): {
  /** On the lock screen. */
  readonly short: string;
  /** After "Safe:". */
  readonly open: string;
  readonly over: string;
} {
  // What that system did not keep is lost in it, and nowhere else.
  if (cause === 'loss')
    return {
      short: 'The other systems keep it as it was written.',
      open: 'the other systems keep it as it was written, nothing is sent twice.',
      over: 'The other systems kept it as it was written.',
    };
  return {
    short: 'Nothing is lost.',
    open: 'nothing is lost, nothing is sent twice.',
    over: 'None lost, none doubled.',
  };
}

/** Problems beside which the sync went on, or only waited: nothing had to recover. */
const wentOn: ReadonlySet<string> = new Set<IncidentCause>([
  'busy',
  'budget',
  'drift',
  'connection',
  'room',
  'partial',
  'safety_stop',
  'loss',
  'backlog',
  'volume',
  'refusals',
]);

/** "Recovered" of what did not work, "Over" of what the sync outlived. */
export const endWord = (cause: unknown): 'Recovered' | 'Over' =>
  typeof cause === 'string' && wentOn.has(cause) ? 'Over' : 'Recovered';

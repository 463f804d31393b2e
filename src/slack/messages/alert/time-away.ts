import { blockIds, type Drawn, section } from '../blocks.ts';
import { count, escaped, listed, named, spoken } from '../text.ts';
import { moment, time } from '../times.ts';

/** A time in which Truce was not running, for one channel. */
export interface TimeAwayFacts {
  readonly drawing: number;
  readonly from: Date;
  readonly to: Date;
  readonly missed: readonly {
    readonly flowName: string;
    readonly noun: { readonly one: string; readonly many: string };
    readonly slots: number;
    readonly caughtUp: { readonly at: Date; readonly changed: number } | null;
  }[];
  readonly zone: string;
}

/** From when to when it was away, what did not run, and, by an edit, that all of it is caught up. Calls nobody. Pure. */
export function drawTimeAway({ drawing, from, to, missed, zone }: TimeAwayFacts): Drawn {
  const id = blockIds('time_away', 0, drawing);
  const away = `Truce was away from ${moment(zone, from)} to ${moment(zone, to)}.`;
  const runs = missed.map(
    ({ flowName, slots }) => `${escaped(named(flowName, 40))} missed ${count(slots, 'run', 'runs')}`,
  );
  const words = `${away} ${listed(runs)}; ${endWords(missed, zone)}`;
  return { text: spoken(words), blocks: [section(id('what'), words)] };
}

function endWords(missed: TimeAwayFacts['missed'], zone: string): string {
  const done = missed.flatMap(({ caughtUp, ...one }) => (caughtUp ? [{ ...one, ...caughtUp }] : []));
  if (done.length < missed.length)
    return `the next ${missed.length === 1 ? 'run catches' : 'runs catch'} up on everything, and nothing is lost.`;
  const at = new Date(Math.max(...done.map((one) => one.at.getTime())));
  const changed = done.filter((one) => one.changed > 0);
  const brought = changed.map(({ changed: n, noun }) => count(n, noun.one, noun.many));
  const had = changed.length === 1 && changed[0]?.changed === 1 ? 'has' : 'have';
  const what =
    brought.length > 0 ? `${listed(brought)} ${had} changed meanwhile` : 'nothing has changed meanwhile';
  return `*everything is caught up* since ${time(zone, at)}: ${what}, and nothing is lost.`;
}

import { bullets, type Drawn, line, link, rich, section } from '../blocks.ts';
import { count, escaped, named } from '../text.ts';
import { richMoment } from '../times.ts';

/** A problem whose message is far up in its channel. */
export interface StillOpen {
  readonly number: number;
  readonly flowName: string;
  /** "Xero refuses our sign-in" */
  readonly words: string;
  readonly openedAt: Date;
  /** To its message. */
  readonly link: string | null;
}

const most = 5;

/** What is open still on a later morning, with links to the first messages; null where nothing is. Calls nobody. Pure. */
export function drawStillOpen(problems: readonly StillOpen[], zone: string): Drawn | null {
  const [first] = problems;
  if (!first) return null;
  const head = `Still open: ${count(problems.length, 'problem', 'problems')}`;
  const lines = problems.slice(0, most).map(({ number, flowName, words, openedAt, link: to }) => {
    const what = `${named(flowName, 40)}: ${named(words, 150)}, since `;
    return line(link(`Alert ${number}`, to), `, ${what}`, richMoment(zone, openedAt));
  });
  const more = problems.length - most;
  const list = more > 0 ? [...lines, line(`and ${more} more`)] : lines;
  return {
    text: escaped(`${head}. ${named(first.flowName, 40)}: ${named(first.words, 150)}.`),
    blocks: [section('head', `*${head}*`), rich('list', bullets(...list))],
  };
}

import { count } from '../text.ts';
import type { MarkFacts } from './facts.ts';

const n = (value: number): string => value.toLocaleString('en-AU');

/** How far it is: "Truce’s id is in 1,180 of 1,200 customers. 20 were left as they are: another program’s number is there." Pure. */
export function marksLine({ many, marked, due, left, reasons }: MarkFacts): string {
  const all = marked + due + left;
  const far = due > 0 ? `, ${n(due)} to go` : '';
  return `Truce’s id is in ${n(marked)} of ${n(all)} ${many}${far}.${leftWords(left, reasons)}`;
}

/** " 20 were left as they are: another program’s number is there (12), it is archived (8)."; nothing where none was. Pure. */
export function leftWords(left: number, reasons: MarkFacts['reasons']): string {
  if (left === 0) return '';
  const [only, another] = reasons;
  const why =
    only && !another
      ? only.reason
      : reasons
          .slice(0, 3)
          .map(({ reason, records }) => `${reason} (${n(records)})`)
          .join(', ');
  return ` ${count(left, 'was left as it is', 'were left as they are')}${why ? `: ${why}` : ''}.`;
}

/** Invoice numbers that look wrong: some are missing between others, or two sales have one. */
export interface NumberFindings {
  readonly gaps: readonly NumberGap[];
  readonly clashes: readonly NumberClash[];
}

/** "INV-0012" to "INV-0014" are missing: `count` of them. */
export interface NumberGap {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

export interface NumberClash {
  readonly number: string;
  readonly titles: readonly string[];
}

/** Longer runs of digits are no counter, but a date or a random id. */
const longest = 12;
/** A hole wider than this is where somebody began a new series. */
const widest = 1000;

/** Which numbers are missing between others that have the same before their digits. Pure. */
export function numberGaps(numbers: Iterable<string>): NumberGap[] {
  const counted = [...new Set(numbers)].flatMap((number) => {
    const [, prefix = '', digits = ''] = /^(.*?)(\d+)$/.exec(number.trim()) ?? [];
    const isCounter = digits !== '' && digits.length <= longest;
    return isCounter ? [{ prefix, value: Number(digits), width: digits.length }] : [];
  });
  return [...Map.groupBy(counted, ({ prefix }) => prefix).values()]
    .flatMap((members) => gapsIn([...members].sort((a, b) => a.value - b.value)))
    .sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
}

interface Counted {
  readonly prefix: string;
  readonly value: number;
  readonly width: number;
}

function gapsIn(members: readonly Counted[]): NumberGap[] {
  return members.slice(1).flatMap((member, index) => {
    const before = members[index];
    const count = before ? member.value - before.value - 1 : 0;
    if (!before || count <= 0 || count > widest) return [];
    const text = (value: number) => `${member.prefix}${String(value).padStart(before.width, '0')}`;
    return [{ first: text(before.value + 1), last: text(member.value - 1), count }];
  });
}

/** Numbers that more than one sale has; in any case of their letters. Pure. */
export function numberClashes(
  sales: readonly { readonly number: string; readonly title: string; readonly recordId: string }[],
): NumberClash[] {
  const same = Map.groupBy(sales, ({ number }) => number.trim().toUpperCase());
  return [...same.values()].flatMap((members) => {
    const records = new Map(members.map(({ recordId, title }) => [recordId, title]));
    const [first] = members;
    return first && records.size > 1 ? [{ number: first.number, titles: [...records.values()] }] : [];
  });
}

/** Small things about words that every message needs. Pure. */

/** Marks that reorder or hide text on screen, and control characters. A name must not be able to disguise itself. */
const invisible = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu;

/** Somebody else's text on one line: no control, zero-width or reordering characters, single spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(invisible, '').trim();
}

/** At most `max` characters (UTF-16 units, as Slack counts), never half an emoji, with … where something is missing. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** A name or value from a vendor, fit for one line of a message. */
export const named = (text: string, max = 100): string => cut(oneLine(text), max) || '(no name)';

/** For mrkdwn and for the `text` of a message: `&`, `<` and `>` as Slack wants them. Vendor data never goes into mrkdwn at all. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Somebody else's words inside our mrkdwn, where there is no other way: no bold, code, emoji or link is left in them. */
export const defused = (text: string, max = 200): string =>
  escaped(
    named(text, max)
      .replace(/[*~`]/g, '')
      .replace(/_(?=\W|$)|(?<=\W|^)_/g, '')
      .replace(/:(?=[\w+-]+:)/g, ': '),
  );

/** Our mrkdwn as a lock screen or a screen reader should have it: plain words, times with their zone, mentions as they are. */
export const spoken = (mrkdwn: string): string =>
  mrkdwn
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1');

/** "1 customer", "3 customers". */
export const count = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('en-AU')} ${n === 1 ? one : many}`;

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], word = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** A label in the middle of a sentence: "billing address", but "ABN" as it is. */
export const inSentence = (label: string): string =>
  /^\p{Lu}{2}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);

/** First letter large. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** With a full stop, unless it has its own end. */
export const ended = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** Somebody as a mention that calls them: a person, or everybody of a user group, by their Slack id. */
export const mention = (id: string): string => (/^S[A-Z0-9]+$/.test(id) ? `<!subteam^${id}>` : `<@${id}>`);
export const isUserId = (by: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(by);

/** "9 ms", "0.31 s", "38 s", "2 min". */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How many letters must change to make one word of the other; for "did you mean". */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The word that was probably meant, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const near = known
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)[0];
  if (!near || word.length === 0) return null;
  return near.away <= Math.max(1, Math.floor(near.candidate.length / 3)) ? near.candidate : null;
}

import type { PageRecord } from '../../page-server/api.ts';

/** The records that have every typed word in their name or in what is said about them; those that begin with it come first. */
export function found<R extends Pick<PageRecord, 'title' | 'about'>>(
  records: readonly R[],
  typed: string,
): R[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = records.filter(({ title, about }) => {
    const text = `${title} ${about}`.toLowerCase();
    // A number is found however it is spaced.
    const close = text.replace(/\s+/g, '');
    return words.every((word) => text.includes(word) || close.includes(word));
  });
  const first = words.join(' ');
  const begins = ({ title, about }: R) => [title, about].some((text) => text.toLowerCase().startsWith(first));
  return [...hits.filter(begins), ...hits.filter((hit) => !begins(hit))];
}

import type { Answer } from '../http/call.ts';
import { pageSize } from './client.ts';

interface Paged {
  readonly pagination?: { readonly pageCount: number } | null | undefined;
}

/** Ids go into the URL: fifty of them are two thousand characters. */
export const idsPerCall = 50;

/** The answers of a list page by page, until Xero says that there is no more; empty ones are left out. */
export async function* pagesOf<T extends Paged>(
  read: (page: number) => Promise<Answer<T>>,
  lengthOf: (data: T) => number,
): AsyncGenerator<Answer<T>> {
  for (let page = 1; ; page += 1) {
    const answer = await read(page);
    const { data } = answer;
    const length = lengthOf(data);
    if (length > 0) yield answer;
    // Without its word on pages, a page shorter than Xero's smallest is the last: it may have cut ours down.
    const smallest = Math.min(pageSize, 100);
    const last = data.pagination ? page >= data.pagination.pageCount : length < smallest;
    if (last || length === 0) return;
  }
}

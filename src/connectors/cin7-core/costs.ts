import type { Costs } from '../connector.ts';
import { pageSize } from './calls.ts';

/** Many are read by all pages of the account, for each two hundred that the engine works with; written and made one by one. */
export function costs(records: number): Costs {
  const pages = Math.max(1, Math.ceil(records / pageSize));
  const some = { records: 200, pages: Math.min(pages, 200) };
  const few = { records: 50, pages: Math.min(pages, 50) };
  return {
    read: { calls: some.pages, records: some.records },
    write: { calls: some.pages + some.records, records: some.records },
    create: { calls: few.pages + few.records, records: few.records },
  };
}

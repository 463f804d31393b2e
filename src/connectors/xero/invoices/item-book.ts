import type { CallContext } from '../../connector.ts';
import { sortOut } from '../../records.ts';
import type { XeroClient } from '../client.ts';
import { listItems } from '../items/read.ts';
import { item } from '../items/schema.ts';
import type { LineBook } from './lines.ts';

/** The items that lines may name, by SKU in lower case, as they are now. One call. */
export async function itemBook(client: XeroClient, call: CallContext): Promise<LineBook['items']> {
  const { data } = await listItems(client, null, call);
  const { good } = sortOut(data.Items, item, ({ ItemID }) => ItemID);
  return new Map(
    good.map(({ Code, SalesDetails }) => [
      Code.trim().toLowerCase(),
      { code: Code, account: SalesDetails?.AccountCode || null },
    ]),
  );
}

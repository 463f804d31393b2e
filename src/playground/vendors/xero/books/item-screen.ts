import { onlyKeys } from '../../practice.ts';
import type { Card, Screen } from '../../vendor.ts';
import { taxCode, taxName } from '../card.ts';
import type { Json } from '../write.ts';
import { planItem, right } from './items.ts';
import { cardOf } from './screen-card.ts';
import type { Books, Item } from './state.ts';

/** What people do with items in Xero's own screens. `edit` and `add` throw what Xero would say. */
export interface ItemHands extends Screen {
  remove(itemId: string): void;
}

const itemLabels = {
  Code: 'Code',
  Name: 'Name',
  Description: 'Description',
  SalesUnitPrice: 'Sale price',
  SalesTaxType: 'Sales tax rate',
  SalesAccountCode: 'Sales account',
  PurchaseUnitPrice: 'Cost price',
} as const;
type ItemKey = keyof typeof itemLabels;

export function itemHands(books: Books): ItemHands {
  const all = { createOnly: false, decimals: 4 };
  const save = (element: Json, createOnly = false): string => {
    const item = right(planItem(element, books, { ...all, createOnly }));
    return books.together(() => books.items.save(item)).ItemID;
  };
  return {
    cards: () => books.items.all().map(itemCard),
    card: (id) => {
      const item = books.items.get(id);
      return item ? itemCard(item) : null;
    },
    edit: (id, values) => void save({ ...typedItem(values), ItemID: id }),
    add: (values) => save(typedItem(values), true),
    remove: (id) => books.together(() => books.items.delete(id)),
  };
}

function typedItem(values: Readonly<Record<string, string>>): Json {
  onlyKeys('Xero item', Object.keys(itemLabels), values);
  const { SalesUnitPrice, SalesTaxType, SalesAccountCode, PurchaseUnitPrice, ...texts } = values;
  const of = (parts: Json) =>
    Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return {
    ...texts,
    SalesDetails: of({
      UnitPrice: SalesUnitPrice,
      TaxType: SalesTaxType === undefined ? undefined : taxCode(SalesTaxType),
      AccountCode: SalesAccountCode,
    }),
    PurchaseDetails: of({ UnitPrice: PurchaseUnitPrice }),
  };
}

const itemValues = ({
  Code,
  Name,
  Description,
  SalesDetails,
  PurchaseDetails,
}: Item): Record<ItemKey, string> => ({
  Code,
  Name,
  Description,
  SalesUnitPrice: SalesDetails.UnitPrice ?? '',
  SalesTaxType: taxName(SalesDetails.TaxType ?? ''),
  SalesAccountCode: SalesDetails.AccountCode ?? '',
  PurchaseUnitPrice: PurchaseDetails.UnitPrice ?? '',
});

const itemCard = (item: Item): Card =>
  cardOf(itemLabels, itemValues(item), {
    externalId: item.ItemID,
    title: item.Name || item.Code,
    updatedAt: item.updatedAt,
  });

/** What the practice HubSpot keeps. Source of the ids: HubSpot's page on object types. */
export type ObjectType = 'companies' | 'contacts' | 'products' | 'deals' | 'line_items';

interface About {
  /** In addresses and webhooks, as in `company`; `0-2` beside it. */
  readonly singular: string;
  readonly typeId: string;
  /** The property that says when a record was changed last: contacts have it under a name of their own. */
  readonly modified: 'hs_lastmodifieddate' | 'lastmodifieddate';
  /** The group of properties that every account has. */
  readonly group: { readonly name: string; readonly label: string };
  /** What HubSpot sends when no properties are asked for. */
  readonly defaults: readonly string[];
  /** New records are numbered from here. */
  readonly firstId: number;
}

const always = ['createdate', 'hs_lastmodifieddate', 'hs_object_id'];

export const about: Readonly<Record<ObjectType, About>> = {
  companies: {
    singular: 'company',
    typeId: '0-2',
    modified: 'hs_lastmodifieddate',
    group: { name: 'companyinformation', label: 'Company information' },
    defaults: ['domain', 'name', ...always],
    firstId: 30_900_000_000,
  },
  contacts: {
    singular: 'contact',
    typeId: '0-1',
    modified: 'lastmodifieddate',
    group: { name: 'contactinformation', label: 'Contact information' },
    defaults: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    firstId: 151_000_000_000,
  },
  products: {
    singular: 'product',
    typeId: '0-7',
    modified: 'hs_lastmodifieddate',
    group: { name: 'productinformation', label: 'Product information' },
    defaults: ['description', 'name', 'price', ...always],
    firstId: 2_400_000_000,
  },
  deals: {
    singular: 'deal',
    typeId: '0-3',
    modified: 'hs_lastmodifieddate',
    group: { name: 'dealinformation', label: 'Deal information' },
    defaults: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline', ...always],
    firstId: 19_500_000_000,
  },
  line_items: {
    singular: 'line_item',
    typeId: '0-8',
    modified: 'hs_lastmodifieddate',
    group: { name: 'lineiteminformation', label: 'Line item information' },
    defaults: ['amount', 'name', 'price', 'quantity', ...always],
    firstId: 8_100_000_000,
  },
};

export const objectTypes = Object.keys(about) as readonly ObjectType[];

/** The type that a segment of an address names: `companies`, `company` or `0-2`. */
export const typeNamed = (segment: string): ObjectType | undefined =>
  objectTypes.find((type) => [type, about[type].singular, about[type].typeId].includes(segment));

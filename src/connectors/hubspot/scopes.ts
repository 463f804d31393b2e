import type { BillingContact } from '../../agreement/agreement.ts';
import type { ObjectType } from './client.ts';

/** What an entity is made of: types that it writes, types that it only reads, and the type whose properties it has to know. */
interface Use {
  readonly writes: readonly ObjectType[];
  readonly reads: readonly ObjectType[];
  readonly schema: ObjectType;
}

const uses = (billing: BillingContact): Readonly<Record<string, Use>> => ({
  customer: {
    writes: billing.kind === 'property' ? ['companies'] : ['companies', 'contacts'],
    reads: [],
    schema: 'companies',
  },
  product: { writes: ['products'], reads: [], schema: 'products' },
  stock_level: { writes: ['products'], reads: [], schema: 'products' },
  // Whose deal it is, what was sold, and which GST code each product has.
  invoice: { writes: ['deals'], reads: ['line_items', 'products', 'companies'], schema: 'deals' },
  payment: { writes: ['deals'], reads: [], schema: 'deals' },
});

/** Reading which properties there are, and making those that lack. */
export const schemaScope = (type: ObjectType, what: 'read' | 'write'): string =>
  `crm.schemas.${type}.${what}`;

/** What the connector uses for these entities, and nothing else. The schema's write scope is for the set-up step alone. */
export function neededScopes(entities: readonly string[], billing: BillingContact): readonly string[] {
  const all = entities.flatMap((entity) => uses(billing)[entity] ?? []);
  return [
    ...new Set([
      ...all.flatMap(({ writes }) =>
        writes.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`]),
      ),
      ...all.flatMap(({ reads }) => reads.map((type) => `crm.objects.${type}.read`)),
      ...all.flatMap(({ schema }) => [schemaScope(schema, 'read'), schemaScope(schema, 'write')]),
    ]),
  ];
}

/** The types whose records are read for these entities. */
export const typesRead = (entities: readonly string[], billing: BillingContact): readonly ObjectType[] => [
  ...new Set(
    entities.flatMap((entity) => {
      const use = uses(billing)[entity];
      return use ? [...use.writes, ...use.reads] : [];
    }),
  ),
];

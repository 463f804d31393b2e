import type { Call } from '../exchange.ts';
import { objectTypes, typeNamed } from './object-types.ts';

const types: readonly string[] = [...objectTypes, 'quotes', 'invoices', 'orders', 'tickets'];

/** What an app can be given here. Source: HubSpot's list of scopes. */
export const knownScopes: readonly string[] = [
  'oauth',
  ...objectTypes.flatMap((type) => [
    `crm.objects.${type}.read`,
    `crm.objects.${type}.write`,
    `crm.schemas.${type}.read`,
    `crm.schemas.${type}.write`,
  ]),
];

/** What a call needs. Source: the scopes named in HubSpot's reference, one by one; reading properties may need less there. */
export function scopesNeeded({ method, path }: Call): readonly string[] {
  const [, crm, api, , first = '', ...rest] = path.split('/');
  if (crm !== 'crm') return [];
  const reads = method === 'GET' || /\/(read|search)$/.test(path);
  const what = reads ? 'read' : 'write';
  if (api === 'pipelines') return [`crm.objects.${named(first)}.${what}`];
  if (api === 'properties') return [`crm.schemas.${named(first)}.${what}`];
  if (api === 'associations')
    return [first, rest[0] ?? ''].map((type) => `crm.objects.${named(type)}.${what}`);
  if (api !== 'objects' || !types.includes(named(first))) return [];
  const at = rest.indexOf('associations');
  const other = at < 0 ? [] : [rest[at + (rest[at + 1] === 'default' ? 2 : 1)] ?? ''];
  return [first, ...other].map((type) => `crm.objects.${named(type)}.${what}`);
}

const named = (type: string): string => typeNamed(type) ?? type;

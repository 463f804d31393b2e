import { abnOfAcn } from '#src/playground/data/business-numbers.ts';

/** The systems between which the bench keeps customers in step, by the connection ids of the agreement. */
export const systems = ['hubspot', 'xero', 'cin7-core'] as const;
export type System = (typeof systems)[number];

/** A customer as the stand-in for a vendor holds it: fifteen properties, about 550 bytes of JSON. */
export interface Held {
  readonly id: string;
  legal_name: string;
  trading_name: string;
  abn: string;
  acn: string;
  email: string;
  phone: string;
  mobile: string;
  street: string;
  city: string;
  state: string;
  postcode: string;
  terms_days: number;
  tax: string;
  archived: boolean;
  marker: string | null;
  /** When it last changed, ms since 1970. */
  changed_at: number;
}

const weights = [8, 7, 6, 5, 4, 3, 2, 1];

/** The i-th customer, the same every time; each has an ABN that passes its check. */
export function customerAt(i: number, changedAt: number): Held {
  const first = `9${String(i).padStart(7, '0')}`;
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first[at]), 0);
  const acn = first + String((10 - (sum % 10)) % 10);
  const name = `Bench Customer ${i}`;
  return {
    id: String(i + 1),
    legal_name: `${name} Holdings Pty Ltd`,
    trading_name: name,
    abn: abnOfAcn(acn),
    acn,
    email: `accounts@customer-${i}.example`,
    phone: phoneOf(i, 0),
    mobile: `0491570${String(i % 1000).padStart(3, '0')}`,
    street: `${(i % 400) + 1} Long Winding Road`,
    city: 'Wagga Wagga',
    state: 'NSW',
    postcode: '2650',
    terms_days: (i % 4) * 7 + 7,
    tax: 'gst',
    archived: false,
    marker: null,
    changed_at: changedAt,
  };
}

/** Another number in each round. */
export const phoneOf = (i: number, round: number): string =>
  `02${String(55_000_000 + ((i * 7 + round * 131) % 10_000_000)).padStart(8, '0')}`;

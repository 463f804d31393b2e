import type { CustomerSeed } from '../vendors/cin7-core/state.ts';
import type { CompanySeed } from '../vendors/hubspot/state.ts';
import type { ContactSeed } from '../vendors/xero/state.ts';
import { asCin7Customer } from './as-cin7-core.ts';
import { asCompany } from './as-hubspot.ts';
import { asContact } from './as-xero.ts';
import { bellbird, ordinaryCustomers } from './customers.ts';
import { idFor } from './ids.ts';
import { type SpecialCase, specialCases } from './special-cases.ts';

export interface PracticeSeed {
  readonly hubspot: readonly CompanySeed[];
  readonly xero: readonly ContactSeed[];
  readonly cin7Core: readonly CustomerSeed[];
}

const ordinaryCount = 188;
const threeWeeksMs = 21 * 86_400_000;
const minuteMs = 60_000;

/** The practice company's customers in its three systems, last touched about three weeks before `now`. The same ones every time. */
export function seed(now: Date): PracticeSeed {
  const calm = [bellbird, ...ordinaryCustomers(ordinaryCount)].map((customer) => ({ why: '', customer }));
  const cases: readonly SpecialCase[] = [...calm, ...specialCases];
  const at = (place: number) => new Date(now.getTime() - threeWeeksMs - place * minuteMs);
  const of = <T>(make: (one: SpecialCase, at: Date) => T[]): T[] =>
    cases.flatMap((one, i) => make(one, at(i)));
  let number = 0;
  return {
    hubspot: of(({ customer, hubspot = [{}], imported = null }, when) =>
      hubspot.map((otherwise) => {
        number += 1;
        return asCompany({ ...customer, ...otherwise }, { number, at: when, imported });
      }),
    ),
    xero: of(({ customer, xero = {} }, when) =>
      xero === null
        ? []
        : [asContact({ ...customer, ...xero }, { id: idFor('xero', customer.legalName), at: when })],
    ),
    cin7Core: of(({ customer, cin7Core = {} }, when) => {
      if (cin7Core === null) return [];
      const idOf = (part: string) => idFor(`cin7-core ${part}`, customer.legalName);
      return [asCin7Customer({ ...customer, ...cin7Core }, { id: idOf('customer'), idOf, at: when })];
    }),
  };
}

import { abnOfAcn } from './business-numbers.ts';
import { type Random, seededRandom } from './random.ts';
import { streetKinds, streets, towns } from './towns.ts';

export interface PracticeAddress {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
}

/** What every customer of the practice company has beside the details that it was made of. */
export interface PracticeDetails {
  /** Nine digits where the customer is a company whose ABN holds them, else empty. */
  readonly acn: string;
  /** Ten digits, `0491570156`; empty for those who gave none. */
  readonly mobile: string;
  /** Where goods go: for most the billing address again; null where nobody wrote one down. */
  readonly deliveryAddress: PracticeAddress | null;
  /** In Truce's own words; each account has a code or a name of its own for it. */
  readonly taxTreatment: 'gst' | 'gst_free' | 'export' | 'input_taxed' | 'out_of_scope';
  /** Never without an ABN. */
  readonly gstRegistered: boolean;
  readonly status: 'active' | 'archived';
}

interface Known extends PracticeAddress {
  readonly legalName: string;
  readonly abn: string;
}

/** Kept by ACMA for fiction. */
const mobiles = ['0491570006', '0491570110', '0491570156', '0491570157', '0491570158', '0491570159'];

/** Adds what is not said: the same every time for the same name, and agreed on by all systems. */
export function withDetails<T extends Known>(known: T & Partial<PracticeDetails>): T & PracticeDetails {
  const random = seededRandom(numberOf(known.legalName));
  return {
    acn: acnIn(known),
    mobile: random.between(1, 5) <= 3 ? random.pick(mobiles) : '',
    deliveryAddress: deliveryOf(known, random),
    taxTreatment: random.between(1, 20) === 1 ? 'gst_free' : 'gst',
    gstRegistered: random.between(1, 10) > 1 && known.abn !== '',
    status: 'active',
    ...known,
  };
}

/** A customer without "Pty" or "P/L" in its name may be no company, and a wrong ABN says nothing of an ACN. */
function acnIn({ legalName, abn }: Known): string {
  const acn = abn.slice(2);
  return /pty|p\/l/i.test(legalName) && /^\d\d[1-9]\d{8}$/.test(abn) && abnOfAcn(acn) === abn ? acn : '';
}

function deliveryOf({ street, city, state, postcode }: Known, random: Random): PracticeAddress | null {
  const which = random.between(1, 10);
  if (which === 1) return null;
  if (which <= 8) return { street, city, state, postcode };
  const town = random.pick(towns.filter((one) => one.state === state));
  return {
    street: `${random.between(1, 240)} ${random.pick(streets)} ${random.pick(streetKinds)}`,
    city: town.city,
    state: town.state,
    postcode: town.postcode,
  };
}

/** A seed from a name: FNV-1a, so that nobody's details hang on who was made before. */
const numberOf = (name: string): number =>
  [...name].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193), 0x811c9dc5);

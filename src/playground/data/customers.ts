import { abnOfAcn, inventAcn } from './business-numbers.ts';
import { type PracticeDetails, withDetails } from './details.ts';
import { type Random, seededRandom } from './random.ts';
import { streetKinds, streets, towns } from './towns.ts';

/** A customer of the practice company as its three systems agree on it. */
export interface PracticeCustomer extends PracticeDetails {
  readonly tradingName: string;
  readonly legalName: string;
  /** Eleven digits, or whatever a special case holds in their place. */
  readonly abn: string;
  readonly email: string;
  /** Ten digits with the area: `0255501234`. */
  readonly phone: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly terms: { readonly days: number; readonly endOfMonth: boolean };
}

const first = [
  ...[
    'Bilby',
    'Bluegum',
    'Brolga',
    'Bunya',
    'Cassowary',
    'Corella',
    'Currawong',
    'Dingo',
    'Echidna',
    'Emu Creek',
  ],
  ...[
    'Firetail',
    'Galah',
    'Gum Tree',
    'Honeyeater',
    'Ironbark',
    'Jacaranda',
    'Jarrah',
    'Kookaburra',
    'Kurrajong',
  ],
  ...[
    'Lorikeet',
    'Lyrebird',
    'Magpie',
    'Mallee',
    'Melaleuca',
    'Mulga',
    'Numbat',
    'Paperbark',
    'Pelican',
    'Platypus',
  ],
  ...[
    'Quandong',
    'Quokka',
    'Redgum',
    'Rosella',
    'Saltbush',
    'Sandpiper',
    'Spinifex',
    'Stringybark',
    'Sugar Glider',
  ],
  ...[
    'Tallowwood',
    'Tea Tree',
    'Wallaby',
    'Waratah',
    'Wattle',
    'Whipbird',
    'Willy Wagtail',
    'Wombat',
    'Yabby',
  ],
];
const second = [
  ...[
    'Bakery',
    'Brewing',
    'Building Supplies',
    'Cabinets',
    'Catering',
    'Concrete',
    'Cycles',
    'Dairy',
    'Electrical',
  ],
  ...[
    'Engineering',
    'Fencing',
    'Floors',
    'Freight',
    'Glass',
    'Hardware',
    'Irrigation',
    'Joinery',
    'Landscapes',
  ],
  ...[
    'Marine',
    'Motors',
    'Nursery',
    'Outfitters',
    'Packaging',
    'Paints',
    'Plumbing',
    'Printing',
    'Produce',
    'Roofing',
  ],
  ...['Signs', 'Solar', 'Steel', 'Tiles', 'Tools', 'Transport', 'Veterinary', 'Windows', 'Wines'],
];
const forms = [
  'Pty Ltd',
  'Pty Ltd',
  'Pty Ltd',
  'Pty. Ltd.',
  '& Sons Pty Ltd',
  'Group Pty Ltd',
  '(Aust) Pty Ltd',
];
const usualTerms = [7, 14, 14, 30, 30, 30, 60];

/** The star of the first minute: calm, ordinary, and the same everywhere. */
export const bellbird: PracticeCustomer = withDetails({
  tradingName: 'Bellbird Timber',
  legalName: 'Bellbird Timber Pty Ltd',
  abn: '77912345674',
  email: 'accounts@bellbirdtimber.example',
  phone: '0255501870',
  street: '14 Sawmill Rd',
  city: 'Bega',
  state: 'NSW',
  postcode: '2550',
  terms: { days: 30, endOfMonth: false },
});

/** Ordinary customers, the same ones every time. Names and ABNs are unique among them. */
export function ordinaryCustomers(count: number, seed = 2019): readonly PracticeCustomer[] {
  const random = seededRandom(seed);
  const taken = new Set<string>();
  return Array.from({ length: count }, () => {
    let tradingName = '';
    do tradingName = `${random.pick(first)} ${random.pick(second)}`;
    while (taken.has(tradingName));
    taken.add(tradingName);
    return invent(tradingName, random);
  });
}

function invent(tradingName: string, random: Random): PracticeCustomer {
  const { city, state, postcode, area } = random.pick(towns);
  // Ranges that ACMA keeps for fiction: 5550 xxxx and 7010 xxxx in every area.
  const phone = area + random.pick(['5550', '7010']) + random.digits(4);
  const days = random.pick(usualTerms);
  return withDetails({
    tradingName,
    legalName: `${tradingName} ${random.pick(forms)}`,
    abn: abnOfAcn(inventAcn(random)),
    email: `accounts@${slug(tradingName)}.example`,
    phone,
    street: `${random.between(1, 240)} ${random.pick(streets)} ${random.pick(streetKinds)}`,
    city,
    state,
    postcode,
    terms: { days, endOfMonth: days === 30 && random.between(1, 4) === 1 },
  });
}

const slug = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

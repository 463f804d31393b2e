/** What one line of a deal says. Numbers are exact decimals as text; prices are in AUD, ex GST. */
export interface PracticeDealLine {
  /** Null where the sales team typed a line that is no product. */
  readonly sku: string | null;
  /** As it stands on the line; left out: the product's name. */
  readonly name?: string;
  readonly quantity: string;
  /** Left out: the product's own price in HubSpot. */
  readonly price?: string;
  /** Percent off. */
  readonly percentOff?: string;
  /** Dollars off each. */
  readonly dollarsOff?: string;
}

export interface PracticeDeal {
  /** HubSpot's. */
  readonly id: string;
  readonly name: string;
  /** The name of a company in HubSpot; null = nobody said whose deal it is. */
  readonly customer: string | null;
  readonly stage: 'closedwon' | 'contractsent' | 'presentationscheduled' | 'qualifiedtobuy';
  /** Days before the start of the practice company's time at which it was won, or is hoped to be. */
  readonly closedDaysAgo: number;
  readonly lines: readonly PracticeDealLine[];
  /** The invoice that was made of it by hand, before Truce: its number in Xero. */
  readonly invoice?: string;
}

type Line = readonly [
  sku: string | null,
  quantity: string,
  more?: Omit<PracticeDealLine, 'sku' | 'quantity'>,
];

let count = 0;
function deal(
  name: string,
  customer: string | null,
  closedDaysAgo: number,
  lines: readonly Line[],
  more: Partial<Pick<PracticeDeal, 'stage' | 'invoice'>> = {},
): PracticeDeal {
  count += 1;
  return {
    id: String(19_400_000_000 + count),
    name,
    customer,
    closedDaysAgo,
    lines: lines.map(([sku, quantity, rest = {}]) => ({ sku, quantity, ...rest })),
    stage: 'closedwon',
    ...more,
  };
}

/** Won, and invoiced by hand in Xero long before Truce. */
const invoiced: readonly PracticeDeal[] = [
  deal(
    'Deck for the tasting room',
    'Bellbird Timber',
    74,
    [
      ['DK-MER-140', '86.4'],
      ['SC-DK-1050', '2400'],
    ],
    {
      invoice: 'INV-2031',
    },
  ),
  deal(
    'Cafe opening order',
    'Platypus Windows',
    52,
    [
      ['CF-BEAN-HB1', '12'],
      ['CF-CUP-8OZ', '20'],
    ],
    {
      invoice: 'INV-2034',
    },
  ),
  deal(
    'Courtyard paving',
    'Corella Irrigation',
    41,
    [
      ['PV-BLU-400', '150'],
      ['FR-METRO', '1'],
    ],
    {
      invoice: 'INV-2036',
    },
  ),
  deal(
    'Veggie beds, stage 1',
    'Sandpiper Electrical',
    38,
    [
      ['GD-SOIL-VEG', '6.5'],
      ['SL-HWD-2400', '24'],
    ],
    {
      invoice: 'INV-2038',
    },
  ),
  deal(
    'Fit-out timber',
    'Firetail Joinery',
    33,
    [
      ['PN-TRT-9045', '60'],
      ['NL-GAL-75', '4.25'],
    ],
    {
      invoice: 'INV-2041',
    },
  ),
];

const won: readonly PracticeDeal[] = [
  deal('Verandah renewal', 'Bellbird Timber', 6, [
    ['DK-SPG-135', '112.5', { percentOff: '5' }],
    ['SC-DK-1050', '1800'],
    ['FR-METRO', '1'],
  ]),
  // What the whole comes to depends on who rounds: GST by line is $117.57, on the total $117.56.
  deal('Display shelves', 'Wattle Cycles', 5, [
    [null, '1', { name: 'Joinery as quoted', price: '1141.39' }],
    ['PT-EXT-10W', '1', { price: '34.25' }],
  ]),
  deal('Site shed insulation', 'Bilby Electrical', 5, [
    ['IN-R25-430', '14', { dollarsOff: '2.4' }],
    ['PL-10-2412', '36'],
  ]),
  deal('Spring stock, nursery', 'Bilby Nursery', 4, [
    ['GD-POT-300', '48', { percentOff: '12.5' }],
    ['GD-MUL-PB', '3.75'],
    ['GD-FERT-SB', '20'],
  ]),
  // Food is GST-free, cups are not.
  deal('Weekly beans and cups', 'Wattlebird Cafe', 3, [
    ['CF-BEAN-HB1', '18'],
    ['CF-CUP-8OZ', '12'],
    ['CF-LID-80', '6'],
  ]),
  deal('Roof sheets, workshop', 'Wombat Steel', 3, [['RF-COR-762', '138.6']]),
  // Without a product: no code for its GST that anybody could know.
  deal('Custom gate', 'Ironbark Fencing', 3, [
    ['SL-HWD-2400', '8'],
    [null, '1', { name: 'Gate made to measure, powder coated', price: '640' }],
  ]),
  // The customer has no ABN anywhere.
  deal('Roadhouse bench seats', 'Nullarbor Roadhouse', 2, [['GD-BENCH-JAR', '2']]),
  // Nobody said whose deal this is.
  deal('Walk-in: pavers', null, 2, [['PV-BLU-400', '22']]),
  // The product has no tax rule.
  deal('Tea for the staff room', 'Yabby Floors', 2, [['CF-TEA-EB500', '3']]),
  // Won twice alike: two orders, or one typed twice?
  deal('Concrete top-up', 'Pelican Concrete', 1, [
    ['CM-RAP-20', '120'],
    ['CM-GP-20', '40'],
  ]),
  deal('Concrete top-up', 'Pelican Concrete', 1, [
    ['CM-RAP-20', '120'],
    ['CM-GP-20', '40'],
  ]),
];

const hopedFor: readonly PracticeDeal[] = [
  deal('Espresso corner', 'Saltbush Catering', -12, [['CF-GRIND-E65', '1', { percentOff: '10' }]], {
    stage: 'contractsent',
  }),
  deal('Winter decking offer', 'Jacaranda Tiles', -20, [['DK-MER-140', '240']], { stage: 'contractsent' }),
  deal('Shade for the yard', 'Brolga Catering', -30, [['GD-SHADE-70', '45.5']], {
    stage: 'presentationscheduled',
  }),
  deal('Garden centre start-up', 'Spinifex Nursery', -45, [], { stage: 'qualifiedtobuy' }),
];

/** The deals of the practice company in HubSpot, the oldest first. */
export const practiceDeals: readonly PracticeDeal[] = [...invoiced, ...won, ...hopedFor];

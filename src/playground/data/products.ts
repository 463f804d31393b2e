import type { PracticeSystem } from '../vendors/vendor.ts';
import { type PracticeProduct, type Told, told } from './told-product.ts';

export type { PracticeProduct } from './told-product.ts';

const m = 'Melbourne';
const s = 'Sydney';
const b = 'Bega showroom';
const onlyCin7Core = { in: ['cin7-core'] } as const;

const building: readonly Told[] = [
  told(
    ['DK-MER-140', 'Merbau decking 140 x 19 mm', 'm'],
    ['11.45', '7.2'],
    [
      [m, 1840.5, 312.4],
      [s, 620],
    ],
    {
      description: 'Kiln dried, random lengths 1.8 to 5.1 m. Sold by the metre.',
    },
  ),
  told(
    ['DK-SPG-135', 'Spotted gum decking 135 x 19 mm', 'm'],
    ['13.9', '9.05'],
    [
      [m, 402.75],
      [s, 88.2, 60],
    ],
  ),
  told(
    ['PN-TRT-9045', 'Treated pine H3 90 x 45 mm 2.4 m', 'Item'],
    ['14.2', '8.87'],
    [
      [m, 260, 24],
      [b, 18],
    ],
  ),
  told(['PN-TRT-7035', 'Treated pine H3 70 x 35 mm 2.4 m', 'Item'], ['9.6', '5.95'], [[m, 318]], {
    otherwise: { hubspot: { sellPrice: '9.2' } },
  }),
  told(
    ['SL-HWD-2400', 'Hardwood sleeper 200 x 50 mm 2.4 m', 'Item'],
    ['31.8', '19.4'],
    [
      [m, 96, 40],
      [s, 64],
    ],
  ),
  told(
    ['CM-GP-20', 'General purpose cement 20 kg', 'Bag'],
    ['8.55', '5.6124'],
    [
      [m, 480, 120],
      [s, 240, 16],
    ],
  ),
  told(
    ['CM-RAP-20', 'Rapid-set concrete 20 kg', 'Bag'],
    ['9.25', '6.1'],
    [
      [m, 512, 64],
      [s, 96],
    ],
  ),
  told(
    ['PV-BLU-400', 'Bluestone paver 400 x 400 x 30 mm', 'Item'],
    ['18.7', '11.36'],
    [
      [m, 730, 200],
      [b, 45],
    ],
  ),
  told(
    ['PL-10-2412', 'Plasterboard 10 mm 2400 x 1200', 'Item'],
    ['17.95', '11.02'],
    [
      [m, 144],
      [s, 60, 60],
    ],
  ),
  told(
    ['IN-R25-430', 'Insulation batts R2.5 430 mm', 'Pack'],
    ['62.4', '41.5'],
    [
      [m, 38, 6],
      [s, 22],
    ],
    {
      otherwise: { xero: { name: 'Insulation batts R2.5 430mm' } },
    },
  ),
  // Sold for less than a cent's precision, as fixings are.
  told(
    ['SC-DK-1050', 'Decking screw 10 g x 50 mm stainless', 'Item'],
    ['0.1285', '0.0614'],
    [[m, 46_500, 8000]],
  ),
  told(
    ['NL-GAL-75', 'Galvanised nail 75 mm', 'kg'],
    ['6.3333', '3.8'],
    [
      [m, 212.5, 10.25],
      [s, 40.125],
    ],
  ),
  told(
    ['PT-EXT-10W', 'Exterior acrylic low sheen white 10 L', 'Item'],
    ['148', '96.3'],
    [
      [m, 34, 4],
      [b, 6],
    ],
  ),
  // A name of 70 characters, where Xero holds 50.
  told(
    ['RF-COR-762', 'Corrugated roofing sheet 0.42 BMT 762 mm cover, Surfmist, cut to order', 'm'],
    ['21.35', '14.77'],
    [[m, 905.6, 300.4]],
    { in: ['cin7-core', 'hubspot'] },
  ),
  // A code of 31 characters, where Xero holds 30.
  told(
    ['TL-SUBWAY-GLOSS-WHT-75X150-BX44', 'Subway tile gloss white 75 x 150 mm, box of 44', 'Box'],
    ['38.5', '22.9'],
    [[m, 120, 12]],
    { in: ['cin7-core', 'hubspot'] },
  ),
];

const garden: readonly Told[] = [
  told(
    ['GD-MUL-PB', 'Pine bark mulch', 'm3'],
    ['72', '38.4'],
    [
      [m, 64.5, 12],
      [b, 7.25],
    ],
  ),
  told(['GD-SOIL-VEG', 'Vegetable garden soil mix', 'm3'], ['68', '35.1'], [[m, 41.75, 8.5]]),
  told(
    ['GD-POT-300', 'Terracotta pot 300 mm', 'Item'],
    ['24.5', '12.6'],
    [
      [m, 84],
      [s, 36, 4],
      [b, 20],
    ],
  ),
  told(
    ['GD-HOSE-20', 'Garden hose 12 mm 20 m', 'Item'],
    ['39.95', '21.15'],
    [
      [m, 58],
      [s, 41],
    ],
    {
      description: 'Kink-resistant, brass fittings — 10 year warranty',
      otherwise: { hubspot: { description: 'Kink resistant hose, brass fittings' } },
    },
  ),
  told(['GD-FERT-SB', 'Blood & bone fertiliser 10 kg', 'Bag'], ['19.8', '10.75'], [[m, 77, 5]]),
  told(['GD-SHADE-70', 'Shade cloth 70 % "Eucalypt" 3.66 m wide', 'm'], ['12.1', '6.88'], [[s, 240.4, 33.3]]),
  told(
    ['GD-IRR-13', 'Poly irrigation pipe 13 mm x 50 m', 'Item'],
    ['22', '12.2'],
    [
      [m, 46],
      [s, 12],
    ],
    onlyCin7Core,
  ),
  told(['GD-WB-100', 'Wheelbarrow 100 L', 'Item'], ['129', '81.95'], [[m, 9, 9]]),
  // None left anywhere.
  told(['GD-BENCH-JAR', 'Jarrah garden bench 1.5 m', 'Item'], ['389', '245.5'], []),
  told(['GD-LIME-25', 'Garden lime 25 kg', 'Bag'], ['14.4', '7.3'], [[m, 60]], {
    otherwise: { xero: { cost: '7.1' } },
  }),
];

const cafe: readonly Told[] = [
  told(
    ['CF-BEAN-HB1', 'House blend coffee beans 1 kg', 'Bag'],
    ['34', '21.4'],
    [
      [m, 260, 84],
      [s, 145, 20],
    ],
    {
      tax: 'gst_free',
      description: 'Roasted in Bega. GST-free as food.',
    },
  ),
  told(['CF-BEAN-DEC', 'Decaf coffee beans 1 kg', 'Bag'], ['37.5', '24.1'], [[m, 48, 6]], {
    tax: 'gst_free',
  }),
  told(
    ['CF-CUP-8OZ', 'Takeaway cup 8 oz, sleeve of 50', 'Pack'],
    ['9.3', '5.42'],
    [
      [m, 640, 120],
      [s, 300],
    ],
  ),
  told(['CF-LID-80', 'Lid 80 mm white, sleeve of 100', 'Pack'], ['8.1', '4.6'], [[m, 410, 60]]),
  told(
    ['CF-SYR-VAN', 'Vanilla syrup 750 mL', 'Item'],
    ['13.65', '8.2'],
    [
      [m, 36],
      [s, 24],
    ],
    onlyCin7Core,
  ),
  told(['CF-GRIND-E65', 'Espresso grinder 65 mm burrs', 'Item'], ['1895', '1320'], [[m, 3, 1]], {
    description: 'Demo unit on the counter in Bega',
  }),
  // Nobody has chosen a tax rule yet.
  told(['CF-TEA-EB500', 'English breakfast tea, 500 bags', 'Carton'], ['58', '36.25'], [[m, 15]], {
    tax: null,
    in: ['cin7-core', 'hubspot'],
  }),
  // Oversold: more promised than there is.
  told(
    ['CF-MILK-OAT', 'Oat milk barista 1 L, carton of 12', 'Carton'],
    ['41.4', '29.5'],
    [
      [m, 20, 32],
      [s, 8],
    ],
    {
      tax: 'gst_free',
    },
  ),
  // No longer sold.
  told(['CF-STRAW-PL', 'Plastic straw, box of 1000', 'Box'], ['6.5', '3.1'], [], { active: false }),
];

const services: readonly Told[] = [
  told(['FR-METRO', 'Delivery, metropolitan', 'Item'], ['85', ''], []),
  // The sales team's own: inventory has never heard of it.
  told(['SV-SITE-MEAS', 'Site measure and quote', 'Item'], ['120', ''], [], { in: ['hubspot'] }),
];

const all: readonly Told[] = [...building, ...garden, ...cafe, ...services];

/** Every product there is, as inventory tells it, and the one that only sales knows. */
export const practiceProducts: readonly PracticeProduct[] = all.map(({ product }) => product);

/** The products that a system has already, as it tells them. */
export const productsIn = (system: PracticeSystem): readonly PracticeProduct[] =>
  all
    .filter(({ product }) => product.in.includes(system))
    .map(({ product, otherwise }) => ({ ...product, ...otherwise[system] }));

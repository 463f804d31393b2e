import type { PracticeCustomer } from './customers.ts';
import { withDetails } from './details.ts';

/** What one system holds otherwise; null = the customer is not there. */
type Otherwise = Partial<PracticeCustomer> | null;

/** A customer whose records are a mess on purpose. Without a word about a system, it holds the customer as it is. */
export interface SpecialCase {
  readonly why: string;
  readonly customer: PracticeCustomer;
  /** Several = several companies in HubSpot. */
  readonly hubspot?: readonly Partial<PracticeCustomer>[];
  readonly xero?: Otherwise;
  readonly cin7Core?: Otherwise;
  /** HubSpot's description. Set for what came from the spreadsheet of 2019. */
  readonly imported?: string;
}

const thirtyDays = { days: 30, endOfMonth: false };
const fourteenDays = { days: 14, endOfMonth: false };
const sevenDays = { days: 7, endOfMonth: false };
const endOfMonth = { days: 30, endOfMonth: true };

const kookaburra: PracticeCustomer = withDetails({
  tradingName: 'Kookaburra Bend Electrical',
  legalName: 'Kookaburra Bend Electrical Pty Ltd',
  abn: '67910000145',
  email: 'accounts@kookaburrabend.example',
  phone: '0255507314',
  street: '6 Wharf St',
  city: 'Wollongong',
  state: 'NSW',
  postcode: '2500',
  terms: fourteenDays,
});

export const specialCases: readonly SpecialCase[] = [
  {
    why: 'No ABN anywhere, and nothing else in common: nothing to match by.',
    customer: withDetails({
      tradingName: 'Nullarbor Roadhouse',
      legalName: 'Nullarbor Roadhouse',
      abn: '',
      email: 'office@nullarborroadhouse.example',
      phone: '0870104410',
      street: '1 Eyre Highway',
      city: 'Port Augusta',
      state: 'SA',
      postcode: '5700',
      terms: sevenDays,
    }),
    xero: {
      email: 'accounts@eyrefuels.example',
      phone: '0870104427',
      mobile: '',
      street: '210 Commercial Rd',
      deliveryAddress: null,
    },
    cin7Core: {
      email: 'kitchen@plainsmotel.example',
      phone: '0870104438',
      mobile: '',
      street: '64 Stirling St',
      deliveryAddress: null,
    },
  },
  {
    why: 'An invalid ABN, two digits are the wrong way round, copied everywhere: a person can say that it is one all the same.',
    customer: withDetails({
      tradingName: 'Tanami Drilling',
      legalName: 'Tanami Drilling Pty Ltd',
      abn: '45910000092',
      acn: '910000092',
      email: 'payables@tanamidrilling.example',
      phone: '0855502204',
      street: '88 Smith St',
      city: 'Alice Springs',
      state: 'NT',
      postcode: '0870',
      terms: thirtyDays,
    }),
  },
  {
    why: 'A placeholder ABN that passes the arithmetic and belongs to nobody.',
    customer: withDetails({
      tradingName: 'Mangrove Jack Charters',
      legalName: 'Mangrove Jack Charters Pty Ltd',
      abn: '10000000000',
      email: 'skipper@mangrovejack.example',
      phone: '0770103358',
      street: '2 Marina Parade',
      city: 'Cairns',
      state: 'QLD',
      postcode: '4870',
      terms: sevenDays,
    }),
    xero: {
      email: 'bookings@reefdays.example',
      phone: '0770103390',
      mobile: '',
      street: '55 Sheridan St',
      deliveryAddress: null,
    },
    cin7Core: {
      email: 'stores@jackmarine.example',
      phone: '0770103377',
      mobile: '',
      street: '8 Ogden St',
      deliveryAddress: null,
    },
  },
  {
    why: 'Sales knows the cafe, accounting knows the company behind it.',
    customer: withDetails({
      tradingName: 'Wattlebird Cafe',
      legalName: 'Harcourt Hospitality Holdings Pty Ltd',
      abn: '40910000029',
      email: 'accounts@wattlebirdcafe.example',
      phone: '0370102266',
      street: '31 Station St',
      city: 'Ballarat',
      state: 'VIC',
      postcode: '3350',
      terms: fourteenDays,
    }),
    hubspot: [{ legalName: '' }],
  },
  {
    why: 'Twice in the CRM, under two spellings, with one ABN.',
    customer: kookaburra,
    hubspot: [
      {},
      {
        tradingName: 'Kookabura Bend Electrical Services',
        legalName: 'KOOKABURRA BEND ELECTRICAL P/L',
        email: 'admin@kookaburrabend.example',
        street: 'Unit 2, 6 Wharf Street',
      },
    ],
  },
  {
    why: 'Spreadsheet of 2019: the leading zero of the postcode and of the phone are gone.',
    customer: withDetails({
      tradingName: 'Top End Marine Supplies',
      legalName: 'Top End Marine Supplies Pty Ltd',
      abn: '42910000038',
      email: 'accounts@topendmarine.example',
      phone: '0855501188',
      street: '17 Harbour Rd',
      city: 'Darwin',
      state: 'NT',
      postcode: '0800',
      terms: thirtyDays,
    }),
    hubspot: [
      {
        postcode: '800',
        phone: '855501188',
        mobile: '491570158',
        deliveryAddress: {
          street: '17 Harbour Road',
          city: 'Darwin',
          state: 'Northern Territory',
          postcode: '800',
        },
      },
    ],
    imported: 'Imported 14/03/2019 from customers_FINAL_v3.xlsx',
  },
  {
    why: 'Spreadsheet of 2019: all capitals, dotted numbers, and a phone number in four notations at once.',
    customer: withDetails({
      tradingName: 'Gidgee Earthmoving',
      legalName: 'Gidgee Earthmoving Pty Ltd',
      abn: '44910000047',
      email: 'accounts@gidgeeearthmoving.example',
      phone: '0755506402',
      street: '240 Myall Rd',
      city: 'Toowoomba',
      state: 'QLD',
      postcode: '4350',
      terms: endOfMonth,
    }),
    hubspot: [
      {
        tradingName: 'GIDGEE EARTHMOVING',
        legalName: 'GIDGEE EARTHMOVING PTY LTD',
        abn: 'ABN 44.910.000.047',
        acn: 'A.C.N. 910 000 047',
        email: 'ACCOUNTS@GIDGEEEARTHMOVING.EXAMPLE',
        mobile: '0061 491.570.157',
        phone: '+61 (0)7 5550.6402',
        street: '240 MYALL RD',
        city: 'TOOWOOMBA',
        state: 'Queensland',
      },
    ],
    imported: 'Imported 14/03/2019 from customers_FINAL_v3.xlsx',
  },
  {
    why: 'Spreadsheet of 2019: dates have run into the columns beside them.',
    customer: withDetails({
      tradingName: 'Sheoak Picture Framing',
      legalName: 'Sheoak Picture Framing Pty Ltd',
      abn: '46910000056',
      email: 'accounts@sheoakframing.example',
      phone: '0370109031',
      street: '5 Church Lane',
      city: 'Launceston',
      state: 'TAS',
      postcode: '7250',
      terms: thirtyDays,
    }),
    hubspot: [{ phone: '03 7010 9031 (as at 03/04/2019)' }],
    imported: 'Last order 28/02/2019. Imported 14/03/2019 from customers_FINAL_v3.xlsx',
  },
  {
    why: 'In HubSpot only: nobody has invoiced it yet.',
    customer: withDetails({
      tradingName: 'Fairy Wren Interiors',
      legalName: 'Fairy Wren Interiors Pty Ltd',
      abn: '48910000065',
      email: 'hello@fairywren.example',
      phone: '0491570156',
      street: '9 Boronia Ave',
      city: 'Fremantle',
      state: 'WA',
      postcode: '6160',
      terms: sevenDays,
    }),
    xero: null,
    cin7Core: null,
  },
  {
    why: 'A trading name of 300 characters.',
    customer: withDetails({
      tradingName: `The ${'Very '.repeat(54)}Long Name Historical Society`.padEnd(300, '!').slice(0, 300),
      legalName: 'Long Name Historical Society Inc',
      abn: '50910000074',
      email: 'treasurer@longname.example',
      phone: '0270105512',
      street: '3 Grevillea Parade',
      city: 'Goulburn',
      state: 'NSW',
      postcode: '2580',
      terms: thirtyDays,
    }),
  },
  {
    why: 'A name that would call everybody if it were taken for mark-up.',
    customer: withDetails({
      tradingName: '🎉 <!channel> *Party* Hire & <@U0PRIYA001> :tada:',
      legalName: 'Channel Party Hire Pty Ltd',
      abn: '52910000083',
      email: 'bookings@partyhire.example',
      phone: '0491570159',
      street: '12 High St',
      city: 'Braddon',
      state: 'ACT',
      postcode: '2612',
      terms: fourteenDays,
    }),
  },
  {
    why: 'One trading name, two companies: only their ABNs tell them apart.',
    customer: withDetails({
      tradingName: 'Curlew Camping',
      legalName: 'Curlew Camping Pty Ltd',
      abn: '59910000109',
      email: 'accounts@curlewcamping.example',
      phone: '0255503361',
      street: '77 Mill Rd',
      city: 'Dubbo',
      state: 'NSW',
      postcode: '2830',
      terms: thirtyDays,
    }),
  },
  {
    why: 'The other company of that trading name; its legal form is written short.',
    customer: withDetails({
      tradingName: 'Curlew Camping',
      legalName: 'Murray River Leisure P/L',
      abn: '61910000118',
      email: 'accounts@murrayriverleisure.example',
      phone: '0355504417',
      street: '3 River Ave',
      city: 'Mildura',
      state: 'VIC',
      postcode: '3500',
      terms: fourteenDays,
    }),
  },
  {
    why: 'The company and its trading name in one line.',
    customer: withDetails({
      tradingName: 'Pobblebonk Pools',
      legalName: 'Pobblebonk Holdings Pty Ltd T/A Pobblebonk Pools',
      abn: '65910000136',
      email: 'accounts@pobblebonkpools.example',
      phone: '0770102209',
      street: '150 Market St',
      city: 'Ipswich',
      state: 'QLD',
      postcode: '4305',
      terms: sevenDays,
    }),
  },
  {
    why: 'A family trust: it has an ABN, and no ACN of its own.',
    customer: withDetails({
      tradingName: 'Bowerbird Books',
      legalName: 'The Trustee for the Bowerbird Family Trust',
      abn: '76900000050',
      email: 'accounts@bowerbirdbooks.example',
      phone: '0370107745',
      street: '21 Church St',
      city: 'Hobart',
      state: 'TAS',
      postcode: '7000',
      terms: thirtyDays,
    }),
  },
];

/** Town, state, postcode, telephone area. */
export interface Town {
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly area: '02' | '03' | '07' | '08';
}

const rows = `
Albury NSW 2640 02|Armidale NSW 2350 02|Bathurst NSW 2795 02|Bega NSW 2550 02|Broken Hill NSW 2880 08
Coffs Harbour NSW 2450 02|Dubbo NSW 2830 02|Goulburn NSW 2580 02|Lismore NSW 2480 02|Mudgee NSW 2850 02
Newcastle NSW 2300 02|Orange NSW 2800 02|Parramatta NSW 2150 02|Tamworth NSW 2340 02|Wollongong NSW 2500 02
Braddon ACT 2612 02|Fyshwick ACT 2609 02|Belconnen ACT 2617 02
Ballarat VIC 3350 03|Bendigo VIC 3550 03|Footscray VIC 3011 03|Geelong VIC 3220 03|Mildura VIC 3500 03
Sale VIC 3850 03|Shepparton VIC 3630 03|Warrnambool VIC 3280 03|Wangaratta VIC 3677 03
Bundaberg QLD 4670 07|Cairns QLD 4870 07|Gladstone QLD 4680 07|Ipswich QLD 4305 07|Mackay QLD 4740 07
Noosaville QLD 4566 07|Rockhampton QLD 4700 07|Toowoomba QLD 4350 07|Townsville QLD 4810 07
Adelaide SA 5000 08|Mount Gambier SA 5290 08|Port Augusta SA 5700 08|Port Lincoln SA 5606 08|Whyalla SA 5600 08
Albany WA 6330 08|Broome WA 6725 08|Bunbury WA 6230 08|Fremantle WA 6160 08|Geraldton WA 6530 08|Kalgoorlie WA 6430 08
Burnie TAS 7320 03|Devonport TAS 7310 03|Hobart TAS 7000 03|Launceston TAS 7250 03
Alice Springs NT 0870 08|Darwin NT 0800 08|Katherine NT 0850 08`;

export const towns: readonly Town[] = rows
  .trim()
  .split(/[|\n]/)
  .map((row) => {
    const [, city = '', state = '', postcode = '', area = ''] = /^(.+) (\w+) (\d{4}) (\d\d)$/.exec(row) ?? [];
    return { city, state, postcode, area: area as Town['area'] };
  });

export const streets = [
  ...[
    'Banksia',
    'Boronia',
    'Church',
    'Foundry',
    'George',
    'Grevillea',
    'Harbour',
    'High',
    'Kurrajong',
    'Market',
  ],
  ...['Mill', 'Myall', 'Railway', 'River', 'Smith', 'Station', 'Stirling', 'Waratah', 'Wharf', 'Wickham'],
];
export const streetKinds = ['St', 'Rd', 'Ave', 'Lane', 'Parade', 'Drive'];

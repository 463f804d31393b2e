import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import type { ReadItem } from '#src/connectors/connector.ts';
import { createCsv } from '#src/connectors/csv/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { workbook } from '../support/workbook.ts';
import { call, clockAtNoon, fieldsOf, memoryBudgets, memoryLog, memoryTokens, terms } from './kit.ts';

const columns = {
  legal_name: 'Company',
  abn: 'ABN',
  acn: 'ACN',
  phone: 'Phone',
  mobile: 'Mobile',
  billing_address: {
    line1: 'Street',
    city: 'Suburb',
    state: 'State',
    postcode: 'Postcode',
    country: 'Country',
  },
  payment_terms: 'Terms',
};

async function sheetOf(content: string | Uint8Array, { name = 'customers.csv', clock = clockAtNoon() } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'truce-sheet-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  /** The time that a file was saved is the test's. */
  const save = async (text: string | Uint8Array, at = clock.now()) => {
    await writeFile(file, text);
    await utimes(file, at, at);
  };
  await save(content, new Date('2026-11-19T01:00:00.000Z'));
  const log = memoryLog();
  const connector = customersOf(
    createCsv({
      terms: terms('csv', { file, key: 'Customer No', columns }),
      credential: () => '',
      http: { log, budgets: memoryBudgets() },
      tokens: memoryTokens(),
      clock,
    }),
  );
  const all = async (since: Date | null = null) => {
    const items: ReadItem[] = [];
    for await (const page of connector.changed(since, clock.now(), call)) items.push(...page);
    return items;
  };
  return { file, save, connector, clock, log, all };
}
const failing = async (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    ({ failure, message }) => `${failure}: ${message}`,
  );
const values = (item: ReadItem | undefined) =>
  Object.fromEntries(
    Object.entries(fieldsOf(item)).flatMap(([field, one]) =>
      one.state === 'value' ? [[field, one.value]] : [],
    ),
  );
const table = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n`;
const head = 'Customer No,Company,ABN,ACN,Phone,Mobile,Street,Suburb,State,Postcode,Country,Terms';

/** Windows-1252, as Excel in Australia saves it; the characters of the 2019 file are in Latin-1 and the same there, but for these. */
const windows1252 = (text: string) =>
  Buffer.from(text.replaceAll('’', '\u0092').replaceAll('–', '\u0096').replaceAll('€', '\u0080'), 'latin1');

describe('the file of 2019', () => {
  // Kept in a spreadsheet for years: a title above, a date column, zeros lost, numbers shortened, blanks, words for nothing.
  const file2019 = table([
    'Customer list,as at 30/06/2019,,,,,,,,,,,',
    ',,,,,,,,,,,,',
    'CUSTOMER NO, Company ,ABN,ACN,Phone,Mobile,Street,Suburb,State,Postcode,Country,Terms,First order',
    '1001,Café Zoë Pty Ltd,5.1824753556E+10,4085616,255501234,491570156,"Shop 3, 8 O’Brien St",Darwin,NT,800,,30 days,03/04/2012',
    '1002,  Smith – Sons  ,53 004 085 616,N/A,02 7010 1234,-,12 Example Rd,Sydney,NSW,2000.0,Australia,30 days EOM,11/12/2013',
    '1003,"The ""Good"" Life",n/a,#N/A,\'0370101234,,"Level 2',
    '9 Sample St",Reykjavík,,101,Iceland,COD,31/01/2014',
    ',,,,,,,,,,,,',
    ',No Number Pty Ltd,,,,,,,,,,,',
    '1005,First Twin,,,,,,,,,,,',
    '1005,Second Twin,,,,,,,,,,,',
    '1006,Comma, Lost Pty Ltd,33531321789,,,,1 Long St,Perth,WA,6000,Australia,COD,31/01/2014',
    '1007,Rounded Pty Ltd,5.18248E+10,,,,,,,,,"net 14",',
  ]);

  test('is read as it was meant', async () => {
    const { all, log } = await sheetOf(windows1252(file2019));
    const items = await all();
    expect(
      items.map(
        (item) => `${item.kind === 'read' ? item.observation.externalId : item.externalId} ${item.kind}`,
      ),
    ).toEqual([
      '1001 read',
      '1002 read',
      '1003 read',
      'row 8 malformed',
      '1005 malformed',
      '1006 malformed',
      '1007 read',
    ]);
    expect(values(items[0])).toEqual({
      legal_name: 'Café Zoë Pty Ltd',
      abn: '51824753556',
      acn: '004085616',
      phone: '0255501234',
      mobile: '0491570156',
      billing_address: {
        line1: 'Shop 3, 8 O’Brien St',
        line2: null,
        city: 'Darwin',
        state: 'NT',
        postcode: '0800',
        country: null,
      },
      payment_terms: { days: 30, from: 'invoice_date' },
    });
    expect(values(items[1])).toEqual({
      legal_name: 'Smith – Sons',
      abn: '53 004 085 616',
      phone: '02 7010 1234',
      billing_address: {
        line1: '12 Example Rd',
        line2: null,
        city: 'Sydney',
        state: 'NSW',
        postcode: '2000',
        country: 'Australia',
      },
      payment_terms: { days: 30, from: 'end_of_month' },
    });
    expect(values(items[2])).toMatchObject({
      legal_name: 'The "Good" Life',
      phone: '0370101234',
      billing_address: {
        line1: 'Level 2\r\n9 Sample St',
        city: 'Reykjavík',
        postcode: '101',
        country: 'Iceland',
      },
      payment_terms: { days: 0, from: 'invoice_date' },
    });
    // Digits that the spreadsheet threw away are not made up.
    expect(values(items[6])).toEqual({
      legal_name: 'Rounded Pty Ltd',
      abn: '5.18248E+10',
      payment_terms: { days: 14, from: 'invoice_date' },
    });
    expect(items.flatMap((item) => (item.kind === 'malformed' ? [item.reason] : []))).toEqual([
      'row 8 has no Customer No',
      'rows 9, 10 have the same Customer No',
      'row 11 has 14 cells under 13 headings: a value in it may lack its quotation marks',
    ]);
    expect(log.kept).toMatchObject([{ purpose: 'read the file', status: 200, responseBody: null }]);
  });

  test('tells of itself what somebody should see to', async () => {
    const { connector } = await sheetOf(windows1252(file2019));
    expect(await connector.account(call)).toMatchObject({
      account: 'customers.csv',
      problems: [
        'The rows 9, 10 have the same Customer No, so none of them is read.',
        '3 of its rows cannot be read; the others can.',
      ],
      steps: [],
    });
  });
});

describe('whatever program saved it', () => {
  const text = table(['Customer No;Company;ABN', '7;Zoë & Søn;51824753556']);
  const utf16be = () => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first', utf16be()],
    ['UTF-16 without its mark', Buffer.from(text, 'utf16le')],
    ['Windows-1252', windows1252(text)],
    ['tabs', Buffer.from(text.replaceAll(';', '\t'))],
    ['commas', Buffer.from(text.replaceAll(';', ','))],
    ['Excel’s own first line', Buffer.from(`sep=;\r\n${text}`)],
    ['old Mac line ends', Buffer.from(text.replaceAll('\r\n', '\r'))],
    ['no line end at the end', Buffer.from(text.trimEnd())],
  ])('%s', async (_, bytes) => {
    const { all } = await sheetOf(bytes);
    const items = await all();
    expect(items).toHaveLength(1);
    expect(values(items[0])).toEqual({ legal_name: 'Zoë & Søn', abn: '51824753556' });
  });

  test('a workbook, with numbers as numbers and dates as dates', async () => {
    const { all } = await sheetOf(
      workbook([
        ['Our customers'],
        head.split(','),
        [
          { number: '1001' },
          'Café Zoë',
          { number: '51824753556' },
          { number: '4085616' },
          { number: '255501234' },
          { number: '4.91570156E8' },
          '8 Example Rd',
          'Darwin',
          'NT',
          { number: '800' },
          null,
          { day: 43646 },
        ],
      ]),
      { name: 'customers.xlsx' },
    );
    const items = await all();
    expect(items).toMatchObject([{ kind: 'read', observation: { externalId: '1001' } }]);
    expect(values(items[0])).toEqual({
      legal_name: 'Café Zoë',
      abn: '51824753556',
      acn: '004085616',
      phone: '0255501234',
      mobile: '0491570156',
      billing_address: {
        line1: '8 Example Rd',
        line2: null,
        city: 'Darwin',
        state: 'NT',
        postcode: '0800',
        country: null,
      },
      // Words that are no terms stay words, as Australians write dates.
      payment_terms: '30/06/2019',
    });
  });

  test('quotation marks as people type them', async () => {
    const { all } = await sheetOf(
      table(['Customer No,Company', '1,Smith "Bob" Ltd', '2,"Two" and a half', '3,Three']),
    );
    expect((await all()).map((item) => values(item).legal_name)).toEqual([
      'Smith "Bob" Ltd',
      '"Two" and a half',
      'Three',
    ]);
  });

  test('a quotation mark without its partner: the row is named, the one that it swallowed is not thought gone', async () => {
    const { all, connector } = await sheetOf(
      table(['Customer No,Company', '1,One', '2,"Two', '3,"Three"', '4,Four', '5,Smith "Bob" Ltd']),
    );
    expect(await all()).toMatchObject([
      { kind: 'read', observation: { externalId: '1' } },
      { kind: 'malformed', externalId: '2', reason: 'row 3: a quotation mark in it lacks its partner' },
      { kind: 'read', observation: { externalId: '4' } },
      { kind: 'read', observation: { externalId: '5' } },
    ]);
    expect(await connector.read(['3'], call)).toMatchObject([
      {
        kind: 'malformed',
        externalId: '3',
        reason: 'it is not in the file, but rows that cannot be read are',
      },
    ]);
  });

  test('a heading that was renamed leaves its field unread', async () => {
    const { all, connector } = await sheetOf(
      table(['Customer No,Company,ABN No,Phone', '1,One,51824753556,1300 975 707']),
    );
    const [item] = await all();
    expect(fieldsOf(item)).toMatchObject({
      abn: { state: 'not_read' },
      phone: { state: 'value' },
      email: { state: 'unsupported' },
    });
    expect(item).toMatchObject({
      observation: { drift: expect.arrayContaining([{ field: 'abn', expected: 'ABN', found: ['ABN No'] }]) },
    });
    expect((await connector.account(call)).problems[0]).toContain('customers.csv has no heading “ABN”');
  });
});

describe('a file that is not whole is never taken for an empty one', () => {
  test.each([
    ['empty', '', 'nonsense: Spreadsheet: FILE is empty'],
    ['headings alone', `${head}\r\n`, 'nonsense: Spreadsheet: FILE has headings, but no rows below them'],
    [
      'no headings',
      table(['1001,Acme', '1002,Beta']),
      'nonsense: Spreadsheet: FILE has no heading “Customer No” in its first 30 rows',
    ],
    [
      'one heading twice',
      table(['Customer No,Phone,Phone', '1,2,3']),
      'nonsense: Spreadsheet: FILE has the heading “Phone” twice: which one is meant?',
    ],
    [
      'a row cut short',
      `${table([head, '1001,Acme,51824753556,,,,,,,,,'])}1002,Be`,
      'nonsense: Spreadsheet: FILE breaks off in the middle of its last row: it may not be whole yet',
    ],
    [
      'a quotation cut short',
      `${table([head, '1001,Acme,51824753556,,,,,,,,,'])}1002,"Be`,
      'nonsense: Spreadsheet: FILE breaks off inside quotation marks: it may not be whole yet',
    ],
  ])('%s', async (_, text, expected) => {
    const { all, connector, file, log } = await sheetOf(text);
    const told = expected.replace('FILE', file);
    expect(await failing(all())).toBe(told);
    expect(await failing(connector.read(['1001'], call))).toBe(told);
    expect(log.kept[0]).toMatchObject({ status: null, error: told.replace('nonsense: ', '') });
  });

  test('half a workbook', async () => {
    const whole = workbook([['Customer No'], ['1']]);
    const { all, file } = await sheetOf(whole.subarray(0, whole.length / 2), { name: 'customers.xlsx' });
    expect(await failing(all())).toBe(
      `nonsense: Spreadsheet: ${file} cannot be opened as a workbook: it may not be whole yet`,
    );
  });

  test('not there, then there', async () => {
    const { all, file } = await sheetOf('');
    await rm(file);
    expect(await failing(all())).toBe(`unreachable: Spreadsheet: ${file} is not there`);
    await mkdir(file);
    expect(await failing(all())).toBe(`refused: Spreadsheet: ${file} is a folder`);
    await rm(file, { recursive: true });
    await writeFile(file, table(['Customer No,Company', '1,One']));
    expect(await all()).toHaveLength(1);
  });

  test('being written while it is read', async () => {
    const lines = [head];
    const clock = manualClock(clockAtNoon().now());
    const { all, file } = await sheetOf(table(lines), {
      // Somebody goes on writing whenever Truce waits for the file to be quiet.
      clock: {
        ...clock,
        sleep: async () => {
          lines.push('1001,Acme,,,,,,,,,,');
          await writeFile(file, table(lines));
        },
      },
    });
    expect(await failing(all())).toBe(
      `unreachable: Spreadsheet: ${file} is being written at this moment: the next run reads it`,
    );
  });
});

describe('what changed', () => {
  const start = () => sheetOf(table(['Customer No,Company', '1,One', '2,Two', '3,Three']));
  const later = async ({ clock, connector, all }: Awaited<ReturnType<typeof start>>) => {
    const since = new Date(clock.now().getTime() - connector.overlapMs);
    clock.advance(10 * 60_000);
    return (await all(since)).map((item) =>
      item.kind === 'read' ? item.observation.externalId : item.externalId,
    );
  };

  test('is told row by row; a file that was not touched is not read again', async () => {
    const stage = await start();
    expect(await stage.all()).toHaveLength(3);
    stage.clock.advance(600_000);
    expect(await later(stage)).toEqual([]);
    expect(stage.log.kept).toHaveLength(1);
    await stage.save(table(['Customer No,Company', '1,One', '2,Two and a half', '4,Four']));
    expect(await later(stage)).toEqual(['2', '4']);
    expect(await later(stage)).toEqual([]);
    expect((await stage.connector.read(['3', '1'], call)).map(({ kind }) => kind)).toEqual(['gone', 'read']);
  });

  test('is found though the file says that it is from long ago', async () => {
    const stage = await start();
    await stage.all();
    stage.clock.advance(600_000);
    await later(stage);
    await stage.save(table(['Customer No,Company', '1,Uno', '2,Two', '3,Three']), new Date('2001-01-01'));
    expect((await stat(stage.file)).mtime.getFullYear()).toBe(2001);
    expect(await later(stage)).toEqual(['1']);
  });

  test('is everything to a process that has just begun', async () => {
    const stage = await start();
    expect(await later(stage)).toEqual(['1', '2', '3']);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readAgreement } from '#src/agreement/read.ts';

const file = readFileSync(new URL('../../truce.yml', import.meta.url), 'utf8');
const [connections = ''] = file.split('\nflows:\n');

function problems(flow: Readonly<Record<string, string>>, fields: string) {
  const said = Object.entries({ ...flow, fields: `{ ${fields} }` }).map(
    ([key, value]) => `    ${key}: ${value}`,
  );
  const text = `${connections}
flows:
  one:
    name: One
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-one
    owners: { business: priya, technical: tom }
${said.join('\n')}
`;
  const read = readAgreement(text, 'truce.yml');
  return read.ok ? [] : read.problems.map(({ message, remedy }) => ({ message, remedy }));
}

const products = {
  entity: 'product',
  connections: '[cin7-core, xero, hubspot]',
  match_by: 'sku',
  system_of_record: 'cin7-core',
};
const stock = {
  entity: 'stock_level',
  connections: '[cin7-core, hubspot]',
  match_by: 'sku',
  system_of_record: 'cin7-core',
};
const payments = {
  entity: 'payment',
  connections: '[xero, hubspot]',
  match_by: 'number',
  system_of_record: 'xero',
};

describe('what a system works out by itself', () => {
  test.each([
    ['a cost that Cin7 Core decides', products, 'cost: { rule: overwrite }'],
    [
      'a cost that Cin7 Core has no part in',
      products,
      'cost: { rule: review, between: [xero, hubspot], system_of_record: xero }',
    ],
    ['other details of products, by any rule', products, 'name: { rule: review, system_of_record: hubspot }'],
    ['stock that Cin7 Core decides', stock, 'on_hand: { rule: read_only }'],
    ['payments that Xero decides', payments, 'amount_paid: { rule: overwrite }'],
  ])('is fine: %s', (_, flow, fields) => {
    expect(problems(flow, fields)).toEqual([]);
  });

  test.each([
    [
      'a cost that Xero decides',
      products,
      'cost: { rule: overwrite, system_of_record: xero }',
      'is decided by “xero”, but “cin7-core” works it out by itself: nothing can be brought there.',
      'Write “system_of_record: cin7-core” for it, or leave it out with “between: [xero, hubspot]”.',
    ],
    [
      'a cost to be reviewed',
      products,
      'cost: { rule: review }',
      'has the rule review, but “cin7-core” works it out by itself: there is nothing to decide.',
      'Write “rule: overwrite” for it, or leave it out with “between: [xero, hubspot]”.',
    ],
    [
      'stock that HubSpot decides',
      { ...stock, system_of_record: 'hubspot' },
      'available: { rule: overwrite }',
      'is decided by “hubspot”, but “cin7-core” works it out by itself',
      'Write “system_of_record: cin7-core” for it.',
    ],
    [
      'payments to be approved',
      payments,
      'amount_paid: { rule: approve }',
      'has the rule approve, but “xero” works it out by itself',
      'Write “rule: overwrite” for it.',
    ],
  ])('is refused with line and remedy: %s', (_, flow, fields, message, remedy) => {
    expect(problems(flow, fields)).toEqual([{ message: expect.stringContaining(message), remedy }]);
  });
});

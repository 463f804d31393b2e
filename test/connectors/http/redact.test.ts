import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactBody, redactBroken, redactText, redactUrl } from '#src/connectors/http/redact.ts';

describe('a text', () => {
  test('loses e-mail addresses, phone numbers and bearer tokens', () => {
    const text =
      'jane.o@example.com.au rang from (02) 5550 1234 or +61 491 570 156, Bearer pat-na1-1234567890';
    expect(redactText(text)).toBe('[e-mail] rang from [phone] or [phone], Bearer [secret]');
  });

  test('keeps ABNs, ids, amounts and times', () => {
    const text = 'ABN 51 824 753 556, 51824753556, id 20300400500, $1,234.50 at 2026-11-20T01:02:03.456Z';
    expect(redactText(text)).toBe(text);
  });

  test('loses the secrets it is told, wherever they stand', () => {
    expect(redactText('key=s3cret-value!', ['s3cret-value'])).toBe('key=[secret]!');
  });
});

describe('a body', () => {
  test('masks personal and secret fields by name, at any depth, and leaves the business readable', () => {
    const body = {
      Contacts: [
        {
          ContactID: 'c1',
          Name: 'Acme Pty Ltd',
          TaxNumber: '51 824 753 556',
          EmailAddress: 'x@y.com',
          BankAccountDetails: '062-000 1234567',
          Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '5550 1234' }],
          Addresses: [{ AddressType: 'POBOX', AddressLine1: '8 Example Rd', AttentionTo: 'Jane' }],
        },
      ],
    };
    expect(redactBody(body)).toEqual({
      Contacts: [
        {
          ContactID: 'c1',
          Name: 'Acme Pty Ltd',
          TaxNumber: '51 824 753 556',
          EmailAddress: '[hidden]',
          BankAccountDetails: '[secret]',
          Phones: '[hidden: 1]',
          Addresses: [{ AddressType: 'POBOX', AddressLine1: '8 Example Rd', AttentionTo: '[hidden]' }],
        },
      ],
    });
  });

  test('hides the names of Cin7 Core’s contact persons', () => {
    expect(redactBody({ ID: '1', Contacts: [{ ID: '2', Name: 'Jane', Email: 'j@x.au' }] })).toEqual({
      ID: '1',
      Contacts: [{ ID: '2', Name: '[hidden]', Email: '[hidden]' }],
    });
  });

  test('tells an emptied field from a hidden one, and keeps lists of property names', () => {
    const body = { properties: { billing_email: '', phone: '0255501234' }, inputs: [{ id: '1' }] };
    expect(redactBody(body)).toEqual({
      properties: { billing_email: '', phone: '[hidden]' },
      inputs: [{ id: '1' }],
    });
    expect(redactBody({ properties: ['phone', 'billing_email'] })).toEqual({
      properties: ['phone', 'billing_email'],
    });
  });

  test('a token never survives, however deep it lies and whatever it is called', () => {
    const token = 'tok_9f8e7d6c5b4a';
    const nested = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constant(token),
        fc.constant(`before ${token} after`),
        fc.dictionary(fc.oneof(fc.string(), fc.constant(token)), tie('node'), { maxKeys: 3 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(nested, (body) => {
        expect(JSON.stringify(redactBody(body, [token])) ?? '').not.toContain(token);
      }),
    );
  });
});

test('a URL loses user, secrets and personal parameters, and keeps the rest', () => {
  expect(redactUrl('https://u:p@x.test/a?access_token=abc&email=j%40x.au&page=2&IDs=1%2C2')).toBe(
    'https://x.test/a?access_token=hidden&email=hidden&page=2&IDs=1%2C2',
  );
});

test('half a JSON text, a form and a page lose what can be made out', () => {
  expect(redactBroken('{"Name":"Acme","EmailAddress":"j\\"x","Phones":[{"PhoneNumber":"12')).toBe(
    '{"Name":"Acme","EmailAddress":"[hidden]","Phones":[{"PhoneNumber":"[hidden]"',
  );
  expect(redactBroken('access_token=abc&expires_in=5&refresh_token=def')).toBe(
    'access_token=[secret]&expires_in=5&refresh_token=[secret]',
  );
  expect(redactBroken('<html><a href="/x?token=abc">s3cret</a>', ['s3cret'])).toBe(
    '<html><a href="/x?token=[secret]">[secret]</a>',
  );
  expect(redactBroken('x'.repeat(5_000)).length).toBeLessThan(2_100);
});

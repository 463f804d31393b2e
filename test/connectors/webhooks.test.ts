import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCin7CoreWebhook } from '#src/connectors/cin7-core/webhook.ts';
import { readHubSpotWebhook } from '#src/connectors/hubspot/webhook.ts';
import { readXeroWebhook } from '#src/connectors/xero/webhook.ts';
import { noon, webhook } from './kit.ts';

const secret = () => 'the-secret';
const missing = () => {
  throw new Error('not set');
};
const hmac = (text: string) => createHmac('sha256', 'the-secret').update(text).digest('base64');
const hints = (...ids: string[]) => ({
  kind: 'hints',
  hints: ids.map((externalId) => ({ entity: 'customer', externalId })),
});
const refusedWith = (status: number) => ({ kind: 'refused', status });

describe('HubSpot', () => {
  const url = 'https://truce.example.com/webhooks/hubspot?x=1';
  const signed = (body: string, more: { at?: Date; url?: string; signature?: string } = {}) => {
    const stamp = String((more.at ?? noon).getTime());
    const signature = more.signature ?? hmac(`POST${url}${body}${stamp}`);
    return webhook({
      url: more.url ?? url,
      body,
      headers: { 'X-HubSpot-Signature-v3': signature, 'x-hubspot-request-timestamp': stamp },
    });
  };
  const events = JSON.stringify([
    { subscriptionType: 'company.propertyChange', objectId: 901, propertyName: 'phone' },
    { subscriptionType: 'company.propertyChange', objectId: 901, propertyName: 'zip' },
    { subscriptionType: 'company.merge', primaryObjectId: 902, mergedObjectIds: [903], newObjectId: 904 },
    { subscriptionType: 'object.creation', objectTypeId: '0-2', objectId: 905 },
    { subscriptionType: 'contact.creation', objectId: 5 },
  ]);

  test('a good signature gives each company once', () => {
    expect(readHubSpotWebhook(signed(events), secret)).toEqual(hints('901', '902', '904', '903', '905'));
  });

  test('where billing contacts count, contacts are told apart from companies, merged and associated ones too', () => {
    const more = JSON.stringify([
      { subscriptionType: 'company.deletion', objectId: 901 },
      { subscriptionType: 'contact.merge', primaryObjectId: 6, mergedObjectIds: [7], newObjectId: 6 },
      {
        subscriptionType: 'contact.associationChange',
        associationType: 'CONTACT_TO_COMPANY',
        fromObjectId: 5,
        toObjectId: 902,
      },
      {
        subscriptionType: 'company.associationChange',
        associationType: 'COMPANY_TO_CONTACT',
        fromObjectId: 902,
        toObjectId: 5,
      },
      { subscriptionType: 'ticket.creation', objectId: 8 },
    ]);
    expect(readHubSpotWebhook(signed(more), secret, true)).toEqual(
      hints('901', 'contact:6', 'contact:7', 'contact:5', '902'),
    );
    expect(readHubSpotWebhook(signed(more), secret)).toEqual(hints('901', '902'));
  });

  test('a product hints its stock too, a deal its payments too, and a line the deal that it belongs to', () => {
    const more = JSON.stringify([
      { subscriptionType: 'product.propertyChange', objectId: 1, propertyName: 'price' },
      { subscriptionType: 'object.creation', objectTypeId: '0-3', objectId: 2 },
      { subscriptionType: 'deal.merge', primaryObjectId: 2, mergedObjectIds: [3], newObjectId: 2 },
      { subscriptionType: 'line_item.deletion', objectId: 4 },
      {
        subscriptionType: 'deal.associationChange',
        associationType: 'DEAL_TO_LINE_ITEM',
        fromObjectId: 5,
        toObjectId: 4,
      },
      { subscriptionType: 'quote.creation', objectId: 6 },
    ]);
    const told = readHubSpotWebhook(signed(more), secret);
    const named = told.kind === 'hints' ? told.hints : [];
    expect(named.map(({ entity, externalId }) => `${entity} ${externalId}`)).toEqual([
      ...['product 1', 'stock_level 1', 'invoice 2', 'payment 2', 'invoice 3', 'payment 3'],
      ...['invoice line_item:4', 'invoice 5', 'payment 5'],
    ]);
  });

  test('the URL is signed with some of its characters decoded', () => {
    const stamp = String(noon.getTime());
    const request = webhook({
      url: 'https://truce.example.com/webhooks/hubspot?to=a%40b%2Cc',
      body: '[]',
      headers: {
        'x-hubspot-signature-v3': hmac(`POSThttps://truce.example.com/webhooks/hubspot?to=a@b,c[]${stamp}`),
        'x-hubspot-request-timestamp': stamp,
      },
    });
    expect(readHubSpotWebhook(request, secret)).toEqual(hints());
  });

  test('a bad, stale, moved, unsigned or unverifiable request is refused', () => {
    expect(readHubSpotWebhook(signed(events, { signature: hmac('x') }), secret)).toMatchObject(
      refusedWith(401),
    );
    expect(
      readHubSpotWebhook(signed(events, { at: new Date(noon.getTime() - 300_001) }), secret),
    ).toMatchObject(refusedWith(401));
    expect(readHubSpotWebhook(signed(events, { at: new Date(noon.getTime() - 299_000) }), secret).kind).toBe(
      'hints',
    );
    expect(readHubSpotWebhook(signed(events, { url: `${url}2` }), secret)).toMatchObject(refusedWith(401));
    expect(readHubSpotWebhook(webhook({ url, body: events }), secret)).toMatchObject(refusedWith(401));
    expect(readHubSpotWebhook(signed(events), missing)).toMatchObject(refusedWith(401));
  });

  test('a signed body that nobody can read is a bad request', () => {
    expect(readHubSpotWebhook(signed('{half'), secret)).toMatchObject(refusedWith(400));
    expect(readHubSpotWebhook(signed('{"a":1}'), secret)).toMatchObject(refusedWith(400));
  });
});

describe('Xero', () => {
  const signed = (body: string, signature = hmac(body)) =>
    webhook({ body, headers: { 'x-xero-signature': signature } });
  const event = (resourceId: string, eventCategory = 'CONTACT') => ({
    resourceId,
    eventCategory,
    eventType: 'UPDATE',
  });
  const body = JSON.stringify({ events: [event('c1'), event('c1'), event('i1', 'INVOICE'), event('c2')] });

  test('a good signature gives each record once: an invoice is also what was paid of it', () => {
    expect(readXeroWebhook(signed(body), secret)).toEqual({
      kind: 'hints',
      hints: [
        { entity: 'customer', externalId: 'c1' },
        { entity: 'invoice', externalId: 'i1' },
        { entity: 'payment', externalId: 'i1' },
        { entity: 'customer', externalId: 'c2' },
      ],
    });
  });

  test('a credit note hints what was paid, to be looked up; what we do not keep hints nothing', () => {
    const events = [event('n1', 'CREDITNOTE'), event('p1', 'PREPAYMENT'), event('s1', 'SUBSCRIPTION')];
    expect(readXeroWebhook(signed(JSON.stringify({ events })), secret)).toEqual({
      kind: 'hints',
      hints: [{ entity: 'payment', externalId: 'credit-note:n1' }],
    });
  });

  test('the intent to receive: no events are no hints, and a wrong signature gets its 401', () => {
    const empty = '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"X"}';
    expect(readXeroWebhook(signed(empty), secret)).toEqual(hints());
    expect(readXeroWebhook(signed(empty, hmac('other')), secret)).toMatchObject(refusedWith(401));
  });

  test('without a signature or a key nothing is believed; nonsense is a bad request', () => {
    expect(readXeroWebhook(webhook({ body }), secret)).toMatchObject(refusedWith(401));
    expect(readXeroWebhook(signed(body), missing)).toMatchObject(refusedWith(401));
    expect(readXeroWebhook(signed('<events/>'), secret)).toMatchObject(refusedWith(400));
  });
});

describe('Cin7 Core', () => {
  const sent = (body: unknown, headers: Record<string, string> = { Authorization: 'Bearer the-secret' }) =>
    webhook({ body: typeof body === 'string' ? body : JSON.stringify(body), headers });

  test('the right token gives the customers named, one or several, by header or body', () => {
    expect(readCin7CoreWebhook(sent({ EventType: 'Customer/Updated', CustomerID: 'g1' }), secret)).toEqual(
      hints('g1'),
    );
    const headers = { authorization: 'Bearer the-secret', 'event-type': 'Customer/Updated' };
    expect(readCin7CoreWebhook(sent([{ ID: 'g1' }, { ID: 'g2' }], headers), secret)).toEqual(
      hints('g1', 'g2'),
    );
    expect(readCin7CoreWebhook(sent({ EventType: 'Sale/Created', CustomerID: 'g1' }), secret)).toEqual(
      hints(),
    );
  });

  test('any other token is refused, and nonsense is a bad request', () => {
    expect(readCin7CoreWebhook(sent('{}', {}), secret)).toMatchObject(refusedWith(401));
    expect(readCin7CoreWebhook(sent('{}', { authorization: 'Bearer wrong' }), secret)).toMatchObject(
      refusedWith(401),
    );
    expect(readCin7CoreWebhook(sent('{}'), missing)).toMatchObject(refusedWith(401));
    expect(readCin7CoreWebhook(sent('half {'), secret)).toMatchObject(refusedWith(400));
  });
});

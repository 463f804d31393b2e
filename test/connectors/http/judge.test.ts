import { expect, test } from 'vitest';
import { z } from 'zod';
import { cin7CoreWords } from '#src/connectors/cin7-core/words.ts';
import { judge } from '#src/connectors/http/judge.ts';
import type { RawAnswer, VendorWords } from '#src/connectors/http/vendor-words.ts';
import { hubspotWords } from '#src/connectors/hubspot/words.ts';
import { xeroWords } from '#src/connectors/xero/words.ts';
import { noon } from '../kit.ts';

const shape = z.looseObject({ Contacts: z.array(z.unknown()) });
const json = (status: number, body: unknown, headers: Record<string, string> = {}): RawAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
});
const text = (status: number, body: string, type = 'text/html'): RawAnswer => ({
  status,
  headers: { 'content-type': type },
  text: body,
});
const say = (answer: RawAnswer, words: VendorWords = xeroWords, attempt = 1) => {
  const judged = judge({ answer, shape, words, now: noon, attempt });
  return judged.ok ? 'fine' : `${judged.failure.cause}: ${judged.failure.message}`;
};
const resumesAfter = (answer: RawAnswer, words: VendorWords, attempt = 1) => {
  const judged = judge({ answer, shape, words, now: noon, attempt });
  if (judged.ok || judged.failure.cause !== 'busy') throw new Error('not busy');
  return ((judged.failure.resumeAt?.getTime() ?? 0) - noon.getTime()) / 1000;
};

test('an answer of the right shape is fine', () => {
  expect(say(json(200, { Contacts: [] }))).toBe('fine');
  expect(say(json(207, { Contacts: [] }))).toBe('fine');
});

test('what is no data is said to be none', () => {
  expect(say(text(200, '<html>Sign in</html>'))).toBe(
    'nonsense: Xero answered with a web page instead of data',
  );
  expect(say(text(200, '{"Contacts":[', 'application/json'))).toBe(
    'nonsense: Xero’s answer broke off in the middle',
  );
  expect(say(text(200, '', 'application/json'))).toBe('nonsense: Xero’s answer broke off in the middle');
  expect(say(json(200, { Kontakte: [] }))).toMatch(
    /^nonsense: Xero answered in a shape that we do not know \(Contacts: /,
  );
  expect(say(json(302, {}))).toBe('nonsense: Xero sent us elsewhere instead of answering');
});

test('an outage, a refused sign-in and a refusal are told apart, in the vendor’s words where it has any', () => {
  expect(say(text(502, '<html>'))).toBe('unreachable: Xero has a problem of its own (error 502)');
  expect(say(json(401, { Title: 'Unauthorized', Detail: 'TokenExpired: at x' }))).toBe(
    'auth: Xero has refused our sign-in: TokenExpired: at x',
  );
  expect(say(json(403, { Detail: 'AuthenticationUnsuccessful' }))).toBe(
    'auth: Xero has refused our sign-in: the organisation was disconnected from Truce',
  );
  const refused = {
    Message: 'A validation exception occurred',
    Elements: [{ ValidationErrors: [{ Message: 'Name taken' }] }],
  };
  expect(say(json(400, refused))).toBe('refused: Xero has refused the call: Name taken');
  expect(say(text(404, 'gone', 'text/plain'))).toBe('refused: Xero has refused the call: error 404');
  expect(say(json(403, [{ ErrorCode: 403, Exception: 'Incorrect credentials!' }]), cin7CoreWords)).toBe(
    'auth: Cin7 Core has refused our sign-in: Incorrect credentials!',
  );
});

test('HubSpot’s missing scopes are named, and its JSON inside a sentence is unpacked', () => {
  const missing = {
    category: 'MISSING_SCOPES',
    errors: [{ context: { requiredGranularScopes: ['crm.objects.companies.write'] } }],
  };
  expect(say(json(403, missing), hubspotWords)).toBe(
    'auth: HubSpot has refused our sign-in: the scope crm.objects.companies.write is missing',
  );
  const message =
    'Property values were not valid: [{"isValid":false,"message":"Property \\"x\\" does not exist"}]';
  expect(say(json(400, { category: 'VALIDATION_ERROR', message }), hubspotWords)).toBe(
    'refused: HubSpot has refused the call: Property "x" does not exist',
  );
});

test('a refusal holds no e-mail address and fits a phone', () => {
  const said = say(json(400, { message: `jane@example.com is taken ${'x'.repeat(900)}` }), hubspotWords);
  expect(said).toContain('[e-mail] is taken');
  expect(said.length).toBeLessThan(350);
});

test('“too many calls” says when to go on, each vendor in its way', () => {
  expect(resumesAfter(json(429, {}, { 'retry-after': '33' }), xeroWords)).toBe(33);
  expect(resumesAfter(text(429, ''), xeroWords)).toBe(60);
  expect(resumesAfter(json(429, {}, { 'x-rate-limit-problem': 'Concurrent' }), xeroWords)).toBe(1);
  expect(resumesAfter(json(429, {}, { 'x-rate-limit-problem': 'DAY' }), xeroWords)).toBe(23 * 3600);
  expect(resumesAfter(json(429, { policyName: 'TEN_SECONDLY_ROLLING' }), hubspotWords)).toBe(10);
  expect(resumesAfter(json(429, { message: 'You have reached your secondly limit.' }), hubspotWords, 2)).toBe(
    2,
  );
  expect(resumesAfter(json(429, { policyName: 'DAILY' }), hubspotWords)).toBe(3600);
  expect(
    resumesAfter(text(503, 'You reached 60 calls per minute API limit.', 'text/plain'), cin7CoreWords),
  ).toBe(60);
  expect(resumesAfter(json(200, { Error: 'You have reached 60 calls per 60 seconds' }), cin7CoreWords)).toBe(
    60,
  );
  expect(say(json(429, {}, { 'retry-after': '300' }))).toBe('busy: Xero asks us to wait 5 min');
});

import { expect, it } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { StoryLine } from '#src/ledger/changes/changes.ts';
import type { StoryKind } from '#src/ledger/tables/changes.ts';
import { storyFacts } from '#src/slack/facts/story.ts';
import { storyPieces } from '#src/slack/messages/lookup/story.ts';
import { agreement } from './stage.ts';

const { customers } = agreement().flows;
const labels: Readonly<Record<string, string>> = { hubspot: 'HubSpot', xero: 'Xero' };

/** What `lookup` says of a line of the story. */
function told(kind: StoryKind, field: string, data: Record<string, unknown>, actor: string | null): string {
  if (!customers) throw new Error('the agreement has no flow of customers');
  const line: StoryLine = {
    id: 1,
    changeId: 'tr-7F3K92QDXB',
    at: new Date('2026-11-24T00:00:00Z'),
    kind,
    connection: null,
    field,
    actor,
    data,
  };
  const [facts] = storyFacts([line], { flow: customers, entity: customer, labels: (id) => labels[id] ?? id });
  if (!facts) throw new Error('nothing is told');
  const { verb, rest } = storyPieces(facts);
  const word = (piece: (typeof rest)[number]) =>
    typeof piece === 'string'
      ? piece
      : 'text' in piece
        ? piece.text
        : 'user_id' in piece
          ? `@${piece.user_id}`
          : '';
  return `${verb}${rest.map(word).join('')}`;
}

const days = (n: number) => ({ days: n, from: 'invoice_date' });

it('tells in lookup what was put back, where, and whose change it was (rules)', () => {
  const undone = [
    { connection: 'hubspot', value: days(30), by: 'Mia Farrow-Hall' },
    { connection: 'xero', value: null, by: null },
  ];
  expect(told('ruled', 'payment_terms', { value: days(14), putBack: true, undone }, 'rule:read_only')).toBe(
    'decided by rule: put back the owning system’s payment terms: 14 days after the invoice date. The change elsewhere was put back: HubSpot had 30 days after the invoice date, by Mia Farrow-Hall and Xero had (empty).',
  );
});

it('tells no hidden value in lookup, nor what was put back of it', () => {
  const undone = [{ connection: 'hubspot', value: 'secret@sample.example', by: null }];
  const words = told(
    'ruled',
    'email',
    { value: 'other@sample.example', putBack: true, undone },
    'rule:overwrite',
  );
  expect(words).not.toContain('sample.example');
  expect(words).toContain('HubSpot had (hidden)');
});

it('tells in lookup who approved first, why that counted no longer, and who was the second', () => {
  expect(told('approved', 'payment_terms', { from: 'hubspot', value: days(30) }, 'U0PRIYA001')).toBe(
    'approved: @U0PRIYA001 chose HubSpot’s payment terms: 30 days after the invoice date. A second person has to approve it.',
  );
  expect(told('unapproved', 'payment_terms', { because: 'moved' }, 'U0PRIYA001')).toBe(
    'first approval gone: payment terms, given by @U0PRIYA001. A value had changed meanwhile.',
  );
  expect(
    told('decided', 'payment_terms', { from: 'hubspot', value: days(30), second: true }, 'U0TOMW0001'),
  ).toContain('The second of two people: it goes out.');
});

import type { Drawn } from '#src/slack/messages/blocks.ts';
import { section } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { FieldFacts, TwoPeopleFacts } from '#src/slack/messages/decision/facts.ts';
import { lineWords } from '#src/slack/messages/lines.ts';
import * as refusals from '#src/slack/messages/refusals.ts';
import { spoken } from '#src/slack/messages/text.ts';
import { address, chosen, done, email, open, saved, terms } from './decision-samples.ts';
import { at, owner, technical, zone } from './sample-time.ts';

const second = 'U0SECOND1';
const two: TwoPeopleFacts = {
  first: null,
  can: ['Priya Nair', 'Tom Walsh', 'Mei Tran'],
  editors: [],
  lapsed: null,
};
const first = { shown: '30 days', from: 'HubSpot', by: 'Priya Nair', at: at('09:22:00'), group: 0 };
const deciders = ['Priya Nair', 'Tom Walsh', 'Mei Tran'];
const seconds = ['Tom Walsh', 'Mei Tran'];

const asked: FieldFacts = { ...terms, fallback: 'keep', twoPeople: two };
/** One person has chosen, the second has not. */
export const approvedOnce: FieldFacts = { ...asked, twoPeople: { ...two, first, can: seconds } };
const withTwo = (more: Partial<TwoPeopleFacts>): FieldFacts => ({ ...asked, twoPeople: { ...two, ...more } });
const draw = (...fields: FieldFacts[]) => drawDecision({ ...open, deciders, fields });

function line(template: string, params: Record<string, unknown>): Drawn {
  const words = lineWords(template, {
    flowName: 'Customers',
    noun: { one: 'customer', many: 'customers' },
    channel: 'sync-customers',
    title: 'Example *Timber* Pty Ltd',
    zone,
    technicalOwner: technical,
    called: ['U0TOMW0001', 'U0MEIT0001'],
    params,
  });
  if (words === null) throw new Error(`no words for ${template}`);
  return { text: spoken(words), blocks: [section('words', words)] };
}

/** A decision that needs two people, in every state, and what is answered to whom. */
export const twoPeople: Readonly<Record<string, Drawn>> = {
  'decision-two-people': draw(asked),
  'decision-two-people-own-change': draw(withTwo({ can: seconds, editors: ['Priya Nair'] })),
  'decision-two-people-too-few': draw(withTwo({ can: ['Mei Tran'], editors: ['Priya Nair', 'Tom Walsh'] })),
  'decision-two-people-first': draw(approvedOnce),
  'decision-two-people-first-typed': draw(
    withTwo({ can: seconds, first: { ...first, shown: '21 days', from: null, group: null } }),
  ),
  'decision-two-people-first-of-three-values': draw({
    ...address,
    fallback: 'keep',
    twoPeople: {
      ...two,
      can: seconds,
      first: { ...first, shown: '8 Example Rd, Sydney NSW 2000', group: 1 },
    },
  }),
  'decision-two-people-first-hidden': draw({
    ...email,
    fallback: 'keep',
    twoPeople: { ...two, can: seconds, first: { ...first, shown: 'office@sample.example', group: 0 } },
  }),
  'decision-two-people-nobody-left': draw(
    withTwo({ first: { ...first, by: 'Mei Tran' }, can: [], editors: ['Priya Nair', 'Tom Walsh'] }),
  ),
  'decision-two-people-lapsed': draw(withTwo({ lapsed: { by: 'Priya Nair', because: 'moved' } })),
  'decision-two-people-beside-one': draw(address, approvedOnce),
  'decision-two-people-settled': drawDecision({
    ...open,
    state: 'settled',
    fields: [
      { ...done, ...terms, state: 'confirmed', chosen: { ...chosen, ...first, by: second, first: owner } },
    ],
    saves: [saved('has_it', 'HubSpot'), saved('saved', 'Xero')],
    closedAt: at('09:41:00'),
  }),
  'decision-two-people-decided-beside-open': draw(address, {
    ...terms,
    state: 'decided_pending',
    chosen: { ...chosen, ...first, by: second, first: owner },
  }),
  'line-ask-editor': line('ask_editor', {
    called: [second],
    by: 'Priya Nair',
    places: [
      { label: 'Billing address', systems: ['HubSpot'] },
      { label: 'ABN', systems: ['HubSpot', 'Cin7 Core'] },
    ],
  }),
  'line-second-approval': line('second_approval', { label: 'payment terms', seconds: [technical, second] }),
  'refusal-own-change': refusals.ownChange(['HubSpot'], [technical, second]),
  'refusal-own-change-nobody': refusals.ownChange(['HubSpot', 'Xero'], []),
  'refusal-approved-already': refusals.approvedAlready({
    at: at('09:22:00'),
    seconds: [technical, second],
    zone,
  }),
  'refusal-nobody-second': refusals.approvedAlready({ at: at('09:22:00'), seconds: [], zone }),
  'answer-approved-instead': refusals.approvedInstead(owner, [owner, second]),
  'refusal-not-your-approval': refusals.nothingToTakeBack(owner),
  'refusal-no-approval': refusals.nothingToTakeBack(null),
  'refusal-other-agreement': refusals.otherAgreement(),
};

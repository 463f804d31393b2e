import type { ModalView } from '@slack/types';
import { drawAgreement } from '#src/slack/messages/agreement/agreement.ts';
import { drawMakeRule } from '#src/slack/messages/agreement/case-law.ts';
import { drawAlert } from '#src/slack/messages/alert/alert.ts';
import { drawSafetyStop } from '#src/slack/messages/alert/safety-stop.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawConnections } from '#src/slack/messages/connections/connections.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import { drawDecisionForm } from '#src/slack/messages/decision/form.ts';
import { drawAsked, drawLaterAsk } from '#src/slack/messages/decision/later.ts';
import { drawManyDone, drawManyPreview } from '#src/slack/messages/decision/many.ts';
import { drawGone } from '#src/slack/messages/gone.ts';
import { drawLikeness } from '#src/slack/messages/likeness/likeness.ts';
import { drawChangeLookup } from '#src/slack/messages/lookup/lookup.ts';
import { drawPutBack } from '#src/slack/messages/rollback/put-back.ts';
import { drawReprocessMany } from '#src/slack/messages/rollback/reprocess-many.ts';
import { gone, stop } from './absence-samples.ts';
import { proposal } from './agreement-samples.ts';
import { alert } from './alert-samples.ts';
import { xero } from './connection-samples.ts';
import { address, chosen, done, open, saved } from './decision-samples.ts';
import { alike } from './likeness-samples.ts';
import { found, step } from './lookup-samples.ts';
import { putBack, putBackLine, tugOpen } from './put-back-samples.ts';
import { owner } from './sample-time.ts';
import { approvedOnce } from './two-people-samples.ts';

/** Names and values as bad as a vendor can send them. */
export const hostile = [
  'x'.repeat(4000),
  '<!channel> <@U0OWNER01> *bold* _it_ `code` :tada: ~no~',
  '\u202Egpj.exe\u202C \u200B\u0000\u0007',
  'شركة الأخشاب المثالية',
  '👩‍👩‍👧‍👦'.repeat(300),
  '& < > " \' \\ \n\n\n line',
  '   ',
];
export const hostileDecision = (text: string): Drawn =>
  drawDecision({
    ...open,
    title: text,
    waitsDetail: text,
    fields: Array.from({ length: 6 }, (_, i) => ({
      ...address,
      name: `detail_${i}`,
      label: `Detail ${i}`,
      groups: address.groups.map((one) => ({ ...one, shown: text, changedBy: text })),
      agreedBefore: text,
    })),
  });
export const hostileApproval = (text: string): Drawn =>
  drawDecision({
    ...open,
    title: text,
    fields: Array.from({ length: 5 }, (_, i) => ({
      ...approvedOnce,
      name: `detail_${i}`,
      groups: approvedOnce.groups.map((one) => ({ ...one, shown: text, changedBy: text })),
      twoPeople: approvedOnce.twoPeople && {
        ...approvedOnce.twoPeople,
        first: approvedOnce.twoPeople.first && { ...approvedOnce.twoPeople.first, shown: text },
      },
    })),
  });
export const hostileTug = (text: string): Drawn =>
  drawDecision({
    ...tugOpen,
    title: text,
    tugs: tugOpen.tugs.map((tug) => ({
      ...tug,
      shown: text,
      undone: tug.undone.map((one) => ({ ...one, shown: text, by: text })),
    })),
  });
export const hostilePutBack = (text: string): Drawn =>
  drawPutBack({
    ...putBack,
    lines: Array.from({ length: 30 }, () => ({
      ...putBackLine,
      title: text,
      shown: text,
      undone: [{ system: 'HubSpot', shown: text, by: text }],
    })),
  });
export const hostileFailure = (text: string): Drawn =>
  drawDecision({
    ...open,
    title: text,
    state: 'failed',
    fields: [{ ...done, state: 'failed', chosen: { ...chosen, shown: text } }],
    saves: [saved('refused', 'Xero', text)],
  });
export const hostileLookup = (text: string): Drawn =>
  drawChangeLookup({
    ...found,
    title: text,
    story: Array.from({ length: 60 }, () =>
      step('09:00:00', 'decided', { actor: owner, value: text, detail: text, field: 'Phone' }),
    ),
  });
export const hostileAlert = (text: string): Drawn =>
  drawAlert({ ...alert, message: text, field: text, cause: 'drift' });
export const hostileLikeness = (text: string): Drawn =>
  drawLikeness({
    ...alike,
    sides: [
      { title: text, systems: [{ label: 'HubSpot', url: text }] },
      { title: text, systems: [{ label: 'Xero', url: text }] },
    ],
    evidence: (['same', 'alike', 'different', 'missing', 'merged'] as const).map((says) => ({
      label: 'Name',
      hidden: false,
      says,
      left: text,
      right: says === 'missing' ? null : text,
    })),
    note: text,
  });
export const hostileAnswer = (text: string): Drawn =>
  drawLikeness({
    ...alike,
    state: 'withdrawn',
    sides: [
      { title: text, systems: [] },
      { title: text, systems: [{ label: 'Xero', url: text }] },
    ],
    note: text,
  });
export const hostileConnection = (text: string): Drawn =>
  drawConnections({
    connections: Array.from({ length: 12 }, (_, i) => ({
      ...xero,
      id: `xero-${i}`,
      account: text,
      scopes: Array.from({ length: 30 }, () => text),
      missingScopes: [text],
      error: text,
      problems: [text, text],
      steps: [{ value: 'xero/a/b', label: text, details: [text] }],
    })),
    zone: 'Australia/Sydney',
    command: '/sync',
  });
export const hostileAgreement = (text: string): Drawn =>
  drawAgreement({
    ...proposal,
    details: Array.from({ length: 15 }, (_, i) => ({
      label: `Detail ${i}`,
      writes: { n: 5, examples: Array(5).fill(text) },
      asks: { n: 5, examples: Array(5).fill(text) },
      withdraws: { n: 5, examples: Array(5).fill(text) },
      holds: { n: 5, examples: Array(5).fill(text) },
    })),
  });

export const hostileGone = (text: string): Drawn => {
  const asked = drawGone({ ...gone, title: text });
  const kept = drawGone({ ...gone, revision: 9, title: text, state: 'keep', by: owner });
  return { text: `${asked.text} ${kept.text}`, blocks: [...asked.blocks, ...kept.blocks] };
};
export const hostileStop = (text: string): Drawn =>
  drawSafetyStop({
    ...stop,
    examples: stop.examples.map((one) => ({ ...one, title: text, from: text, to: text, hidden: false })),
  });

export const hostileMany = (text: string): Drawn =>
  drawReprocessMany({
    value: 'failed/-/1763600000000/customers',
    flowName: text,
    noun: { one: 'customer', many: 'customers' },
    what: 'failed',
    since: null,
    until: new Date(0),
    zone: 'Australia/Sydney',
    total: 5,
    parts: [{ n: 5, state: 'failed', waitsFor: text }],
    titles: [text, text, text, text, text],
  });

/** A form has no text of its own: its blocks are drawn as a message's. */
const asMessage = ({ blocks }: ModalView): Drawn => ({ text: 'form', blocks: blocks as Drawn['blocks'] });

export const hostileForm = (text: string): Drawn =>
  asMessage(
    drawDecisionForm({
      ref: { kind: 'queue', id: 'customers', at: 0 },
      channel: 'C0CUSTOMR',
      total: 3,
      page: {
        ...open,
        title: text,
        fields: [
          {
            ...address,
            whole: true,
            groups: address.groups.map((one) => ({ ...one, shown: text, changedBy: text })),
          },
        ],
      },
      alike: { billing_address: 3 },
      note: null,
    }),
  );

const many = {
  ref: { kind: 'queue', id: 'customers', at: 0 } as const,
  channel: 'C0CUSTOMR',
  label: 'Billing address',
  noun: { one: 'customer', many: 'customers' },
};

export const hostileManyPreview = (text: string): Drawn =>
  asMessage(
    drawManyPreview({
      ...many,
      changed: ['Xero'],
      id: 'id',
      from: 'Xero',
      total: 1,
      rest: 0,
      writes: [{ system: 'HubSpot', n: 1 }],
      examples: [{ title: text, shown: text, systems: ['HubSpot'] }],
    }),
  );

export const hostileManyDone = (text: string): Drawn =>
  asMessage(drawManyDone({ ...many, decided: 1, left: [{ title: text, why: 'moved' }] }));

export const hostileRule = (text: string): Drawn =>
  asMessage(
    drawMakeRule({
      label: 'Billing address',
      times: 5,
      system: 'Xero',
      against: ['HubSpot'],
      days: 90,
      same: 0,
      different: [
        { kind: 'chosen', title: text, shown: text, instead: text },
        { kind: 'put_back', title: text, systems: ['HubSpot'] },
      ],
      place: 'flows → customers → fields',
      line: 'billing_address: { rule: overwrite, system_of_record: xero }',
      metadata: 'tr-7F3K92QDXB/billing_address/C0CUSTOMR',
      channel: text,
      owners: [text, 'Tom Walsh'],
      waits: null,
    }),
  );

export const hostileLater = (text: string): Drawn =>
  drawLaterAsk({ changeId: open.changeId, title: text, times: [], deadline: null, zone: 'Australia/Sydney' });

export const hostileAsked = (text: string): Drawn =>
  drawAsked([
    { label: 'Billing address', system: 'HubSpot', changedBy: text, asked: { kind: 'nobody' } },
    { label: 'ABN', system: 'HubSpot', changedBy: text, asked: { kind: 'now', name: text } },
  ]);

import type { ModalView } from '@slack/types';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import {
  drawForgetAsk,
  drawForgetForm,
  erasedBefore,
  erasedNow,
  type ForgetFacts,
  stillInUse,
  stillUnderWay,
  whichToForget,
} from '#src/slack/messages/lookup/forget.ts';
import { at, zone } from './sample-time.ts';

const facts: ForgetFacts = {
  recordId: '3f1c0b7e-6b0e-4c8e-9a51-0d6f1c2b3a4d',
  title: 'Example Timber Pty Ltd',
  noun: 'customer',
  gone: ['HubSpot', 'Cin7 Core'],
  archived: ['Xero'],
};
const hostile = 'Specimen *Bold* & Sons `x`';

export const forgettings: Readonly<Record<string, Drawn>> = {
  'forget-asks': drawForgetAsk(facts),
  'forget-asks-gone-everywhere': drawForgetAsk({ ...facts, title: hostile, gone: [], archived: [] }),
  'forget-asks-as-another': drawForgetAsk({ ...facts, askedAs: hostile }),
  'forget-still-in-use': stillInUse(facts, ['HubSpot', 'Xero']),
  'forget-still-in-use-as-another': stillInUse({ ...facts, askedAs: hostile }, ['Xero']),
  'forget-under-way': stillUnderWay(facts.title),
  'forget-done': erasedNow(facts.title, 'tr-7F3K92QDXB', '/sync'),
  'forget-done-before': erasedBefore({ by: 'Priya Nair', at: at('10:02:00') }, zone),
  'forget-nothing-typed': whichToForget('', [], '/sync'),
  'forget-nothing-found': whichToForget(hostile, [], '/sync'),
  'forget-several': whichToForget('timber', [facts.title, 'Example Timber Holdings'], '/sync'),
};

export const forgetForms: Readonly<Record<string, ModalView>> = {
  'modal-forget': drawForgetForm(facts, `${facts.recordId}/C0SYNCCUST`),
  'modal-forget-as-another': drawForgetForm({ ...facts, askedAs: hostile }, `${facts.recordId}/`),
  'modal-forget-gone-everywhere': drawForgetForm({ ...facts, gone: [], archived: [] }, `${facts.recordId}/`),
};

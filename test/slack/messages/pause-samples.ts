import type { Drawn } from '#src/slack/messages/blocks.ts';
import {
  drawPause,
  drawPauseAsk,
  drawResumeAsk,
  goesOutLater,
  pausedNow,
} from '#src/slack/messages/status/pause.ts';
import type { PauseAsk, PauseFacts } from '#src/slack/messages/status/pause-facts.ts';
import { at, zone } from './sample-time.ts';

const ask: PauseAsk = {
  flowId: 'customers',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  between: 'HubSpot, Xero and Cin7 Core',
  zone,
  until: undefined,
  choices: [
    { label: 'For 1 hour', until: at('11:02:00') },
    { label: 'Until tomorrow, 9 am', until: new Date('2026-11-25T09:00:00+11:00') },
    { label: 'Until I say so', until: null },
  ],
  asked: at('10:02:00'),
  now: null,
};
const pause: PauseFacts = {
  id: 7,
  drawing: 1,
  flowId: 'customers',
  flowName: 'Customers',
  noun: ask.noun,
  between: ask.between,
  zone,
  command: '/sync',
  by: 'Tom Walsh',
  at: at('10:02:00'),
  until: null,
  ended: null,
  waiting: 41,
};
const until = new Date('2026-11-30T09:00:00+11:00');

export const pauses: Readonly<Record<string, Drawn>> = {
  'pause-asks': drawPauseAsk(ask),
  'pause-asks-until': drawPauseAsk({ ...ask, until }),
  'pause-asks-again': drawPauseAsk({
    ...ask,
    until,
    now: { by: 'Tom Walsh', at: at('10:02:00'), until: null },
  }),
  'pause-open': drawPause(pause),
  'pause-open-until': drawPause({ ...pause, until }),
  'pause-over': drawPause({ ...pause, ended: { by: 'Priya Nair', at: at('14:30:00') } }),
  'pause-over-by-itself': drawPause({ ...pause, until, ended: { by: null, at: until } }),
  'resume-asks': drawResumeAsk(pause),
  'resume-asks-nothing-waits': drawResumeAsk({ ...pause, until, waiting: 0 }),
  'refusal-paused': pausedNow(pause),
  'decided-while-paused': goesOutLater({ ...pause, until }),
};

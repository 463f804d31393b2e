import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDoctor } from '#src/slack/messages/status/doctor.ts';
import type { Check, DoctorFacts } from '#src/slack/messages/status/doctor-facts.ts';
import { faultRemedy, faultWords, wholeWords } from '#src/slack/messages/status/log-words.ts';
import { at, zone } from './sample-time.ts';

const newest = {
  n: 4_711,
  hash: '1a2b3c4d5e6f',
  at: at('09:58:00'),
  signedSince: new Date('2026-11-03T02:00:00Z'),
};
const checked = { lines: 12_345, at: new Date('2026-11-23T16:05:00Z') };
const logIs = (facts: Partial<Parameters<typeof wholeWords>[0]>): Check => ({
  name: 'Log',
  fine: wholeWords({ zone, checked, newest, ...facts }),
  needs: [],
});
const fault = {
  source: 'story',
  first: 4_711,
  last: 4_720,
  count: 3,
  from: '2026-11-03T03:10:00Z',
  to: '2026-11-03T03:15:00Z',
};
const brokenLog: Check = {
  name: 'Log',
  fine: '',
  needs: (['changed', 'taken', 'added', 'link', 'key', 'cut'] as const).map((kind) => ({
    cause: `log:${kind}`,
    what: faultWords({ kind, ...fault }, zone),
    remedy: faultRemedy({ kind }),
    owners: [],
  })),
};

const well: Check[] = [
  { name: 'Channels', fine: '2 are open to me', needs: [] },
  { name: 'Permissions', fine: 'all 11 were granted', needs: [] },
  { name: 'People', fine: '3 are here and active', needs: [] },
  { name: 'Connections', fine: '3 of 3 were asked, and need nothing', needs: [] },
  { name: 'Clocks', fine: 'this machine, Slack and the database agree', needs: [] },
  { name: 'Queue', fine: 'nothing is stuck in it', needs: [] },
  { name: 'Messages', fine: 'all are out', needs: [] },
  logIs({}),
  { name: 'Version', fine: 'Truce 0.1.0, Node 26.10.0 and agreement 7', needs: [] },
];
const facts: DoctorFacts = { at: at('10:02:00'), zone, command: '/sync', checks: well };
const room: Check = {
  name: 'Channels',
  fine: '',
  needs: [
    {
      cause: 'room:sync-invoices:not_in',
      what: 'I am not in #sync-invoices',
      remedy: 'Type /invite @Truce in #sync-invoices',
      owners: [],
    },
  ],
};
const clock: Check = {
  name: 'Clocks',
  fine: '',
  needs: [
    {
      cause: 'clock:Slack',
      what: 'This machine’s clock is 312 seconds behind that of Slack',
      remedy: 'Let the operating system set its clock over the network (NTP)',
      owners: [],
    },
  ],
};

export const doctors: Readonly<Record<string, Drawn>> = {
  'doctor-well': drawDoctor(facts),
  'doctor-needs': drawDoctor({ ...facts, checks: [room, ...well.slice(1, 4), clock, ...well.slice(5)] }),
  'doctor-log-broken': drawDoctor({ ...facts, checks: [...well.slice(0, 7), brokenLog, ...well.slice(8)] }),
  'doctor-log-not-yet': drawDoctor({
    ...facts,
    checks: [
      logIs({ newest: null, checked: null }),
      logIs({ checked: null }),
      logIs({ newest: { ...newest, signedSince: null } }),
    ],
  }),
};

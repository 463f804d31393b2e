import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDoctor } from '#src/slack/messages/doctor.ts';
import type { Check, DoctorFacts } from '#src/slack/messages/doctor-facts.ts';
import { at, zone } from './sample-time.ts';

const well: Check[] = [
  { name: 'Channels', fine: '2 are open to me', needs: [] },
  { name: 'Permissions', fine: 'all 11 were granted', needs: [] },
  { name: 'People', fine: '3 are here and active', needs: [] },
  { name: 'Connections', fine: '3 of 3 were asked, and need nothing', needs: [] },
  { name: 'Clocks', fine: 'this machine, Slack and the database agree', needs: [] },
  { name: 'Queue', fine: 'nothing is stuck in it', needs: [] },
  { name: 'Messages', fine: 'all are out', needs: [] },
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
};

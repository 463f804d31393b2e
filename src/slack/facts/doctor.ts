import type { Flow, Person } from '../../agreement/agreement.ts';
import { actingFor, dateIn } from '../../agreement/deputies.ts';
import { needsOf } from '../../alerts/connection-needs.ts';
import { checksOf } from '../../ledger/connections/checks.ts';
import { databaseTime, queueState, stuckPosts } from '../../ledger/runs/self-look.ts';
import type { Desk } from '../desk.ts';
import type { Check, DoctorFacts, Need } from '../messages/status/doctor-facts.ts';
import { count, listed } from '../messages/text.ts';
import { decidersOf, membership } from '../people.ts';
import { lookAtKeys } from './doctor-keys.ts';
import { lookAtLog } from './doctor-log.ts';
import { lookAtRooms } from './doctor-rooms.ts';
import { lookAtScopes } from './doctor-scopes.ts';

const minute = 60_000;
/** So far apart clocks make no difference, in ms: Slack tells the second, and an answer takes its time. */
const clocksMs = 30_000;
/** What waits longer than this is stuck, in ms. */
const stuckMs = 5 * minute;

/** Looks at everything that Truce stands on. Throws where the database or Slack cannot be asked at all. */
export async function doctorFacts(desk: Desk): Promise<DoctorFacts> {
  const { timeZone, command } = desk.agreement();
  const scopes = await lookAtScopes(desk);
  return {
    at: desk.clock.now(),
    zone: timeZone,
    command,
    checks: [
      await lookAtRooms(desk),
      scopes,
      await lookAtPeople(desk),
      await lookAtConnections(desk),
      await lookAtClocks(desk),
      await lookAtQueue(desk),
      await lookAtPosts(desk),
      await lookAtLog(desk),
      await lookAtKeys(desk),
      lookAtVersion(desk),
    ],
  };
}

const technicalOf = (flow: Flow): string => actingFor(flow.owners.technical).slack;

/** Whoever is named in a flow, and who stands in for them now or later: with for whom, where that is all they are. */
function namedPeople(
  desk: Desk,
): Map<string, { readonly person: Person; readonly standsFor: Person | null }> {
  const { flows, people, timeZone } = desk.agreement();
  const named = Object.values(flows).flatMap(({ owners, deciders }) => [
    owners.business,
    owners.technical,
    ...deciders,
  ]);
  const standIns = named.flatMap((standsFor) => {
    const today = dateIn(standsFor.timeZone ?? timeZone, desk.clock.now());
    return (standsFor.deputies ?? []).flatMap(({ person: id, to }) => {
      const person = people[id];
      return person && to >= today ? [{ person, standsFor }] : [];
    });
  });
  const all = [...standIns, ...named.map((person) => ({ person, standsFor: null }))];
  return new Map(all.map((one) => [one.person.slack, one]));
}

async function lookAtPeople(desk: Desk): Promise<Check> {
  const flows = Object.values(desk.agreement().flows);
  const named = namedPeople(desk);
  const needs: Need[] = [];
  for (const { person, standsFor } of named.values()) {
    const { slack, name, id } = person;
    const verdict = membership(await desk.people.who(slack), desk.home());
    if (verdict.kind === 'yes') continue;
    const concerned = standsFor?.slack ?? slack;
    const owners = flows
      .filter((flow) => [...decidersOf(flow), technicalOf(flow)].includes(concerned))
      .map(technicalOf)
      .filter((owner) => owner !== slack);
    const who = standsFor ? `${name}, who stands in for ${standsFor.name},` : name;
    const what =
      verdict.kind === 'unknown'
        ? `Slack knows nobody with the member ID ${slack}, ${who} in the agreement`
        : `${who} is no full member of this workspace any more, or has left`;
    const remedy = standsFor
      ? `Name somebody else at people: ${standsFor.id}: deputies in truce.yml, or put the right member ID at people: ${id}`
      : `Put the right member ID at people: ${id} in truce.yml, or name somebody else`;
    needs.push({ cause: `person:${slack}:${verdict.kind}`, what, remedy, owners });
  }
  return { name: 'People', fine: `${count(named.size, 'is', 'are')} here and active`, needs };
}

async function lookAtConnections(desk: Desk): Promise<Check> {
  const { connections, timeZone, flows, command } = desk.agreement();
  const checks = await checksOf(desk.db);
  const needs = Object.keys(connections).flatMap((id): Need[] => {
    const check = checks.get(id);
    const owners = Object.values(flows)
      .filter((flow) => flow.connections.includes(id))
      .map(technicalOf);
    const remedy = `Type ${command} connections`;
    const about = (what: string): Need => ({ cause: `connection:${id}:${what}`, what, remedy, owners });
    if (!check) return [];
    if (check.error !== null) return [about(`${desk.labels(id)} could not be asked: ${check.error}`)];
    const found = check.report ? needsOf(check.report, { now: desk.clock.now(), timeZone }) : [];
    return found.map((what) => about(`${desk.labels(id)}: ${what}`));
  });
  const asked = Object.keys(connections).filter((id) => checks.has(id)).length;
  return {
    name: 'Connections',
    fine: `${asked} of ${Object.keys(connections).length} were asked, and need nothing`,
    needs,
  };
}

async function lookAtClocks({ clock, db, slackAhead }: Desk): Promise<Check> {
  const before = clock.now().getTime();
  const database = (await databaseTime(db)).getTime();
  const here = (before + clock.now().getTime()) / 2;
  const apart = [
    { of: 'Slack', ms: slackAhead() ?? 0 },
    { of: 'the database', ms: here - database },
  ].filter(({ ms }) => Math.abs(ms) > clocksMs);
  const needs = apart.map(({ of, ms }): Need => {
    const seconds = Math.round(Math.abs(ms) / 1000);
    return {
      cause: `clock:${of}`,
      what: `This machine’s clock is ${count(seconds, 'second', 'seconds')} ${ms > 0 ? 'ahead of' : 'behind'} that of ${of}`,
      remedy: 'Let the operating system set its clock over the network (NTP)',
      owners: [],
    };
  });
  return { name: 'Clocks', fine: 'this machine, Slack and the database agree', needs };
}

async function lookAtQueue({ db, clock }: Desk): Promise<Check> {
  const { waiting, oldest } = await queueState(db, {
    olderThan: new Date(clock.now().getTime() - stuckMs),
  });
  const minutes = oldest ? Math.round((clock.now().getTime() - oldest.getTime()) / minute) : 0;
  const need: Need = {
    cause: 'queue',
    what: `${count(waiting, 'wake-up has', 'wake-ups have')} not been taken, the oldest for ${count(minutes, 'minute', 'minutes')}`,
    remedy: 'Start Truce again, and look at its log',
    owners: [],
  };
  return { name: 'Queue', fine: 'nothing is stuck in it', needs: waiting > 0 ? [need] : [] };
}

async function lookAtPosts({ db, clock }: Desk): Promise<Check> {
  const { waiting, unplaceable } = await stuckPosts(db, {
    olderThan: new Date(clock.now().getTime() - stuckMs),
  });
  const stuck: Need = {
    cause: 'posts',
    what: `${count(waiting, 'message', 'messages')} did not go out yet, though it was tried`,
    remedy: 'Truce goes on trying; if it stays so, look at status.slack.com and at its log',
    owners: [],
  };
  const placeless: Need = {
    cause: 'posts:placeless',
    what: `${count(unplaceable, 'message waits', 'messages wait')} for a channel that does not take them`,
    remedy: 'See to the channels named here; then they go out by themselves within ten minutes',
    owners: [],
  };
  const needs = [...(waiting > 0 ? [stuck] : []), ...(unplaceable > 0 ? [placeless] : [])];
  return { name: 'Messages', fine: 'all are out', needs };
}

function lookAtVersion({ version, agreement }: Desk): Check {
  const parts = [`Truce ${version}`, `Node ${process.versions.node}`, `agreement ${agreement().version}`];
  return { name: 'Version', fine: listed(parts), needs: [] };
}

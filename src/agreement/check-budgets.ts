import { frequency } from '../slots.ts';
import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenConnection } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with the calls that connections may make: all of them kept back for people, or more runs than there are calls. */
export function checkBudgets(written: Written, lineOf: LineOf): Problem[] {
  return Object.entries(written.connections).flatMap(([id, connection]) => {
    const kept = checkKept(id, connection, lineOf);
    return kept.length > 0 ? kept : checkBudget(id, connection, written, lineOf);
  });
}

/** Of a day's calls, what is kept back for people's own commands: a twentieth where the agreement does not say. */
export const keptForPeople = ({ calls }: Pick<WrittenConnection, 'calls'>): number =>
  calls.for_people ?? Math.floor(calls.per_day / 20);

function checkKept(id: string, connection: WrittenConnection, lineOf: LineOf): Problem[] {
  const { for_people, per_day } = connection.calls;
  if (for_people === undefined || for_people < per_day) return [];
  const path = ['connections', id, 'calls', 'for_people'];
  return [
    {
      line: lineOf(path),
      message: says(path, `keeps every call of the day for people: nothing is left for the schedule.`),
      remedy: `Keep fewer than the ${per_day.toLocaleString('en-AU')} of calls.per_day, or leave it out: then it is a twentieth of them.`,
    },
  ];
}

/** Each run of a flow makes at least one call to each of its connections: more runs than calls can never work. */
function checkBudget(
  id: string,
  connection: WrittenConnection,
  { flows }: Written,
  lineOf: LineOf,
): Problem[] {
  const { calls } = connection;
  const users = Object.entries(flows).filter(([, flow]) => flow.connections.includes(id));
  const rates = users.map(([, flow]) => frequency(flow.schedule.cron));
  const [only] = users;
  const path =
    users.length === 1 && only ? ['flows', only[0], 'schedule', 'cron'] : ['connections', id, 'calls'];
  const who = users.map(([, flow]) => flow.name).join(', ');
  const n = (value: number) => value.toLocaleString('en-AU');
  const kept = keptForPeople(connection);
  const over = (needed: number, allowed: number, span: string, less = 0): Problem[] => {
    if (needed <= allowed - less) return [];
    const forPeople = less > 0 ? `, ${n(less)} of them kept for what people ask for` : '';
    return [
      {
        line: lineOf(path),
        message: says(
          path,
          `needs too many calls: ${who} makes at least ${n(needed)} calls a ${span} to ${id}, whose budget is ${n(allowed)}${forPeople}.`,
        ),
        remedy: `Run it less often, or raise calls.per_${span} of “${id}” if the plan allows it.`,
      },
    ];
  };
  const sum = (span: 'perDay' | 'perMinute') => rates.reduce((total, rate) => total + rate[span], 0);
  return [
    ...over(sum('perDay'), calls.per_day, 'day', kept),
    ...over(sum('perMinute'), calls.per_minute, 'minute'),
  ];
}

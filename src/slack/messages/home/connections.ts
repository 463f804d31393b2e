import type { ConnectionFacts } from '../connections/facts.ts';
import { count, defused, escaped } from '../text.ts';
import { moment, time } from '../times.ts';

/** A connection in one line of mrkdwn: "Xero: fine, sign-in good until …, 61 % of today's calls left". Pure. */
export function connectionLine(one: ConnectionFacts, zone: string): string {
  const isOff = one.signIn.kind === 'page' && one.signIn.connected === null;
  const more = isOff ? [] : [endWords(one, zone), callWords(one, zone)];
  const parts = [stateOf(one), ...more].filter((words) => words !== '');
  return `*${escaped(one.label)}:* ${parts.join(', ')}.`;
}

function stateOf({ signIn, error, missingScopes, problems, steps, checkedAt }: ConnectionFacts): string {
  if (signIn.kind === 'page' && signIn.connected === null) return '*not connected yet*';
  if (error !== null) return `*could not be asked*: ${defused(error, 120)}`;
  const needs = missingScopes.length + problems.length + steps.length;
  if (needs > 0) return `*needs you*: ${count(needs, 'thing', 'things')} to see to`;
  return checkedAt ? 'fine' : 'not looked at yet';
}

function endWords({ expiresAt, endsSoon }: ConnectionFacts, zone: string): string {
  if (!expiresAt) return '';
  return endsSoon
    ? `*sign-in ends ${moment(zone, expiresAt)}*`
    : `sign-in good until ${moment(zone, expiresAt)}`;
}

function callWords({ calls }: ConnectionFacts, zone: string): string {
  if (!calls) return '';
  if (calls.closedUntil) return `asks us to wait until ${time(zone, calls.closedUntil)}`;
  const share = calls.perDay > 0 ? Math.floor((calls.leftToday / calls.perDay) * 100) : 0;
  return `${share} % of today’s calls left`;
}

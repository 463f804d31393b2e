import type { AccountReport } from '../connectors/connection.ts';

/** A sign-in that ends this soon is told, in ms. */
const soonMs = 7 * 24 * 3_600_000;

/** True where a sign-in has ended, or ends so soon that somebody is told. Pure. */
export const endsSoon = ({ expiresAt }: Pick<AccountReport, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== null && Date.parse(expiresAt) - now.getTime() < soonMs;

/** What a connection's account needs from a person before it works in full, in whole sentences; none when all is well. Pure. */
export function needsOf(report: AccountReport, { now, timeZone }: { now: Date; timeZone: string }): string[] {
  const { missingScopes, expiresAt, problems, steps } = report;
  const needs: string[] = [];
  if (missingScopes.length === 1) needs.push(`The permission ${missingScopes[0]} is missing.`);
  if (missingScopes.length > 1) needs.push(`These permissions are missing: ${missingScopes.join(', ')}.`);
  if (expiresAt && endsSoon(report, now)) {
    const day = new Date(expiresAt).toLocaleDateString('en-AU', {
      timeZone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
    });
    const end =
      Date.parse(expiresAt) <= now.getTime() ? `ended on ${day}` : `ends on ${day} unless it is renewed`;
    needs.push(`The sign-in ${end}.`);
  }
  needs.push(...problems.map(asSentence));
  const needed = steps.filter(({ optional }) => !optional);
  needs.push(...needed.map(({ label }) => `To be set up: ${asSentence(label)}`));
  return needs;
}

const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

import { actions, context, type Drawn, linkButton, section } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { defused, escaped, listed, mention } from '../text.ts';
import { moment, time } from '../times.ts';

export interface ConnectFacts {
  readonly connection: string;
  readonly label: string;
  readonly url: string;
  readonly expiresAt: Date;
  /** Who connected it before: a Slack user id. */
  readonly connected: { readonly by: string; readonly at: Date } | null;
  readonly zone: string;
}

/** The link to a vendor's page, for the one who asked. Ephemeral. Pure. */
export function drawConnect({ connection, label, url, expiresAt, connected, zone }: ConnectFacts): Drawn {
  const name = escaped(label);
  const before = connected
    ? `\n${mention(connected.by)} connected it ${moment(zone, connected.at)}; what you do now takes the place of that.`
    : '';
  const words =
    `*${connected ? 'Reconnect' : 'Connect'} ${name}*\nThe button opens ${name}’s own page, which asks what Truce may see and change. ` +
    `Sign in there as somebody who may allow that.${before}`;
  return {
    text: `${connected ? 'Reconnect' : 'Connect'} ${name}: the link is for you alone, and works once.`,
    blocks: [
      section('what', words),
      actions('go', [
        linkButton({
          action: `connect_open:${connection}`,
          label: `Go to ${label}`,
          url,
          says: `Open ${label}’s page to ${connected ? 'reconnect' : 'connect'} it`,
        }),
      ]),
      context('foot', `For you alone. It works once, until ${time(zone, expiresAt)}.`),
    ],
  };
}

/** Why there is no link, in words for the one who asked. */
export const notAConnection = ({
  word,
  guess,
  all,
  command,
}: {
  word: string;
  guess: string | null;
  all: readonly string[];
  command: string;
}): Drawn => {
  const meant = guess ? ` Did you mean *${escaped(guess)}*?` : '';
  const what = word ? `There is no connection “${escaped(word)}”.${meant}` : 'Tell me which connection.';
  const example = guess ?? all[0];
  const next = example ? `\nNext: \`${escaped(`${command} connect ${example}`)}\`` : '';
  return answer(`${what}\nAll: ${escaped(all.join(', '))}.${next}`);
};

export const notConnector = (who: readonly string[], label: string): Drawn =>
  answer(
    who.length > 0
      ? `Only ${listed(who.map(mention), 'or')} can do this with ${escaped(label)}. Nothing was changed.`
      : `No sync uses ${escaped(label)}, so nobody can connect it. Name it under a sync’s connections first.`,
  );

/** For one who may connect no system at all, whatever they named. */
export const connectsNothing = (who: readonly string[]): Drawn =>
  answer(`Only ${listed(who.map(mention), 'or')} can connect systems. Nothing was changed.`);

/** It has what it needs in the environment. */
export const connectsByItself = (label: string, variables: readonly string[]): Drawn =>
  answer(
    variables.length > 0
      ? `${escaped(label)} signs in with ${listed(variables.map((name) => `\`${escaped(name)}\``))} from the environment: there is nothing to connect here. ` +
          'To renew them, set them anew where Truce runs, and restart it.'
      : `${escaped(label)} needs no sign-in: there is nothing to connect.`,
  );

/** How an approved step in a vendor's account went. */
export const setUpUnderWay = (label: string, step: string): Drawn =>
  answer(`*${escaped(label)}:* ${defused(step, 150)}: Truce is doing it now. I tell you here how it went.`);

/** What the runs of the schedule do by and by, now that it was approved. */
export const setUpBegun = (label: string, step: string, command: string): Drawn =>
  answer(
    `*${escaped(label)}:* ${defused(step, 150)}: approved. It begins with the next run of the schedule, and goes on some with each. How far it is: \`${escaped(command)} connections\``,
  );

export const setUpDone = (label: string, step: string, left: number, command: string): Drawn =>
  answer(
    `*${escaped(label)}:* ${defused(step, 150)}: done.${
      left > 0 ? ` Something is left: \`${escaped(command)} connections\`` : ''
    }`,
  );

export const setUpFailed = (label: string, step: string, reason: string): Drawn =>
  answer(
    `*${escaped(label)}:* ${defused(step, 150)}: it did not work. ${defused(reason, 300)}. What was made so far stays; approving it again does the rest.`,
  );

export const setUpMoved = (label: string, command: string): Drawn =>
  answer(
    `What ${escaped(label)} needs is not what you were shown any more, so nothing was done. Next: \`${escaped(command)} connections\``,
  );

import type { NoSignIn } from '../ledger/connections/sign-ins.ts';
import type { PageWords } from './pages.ts';

/** What the pages of a sign-in say. Nothing of what a browser sent is ever repeated. Pure. */

/** The connection that a page is about. */
interface About {
  readonly id: string;
  readonly label: string;
}

const again = (command: string, { id }: { id?: string } = {}) =>
  `To begin again, type ${command} connect${id ? ` ${id}` : ''} in Slack.`;
const ended = (reason: string) => (/[.!?…]$/.test(reason) ? reason : `${reason}.`);
const nothingChanged = 'Nothing was connected or changed.';

/** Why a link, or the way back from the vendor, leads nowhere. */
export function noSignInWords(why: NoSignIn | 'elsewhere', command: string): PageWords {
  switch (why) {
    case 'unknown':
      return {
        title: 'There is no sign-in here',
        lines: ['This address belongs to a sign-in that Truce does not know.', again(command)],
      };
    case 'used':
      return {
        title: 'This sign-in is over',
        lines: [
          `A link works once, and this one was used. ${command} connections in Slack shows whether it is connected.`,
          again(command),
        ],
      };
    case 'expired':
      return {
        title: 'This link is too old',
        lines: [`A link works for ten minutes. ${nothingChanged}`, again(command)],
      };
    case 'elsewhere':
      return {
        title: 'This sign-in was begun in another browser',
        lines: [
          `A sign-in has to end in the browser in which the link from Slack was opened. ${nothingChanged}`,
          `Open the link from Slack in this browser, or type ${command} connect for a new one.`,
        ],
      };
  }
}

/** The person, or the vendor, said no. */
export const declinedWords = (about: About, wasPerson: boolean, command: string): PageWords => ({
  title: `${about.label} is not connected`,
  lines: [
    wasPerson
      ? `It was not allowed on ${about.label}’s page. ${nothingChanged}`
      : `${about.label} did not allow it. ${nothingChanged} Truce’s log has the vendor’s reason.`,
    again(command, about),
  ],
});

export const incompleteWords = (about: About, command: string): PageWords => ({
  title: `${about.label} is not connected`,
  lines: [`${about.label} sent you back without what Truce needs. ${nothingChanged}`, again(command, about)],
});

/** The exchange of the code did not work; `reason` is in words for people. */
export const failedWords = (about: About, reason: string, command: string): PageWords => ({
  title: `${about.label} is not connected`,
  lines: [ended(reason), nothingChanged, again(command, about)],
});

/** Signed in, but to another account than the one whose records Truce knows. */
export const otherAccountWords = (
  about: About,
  { before, now }: { readonly before: string; readonly now: string },
  command: string,
): PageWords => ({
  title: `${about.label} is not connected to ${now}`,
  lines: [
    `You chose ${now}. The customers and other records that Truce keeps in step are those of ${before}. ${nothingChanged}`,
    `Choose ${before} on ${about.label}’s page. For ${now} the agreement needs a connection of its own.`,
    again(command, about),
  ],
});

export const notYoursWords = (label: string): PageWords => ({
  title: `${label} is not connected`,
  lines: [`The agreement no longer names you as somebody who may connect ${label}. ${nothingChanged}`],
});

export const stumbledWords = (command: string): PageWords => ({
  title: 'Truce itself stumbled',
  lines: [`The fault is not yours; the log has the reason. ${again(command)}`],
});

export interface Connected {
  readonly label: string;
  readonly account: string | null;
  /** What is left for a person to see to. */
  readonly needs: number;
  /** Why the account could not be asked about itself; in words for people. */
  readonly trouble: string | null;
}

export const connectedWords = (
  { label, account, needs, trouble }: Connected,
  command: string,
): PageWords => ({
  title: `${label} is connected${account ? ` to ${account}` : ''}`,
  lines: [
    ...(trouble
      ? [
          `Its account could not be looked at yet: ${ended(trouble)} ${command} connections in Slack shows how it stands.`,
        ]
      : []),
    ...(needs > 0
      ? [
          `${needs === 1 ? 'One thing is' : `${needs} things are`} left to do: type ${command} connections in Slack.`,
        ]
      : []),
    'You can close this window.',
  ],
});

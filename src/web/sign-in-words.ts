import type { NoSignIn } from '../ledger/sign-ins.ts';
import type { PageWords } from './pages.ts';

/** What the pages of a sign-in say. Nothing of what a browser sent is ever repeated. Pure. */

const again = (command: string) => `To begin again, type ${command} connect in Slack.`;
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
export const declinedWords = (label: string, wasPerson: boolean, command: string): PageWords => ({
  title: `${label} is not connected`,
  lines: [
    wasPerson
      ? `It was not allowed on ${label}’s page. ${nothingChanged}`
      : `${label} did not allow it. ${nothingChanged} Truce’s log has the vendor’s reason.`,
    again(command),
  ],
});

export const incompleteWords = (label: string, command: string): PageWords => ({
  title: `${label} is not connected`,
  lines: [`${label} sent you back without what Truce needs. ${nothingChanged}`, again(command)],
});

/** The exchange of the code did not work; `reason` is in words for people. */
export const failedWords = (label: string, reason: string, command: string): PageWords => ({
  title: `${label} is not connected`,
  lines: [`${reason}.`, nothingChanged, again(command)],
});

export const notYoursWords = (label: string): PageWords => ({
  title: `${label} is not connected`,
  lines: [`The agreement no longer names you as somebody who may connect ${label}. ${nothingChanged}`],
});

export const stumbledWords = (command: string): PageWords => ({
  title: 'Truce itself stumbled',
  lines: [`The fault is not yours; the log has the reason. ${again(command)}`],
});

/** `needs`: what is left for a person to see to. */
export const connectedWords = (
  label: string,
  account: string | null,
  needs: number,
  command: string,
): PageWords => ({
  title: `${label} is connected${account ? ` to ${account}` : ''}`,
  lines: [
    ...(needs > 0
      ? [
          `${needs === 1 ? 'One thing is' : `${needs} things are`} left to do: type ${command} connections in Slack.`,
        ]
      : []),
    'You can close this window.',
  ],
});

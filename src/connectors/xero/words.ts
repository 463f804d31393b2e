import { nextMinute, numberIn, retryAfter, type VendorWords } from '../http/vendor-words.ts';
import { errorBody } from './schema.ts';

const day = 86_400_000;

/** How Xero says "too many calls", "you may not" and "this is not valid". */
export const xeroWords: VendorWords = {
  label: 'Xero',

  busyUntil({ status, headers }, now) {
    if (status !== 429) return null;
    const hinted = retryAfter(headers, now);
    if (hinted) return hinted;
    // The spelling has varied in the wild.
    const problem = headers['x-rate-limit-problem']?.toLowerCase() ?? '';
    if (problem.includes('concurrent')) return new Date(now.getTime() + 1000);
    if (problem.includes('day')) return new Date((Math.floor(now.getTime() / day) + 1) * day);
    return nextMinute(now);
  },

  reason(body) {
    const read = errorBody.safeParse(body);
    if (!read.success) return null;
    const { Elements, Message, Detail, Title, error } = read.data;
    const messages = (Elements ?? []).flatMap((element) => element.ValidationErrors ?? []);
    const said = [...new Set(messages.map(({ Message }) => Message).filter(Boolean))].join('; ');
    if (said) return said;
    if (Detail === 'AuthenticationUnsuccessful') return 'the organisation was disconnected from Truce';
    if (Detail === 'AuthorizationUnsuccessful') return 'a scope for this call was not granted';
    return Message || Detail || Title || error || null;
  },

  remaining(headers) {
    const ofUs = numberIn(headers, 'x-minlimit-remaining');
    const ofApp = numberIn(headers, 'x-appminlimit-remaining');
    const today = numberIn(headers, 'x-daylimit-remaining');
    const minute = Math.min(ofUs ?? Number.POSITIVE_INFINITY, ofApp ?? Number.POSITIVE_INFINITY);
    return {
      ...(Number.isFinite(minute) ? { minute } : {}),
      ...(today === undefined ? {} : { day: today }),
    };
  },
};

/** "The contact name X is already assigned to another contact …": nothing was made or changed. */
export const saysNameTaken = (reason: string): boolean => /contact name .* already assigned/is.test(reason);

/** "The contact number X is already assigned to another contact." */
export const saysNumberTaken = (reason: string): boolean =>
  /contact number .* already assigned/is.test(reason);

import { nextMinute, retryAfter, type VendorWords } from '../http/vendor-words.ts';
import { errorBody } from './schema.ts';

/** How Cin7 Core says "too many calls" and "this is not valid". */
export const cin7CoreWords: VendorWords = {
  label: 'Cin7 Core',

  /** 429, 503, or the words in an answer that calls itself a success: all mean sixty a minute, and hardly ever say how long. */
  busyUntil({ status, headers, text }, now) {
    const limited = status === 429 || status === 503 || /reached \d+ calls per/i.test(text.slice(0, 500));
    return limited ? (retryAfter(headers, now) ?? nextMinute(now)) : null;
  },

  reason(body) {
    const read = errorBody.safeParse(body);
    if (!read.success) return null;
    return (
      read.data
        .map(({ Exception }) => Exception)
        .filter(Boolean)
        .join('; ') || null
    );
  },
};

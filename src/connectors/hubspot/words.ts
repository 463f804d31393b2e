import { numberIn, type RawAnswer, retryAfter, type VendorWords } from '../http/vendor-words.ts';
import { errorBody } from './schema.ts';

const seconds = (now: Date, count: number) => new Date(now.getTime() + count * 1000);

/** How HubSpot says "too many calls", "you may not" and "this is not valid". */
export const hubspotWords: VendorWords = {
  label: 'HubSpot',

  busyUntil(answer, now, attempt) {
    const hinted = retryAfter(answer.headers, now);
    // 423: a lock of a few seconds. 477: the account moves to another data centre, for up to a day.
    if (answer.status === 423) return hinted ?? seconds(now, 2);
    if (answer.status === 477) return hinted ?? seconds(now, 3600);
    if (answer.status !== 429) return null;
    if (hinted) return hinted;
    const policy = policyOf(answer);
    if (policy.includes('TEN_SECONDLY')) return seconds(now, 10 * attempt);
    // The day ends at midnight of the account's own time zone, which we are not told.
    if (policy.includes('DAILY')) return seconds(now, 3600);
    return policy.includes('SECONDLY') ? seconds(now, attempt) : null;
  },

  reason(body) {
    const read = errorBody.safeParse(body);
    if (!read.success) return null;
    const { message, category, context, errors } = read.data;
    if (category === 'MISSING_SCOPES') {
      const scopes = [context, ...(errors ?? []).map((error) => error.context)].flatMap(scopesIn);
      return scopes.length > 0
        ? `the scope ${[...new Set(scopes)].join(', ')} is missing`
        : 'a scope is missing';
    }
    return message ? plain(message) : null;
  },

  remaining: (headers) => {
    const day = numberIn(headers, 'x-hubspot-ratelimit-daily-remaining');
    return day === undefined ? {} : { day };
  },
};

function policyOf({ text }: RawAnswer): string {
  try {
    const body = errorBody.parse(JSON.parse(text));
    return `${body.policyName ?? ''} ${body.message ?? ''}`.toUpperCase();
  } catch {
    return '';
  }
}

function scopesIn(context: Readonly<Record<string, unknown>> | null | undefined): string[] {
  const named = [context?.requiredGranularScopes, context?.requiredScopes].flat();
  return named.filter((scope) => typeof scope === 'string');
}

/** `Property values were not valid: [{"message": …}]` holds JSON inside a sentence; people get the sentences inside. */
export function plain(message: string): string {
  const [, list] = /not valid: (\[.*\])\s*$/s.exec(message) ?? [];
  if (!list) return message;
  try {
    const problems = JSON.parse(list) as { message?: unknown }[];
    const said = problems.map((problem) => problem.message).filter((text) => typeof text === 'string');
    return said.length > 0 ? said.join('; ') : message;
  } catch {
    return message;
  }
}

import { WebAPIPlatformError } from '@slack/web-api';

/** What Slack says of itself, and not of us: it passes. */
const passing: ReadonlySet<string> = new Set([
  'ratelimited',
  'accesslimited',
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/** Slack's own word where it was reached and refuses us: only a person can mend that. Null where it was not reached, or asks to wait. */
export function refusalOf(error: unknown): string | null {
  const code = error instanceof WebAPIPlatformError ? error.data.error : null;
  return code && !passing.has(code) ? code : null;
}

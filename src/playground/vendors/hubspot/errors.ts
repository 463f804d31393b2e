import { randomUUID } from 'node:crypto';
import { type Answer, json } from '../exchange.ts';
import { portal } from './bodies.ts';
import type { PropertyProblem } from './values.ts';

/** HubSpot's error body. Source: HubSpot's page on error handling and its API description 2026-09. */
export function failure(
  status: number,
  category: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json(status, { status: 'error', message, correlationId: randomUUID(), category, ...more }, headers);
}

export const invalid = (message: string): Answer => failure(400, 'VALIDATION_ERROR', message);

export const notFound = (): Answer => failure(404, 'OBJECT_NOT_FOUND', 'resource not found');

export const notAllowed = (): Answer =>
  failure(405, 'METHOD_NOT_ALLOWED', 'This practice HubSpot does not know this call');

export function missingScopes(scopes: readonly string[]): Answer {
  const message = 'This app hasn’t been granted all required scopes to make this call.';
  const context = { requiredGranularScopes: scopes };
  const errors = [{ message: 'One or more of the following scopes are required.', context }];
  return failure(403, 'MISSING_SCOPES', message, { context, errors, links: {} });
}

/** The sentence with JSON inside that HubSpot sends for values it does not take. */
export const problemsInWords = (problems: readonly PropertyProblem[]): string =>
  `Property values were not valid: ${JSON.stringify(
    problems.map((problem) => ({ ...problem, localizedErrorMessage: problem.message, portalId: portal.id })),
  )}`;

/** Bodies of the 429s differ from all others. Source: observed (hubspot-api-python issue 117), error pages. */
export function tooMany(
  policy: 'SECONDLY' | 'TEN_SECONDLY_ROLLING' | 'DAILY',
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const message = `You have reached your ${policy === 'SECONDLY' ? 'secondly' : policy.toLowerCase()} limit.`;
  const more = { errorType: 'RATE_LIMIT', policyName: policy, groupName: 'publicapi:private-apps:practice' };
  return failure(429, 'RATE_LIMITS', message, more, headers);
}

/** One entry of `errors` in a 207. */
export const batchError = (
  category: string,
  message: string,
  context: Readonly<Record<string, readonly string[]>>,
  more: Readonly<Record<string, unknown>> = {},
): object => ({ status: 'error', category, message, context, links: {}, ...more });

/** `good` when nothing failed, 207 as soon as one input did. */
export function batchAnswer(
  results: readonly object[],
  errors: readonly object[],
  at: Date,
  good: 200 | 201 = 200,
): Answer {
  const times = { startedAt: at.toISOString(), completedAt: at.toISOString() };
  const body = { status: 'COMPLETE', results, ...times };
  return errors.length === 0 ? json(good, body) : json(207, { ...body, numErrors: errors.length, errors });
}

import { randomUUID } from 'node:crypto';
import { type Answer, json } from '../exchange.ts';
import type { PropertyProblem } from './properties.ts';

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

/** The sentence with JSON inside that HubSpot sends for values it does not take. */
export const problemsInWords = (problems: readonly PropertyProblem[]): string =>
  `Property values were not valid: ${JSON.stringify(
    problems.map((problem) => ({ ...problem, localizedErrorMessage: problem.message, portalId: 440_000_01 })),
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
): object => ({ status: 'error', category, message, context, links: {} });

/** 200, or 207 as soon as one input failed. */
export function batchAnswer(results: readonly object[], errors: readonly object[], at: Date): Answer {
  const times = { startedAt: at.toISOString(), completedAt: at.toISOString() };
  const body = { status: 'COMPLETE', results, ...times };
  return errors.length === 0 ? json(200, body) : json(207, { ...body, numErrors: errors.length, errors });
}

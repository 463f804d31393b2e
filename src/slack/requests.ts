import { type App, isValidSlackRequest, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../clock.ts';

/** One HTTP request that says it is from Slack. Names of headers are in lower case. */
export interface SlackRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, byte for byte: the signature is over it. */
  readonly body: string;
}
export interface SlackAnswer {
  readonly status: 200 | 400 | 401 | 503;
  /** Sent as JSON; null = an empty body. */
  readonly body: unknown;
}

export interface Requests {
  readonly receiver: Receiver;
  /** Answers one request: with what acknowledges it, or why it is refused. */
  answer(request: SlackRequest): Promise<SlackAnswer>;
}

/** Slack gives up after three seconds: what takes longer was not acknowledged, whatever we say then. */
const patience = 2_900;

/** Requests from Slack over HTTP, for those who do not use Socket Mode: signed, acknowledged by the answer to the request. */
export function openRequests({
  signingSecret,
  clock,
  log,
}: {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Requests {
  let app: App | null = null;
  let started = false;
  return {
    receiver: {
      init: (built) => {
        app = built;
      },
      start: async () => {
        started = true;
      },
      stop: async () => {
        started = false;
      },
    },
    answer: async (request) => {
      if (!isSigned(request, signingSecret, clock)) {
        log.warn(
          { event: 'slack_not_signed' },
          'A request to /slack/events was refused: it is not signed with SLACK_SIGNING_SECRET, or it is older than five minutes.',
        );
        return { status: 401, body: { error: 'This request is not signed by Slack.' } };
      }
      const body = bodyOf(request);
      if (!body) return { status: 400, body: { error: 'This is nothing that Slack sends.' } };
      if (body.type === 'url_verification') return { status: 200, body: { challenge: body.challenge } };
      if ('ssl_check' in body) return { status: 200, body: null };
      // Not yet, or no more: Slack sends an event again, and tells a person that the app did not answer.
      if (!app || !started) return { status: 503, body: { error: 'Truce is not ready.' } };
      return processed(app, request, body);
    },
  };
}

function isSigned({ headers, body }: SlackRequest, signingSecret: string, clock: Clock): boolean {
  const signed = {
    'x-slack-signature': headers['x-slack-signature'] ?? '',
    'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp'] ?? Number.NaN),
  };
  return isValidSlackRequest({
    signingSecret,
    body,
    headers: signed,
    nowMilliseconds: clock.now().getTime(),
  });
}

const object = z.record(z.string(), z.unknown());

/** Events come as JSON, commands as a form, clicks as JSON in a form. Null for anything else. */
function bodyOf({ headers, body }: SlackRequest): Record<string, unknown> | null {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return parsed(body);
  if (!type.startsWith('application/x-www-form-urlencoded')) return null;
  const form = Object.fromEntries(new URLSearchParams(body));
  return form.payload === undefined ? form : parsed(form.payload);
}

function parsed(json: string): Record<string, unknown> | null {
  try {
    return object.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

/** Hands it to the app, and answers as soon as it is acknowledged; what it does then goes on. */
function processed(app: App, { headers }: SlackRequest, body: Record<string, unknown>): Promise<SlackAnswer> {
  const retry = Number(headers['x-slack-retry-num'] ?? 0);
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ status: 503, body: { error: 'Truce did not acknowledge in time.' } }),
      patience,
    );
    const answer = (said: SlackAnswer) => {
      clearTimeout(timer);
      resolve(said);
    };
    app
      .processEvent({
        body,
        ack: async (said?: unknown) => answer({ status: 200, body: said ?? null }),
        ...(retry > 0 ? { retryNum: retry, retryReason: headers['x-slack-retry-reason'] ?? '' } : {}),
      })
      .then(
        () => answer({ status: 200, body: null }),
        () => answer({ status: 503, body: { error: 'Truce itself stumbled over this.' } }),
      );
  });
}

import type { Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { SlackSideDeps } from './deps.ts';
import { openRequests, type Requests } from './requests.ts';
import { openSocket } from './socket.ts';

/** How what people do in Slack comes in: over a socket that we open, or by requests to us. */
interface Door {
  readonly receiver: Receiver;
  /** Answers a request of Slack; null over Socket Mode. */
  readonly requests: Requests['answer'] | null;
  /** Resolves once nothing more comes in. */
  close(): Promise<void>;
}

type DoorInput = Pick<SlackSideDeps['slack'], 'appToken' | 'signingSecret' | 'apiUrl'> & {
  readonly clock: Clock;
  readonly log: Logger;
  /** How asking Slack for a socket went, each time: why not, or null. */
  readonly asked: (error: unknown) => void;
};

/** Socket Mode where there is an app-level token, else HTTP. Throws where there is neither. */
export function openDoor({ appToken, signingSecret, apiUrl, clock, log, asked }: DoorInput): Door {
  if (appToken) return { ...openSocket({ appToken, apiUrl, log, asked }), requests: null };
  if (!signingSecret) throw new Error('Slack needs an app-level token or a signing secret.');
  const { receiver, answer } = openRequests({ signingSecret, clock, log });
  return { receiver, requests: answer, close: async () => void (await receiver.stop()) };
}

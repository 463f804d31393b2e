import { pause } from './pause.ts';
import { refusalOf } from './refusal.ts';

/** Why people and Truce do not reach each other in Slack. */
export interface Trouble {
  /** The token that Slack refuses and its own word for it, which only a person can mend; null where it is not reached. */
  readonly refused: string | null;
}

type Token = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

interface ConnectingParts {
  /** Signs in with the bot token. Rejects where that fails. */
  readonly signIn: () => Promise<void>;
  /** Opens the way in, and resolves once it is open. */
  readonly open: () => Promise<void>;
  /** Called each time that what can be said can be said: signed in, and the way in open or known not to be. */
  readonly whenSignedIn: () => void;
  /** True where Slack has taken something from this company's Truce before: then its tokens were good once. */
  readonly hasSpoken: () => Promise<boolean>;
  /** Something has changed: looks at how it stands, and keeps it. Never rejects. */
  readonly look: () => Promise<void>;
  readonly onFatal: (error: Error) => void;
  readonly signal: AbortSignal;
}

interface Connecting {
  /** Begins to connect; resolves after the first try, however that ended. Rejects where Slack refuses a token that it never took. */
  start(): Promise<void>;
  /** How asking for the way in went, each time: why not, or null. */
  asked(error: unknown): void;
  /** What is known to be in the way; null = nothing. */
  trouble(): Trouble | null;
}

/** A first try that hangs must not hold up whoever starts Truce, in ms. */
const patience = 10_000;

/**
 * Connects to Slack beside everything else, and tries for ever: no sync waits for Slack. Only where a token never was any good does it
 * say that nothing will come of it.
 */
export function keepConnecting(parts: ConnectingParts): Connecting {
  const { signal } = parts;
  let trouble: Trouble | null = null;
  const first = settledOnce();

  const failed = async (error: unknown, token: Token) => {
    const code = refusalOf(error);
    trouble = { refused: code && `${token}: ${code}` };
    const spoke = await parts.hasSpoken().catch(() => true);
    if (code && !spoke) {
      const fatal = new Error(
        `Slack refuses ${token} (${code}). Check that it is copied whole, and that the app is installed (README.md, “Put it into your own workspace”).`,
      );
      if (!first.fail(fatal)) parts.onFatal(fatal);
      return false;
    }
    await parts.look();
    first.done();
    return true;
  };
  const connect = async () => {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        await parts.signIn();
        break;
      } catch (error) {
        if (signal.aborted || !(await failed(error, 'SLACK_BOT_TOKEN'))) return;
        await pause(tries, signal);
      }
    }
    if (signal.aborted) return;
    const wasAway = trouble !== null;
    trouble = null;
    if (wasAway) void parts.look();
    void parts.open().then(
      () => {
        parts.whenSignedIn();
        first.done();
      },
      (error) => parts.onFatal(error),
    );
  };
  return {
    start: async () => {
      void connect();
      const timer = setTimeout(first.done, patience);
      await first.settled.finally(() => clearTimeout(timer));
    },
    asked: (error) => {
      const before = trouble;
      trouble = null;
      if (error) void failed(error, 'SLACK_APP_TOKEN').then((goesOn) => goesOn && parts.whenSignedIn());
      else if (before) void parts.look();
    },
    trouble: () => trouble,
  };
}

/** A promise that is settled once, by whoever comes first; each says whether it was. */
function settledOnce() {
  let isSettled = false;
  let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const settled = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const once = (act: () => void) => {
    if (isSettled) return false;
    isSettled = true;
    act();
    return true;
  };
  return {
    settled,
    done: () => once(() => settle?.resolve()),
    fail: (error: Error) => once(() => settle?.reject(error)),
  };
}

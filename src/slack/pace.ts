import type { Clock } from '../clock.ts';

/** How often Slack takes a call, and how many at once after a pause. */
interface Rate {
  readonly everyMs: number;
  readonly burst: number;
}
/** About one post a second in a channel. */
const posting: Rate = { everyMs: 1_000, burst: 1 };
/** 50 edits a minute in the whole workspace. */
const editing: Rate = { everyMs: 1_250, burst: 15 };

/** What is paced together: the posts of one channel, or all edits. A wait with one never holds up the other. */
export type Gate = { readonly kind: 'post'; readonly channel: string } | { readonly kind: 'edit' };

export interface Pace {
  /** How long until the gate opens; 0 = now. Milliseconds. */
  waitMs(gate: Gate): number;
  used(gate: Gate): void;
  /** Slack asked to wait. */
  closedFor(gate: Gate, ms: number): void;
}

/** Keeps to what Slack takes, by the given clock, so that its refusals stay the exception. */
export function pace(clock: Clock): Pace {
  /** When all that was used so far will have been earned back. */
  const earned = new Map<string, number>();
  const closed = new Map<string, number>();
  const name = (gate: Gate) => (gate.kind === 'post' ? `post:${gate.channel}` : 'edit');
  const rate = (gate: Gate) => (gate.kind === 'post' ? posting : editing);
  return {
    waitMs: (gate) => {
      const now = clock.now().getTime();
      const { everyMs, burst } = rate(gate);
      const free = (earned.get(name(gate)) ?? 0) - (burst - 1) * everyMs;
      return Math.max(0, free - now, (closed.get(name(gate)) ?? 0) - now);
    },
    used: (gate) => {
      const now = clock.now().getTime();
      earned.set(name(gate), Math.max(now, earned.get(name(gate)) ?? 0) + rate(gate).everyMs);
    },
    closedFor: (gate, ms) => closed.set(name(gate), clock.now().getTime() + ms),
  };
}

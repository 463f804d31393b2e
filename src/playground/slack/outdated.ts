import type { KnownBlock } from '@slack/types';
import type { Message } from './messages.ts';

/**
 * How messages looked before their last edits. Somebody's window may still show that, and Slack delivers a click made there:
 * it is for the app to notice. Kept in memory, a few versions each: windows are not open for ever.
 */
export interface Outdated {
  keep(message: Message): void;
  /** Every block that the message had in its last versions. */
  blocksOf(channel: string, ts: string): readonly KnownBlock[];
}

const versions = 10;

export function openOutdated(): Outdated {
  const kept = new Map<string, readonly (readonly KnownBlock[])[]>();
  const keyOf = (channel: string, ts: string) => `${channel}/${ts}`;
  return {
    keep: (message) => {
      const key = keyOf(message.channel, message.ts);
      kept.set(key, [message.blocks, ...(kept.get(key) ?? [])].slice(0, versions));
    },
    blocksOf: (channel, ts) => (kept.get(keyOf(channel, ts)) ?? []).flat(),
  };
}

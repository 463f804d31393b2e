import type { Drawn } from './messages/blocks.ts';

/** What a row of the outbox comes to when it is sent. */
export type Placed =
  | {
      readonly kind: 'draw';
      readonly drawn: Drawn;
      readonly threadTs: string | null;
      /** What must be noticed beside an edit, which notifies nobody: a line in its thread, said once for each key. */
      readonly notice?: {
        readonly key: string;
        readonly template: string;
        readonly params: Record<string, unknown>;
      };
    }
  /** There is nothing to say (any more). */
  | { readonly kind: 'nothing' }
  /** It belongs into a thread whose first message is not out yet, or is for somebody who is not to be called before a time. */
  | { readonly kind: 'wait'; readonly reason: string; readonly until?: Date };

export const nothing: Placed = { kind: 'nothing' };

export const drawn = (drawing: Drawn, threadTs: string | null = null): Placed => ({
  kind: 'draw',
  drawn: drawing,
  threadTs,
});

/** The kind and the id of a subject: `incident:118`. */
export function split(subject: string): [kind: string, id: string] {
  const at = subject.indexOf(':');
  return [subject.slice(0, at), subject.slice(at + 1)];
}

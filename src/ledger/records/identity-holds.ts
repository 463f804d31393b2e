import type { HoldReason } from '../tables/changes.ts';

/** What a record waits for while it is not known whose it is. */
export const identityHolds: HoldReason[] = [
  'no_key',
  'invalid_key',
  'duplicate_key',
  'mark_contradicts',
  'maybe_same',
];

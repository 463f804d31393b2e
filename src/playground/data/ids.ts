import { createHash } from 'node:crypto';

/** A UUID that is the same for the same words. */
export function idFor(kind: string, name: string): string {
  const hash = createHash('sha256').update(`${kind}: ${name}`).digest('hex');
  const parts = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(hash) ?? [];
  return `${parts[1]}-${parts[2]}-4${parts[3]}-a${parts[4]}-${parts[5]}`;
}

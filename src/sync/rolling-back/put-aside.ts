import type { FieldTerms } from '../../agreement/agreement.ts';
import { type FieldValue, same } from '../../entities/field.ts';
import type { FieldView, Participant } from '../compare.ts';

/** A field that somebody put aside: nothing is written to it. */
export interface PutAside {
  /** What each system held then, by connection. */
  readonly found: Readonly<Record<string, FieldValue | null>>;
  /** A person lets the sync go on. */
  readonly isReleased: boolean;
}

/** Whether it stays put aside: until the owner has another value than it had then, or a person lets it go on. Pure. */
export function staysAside(
  { field, participants }: FieldView,
  { found, isReleased }: PutAside,
  { systemOfRecord }: FieldTerms,
): boolean {
  if (isReleased) return false;
  const owner = participants.find(({ connection }) => connection === systemOfRecord);
  if (!owner || !Object.hasOwn(found, systemOfRecord)) return true;
  return same(field, owner.value, found[systemOfRecord] ?? null);
}

/**
 * A field that is no longer put aside, as it is compared: what it held all the while counts as changed since the agreed value, or
 * the systems would stay apart for ever. Only an empty field, but the owner's, says nothing: it gets what is decided. Pure.
 */
export function comparedAnew(
  { field, participants }: FieldView,
  { systemOfRecord }: FieldTerms,
  isAgreed: (participant: Participant) => boolean,
): FieldView {
  return {
    field,
    participants: participants.map((p) => {
      if (p.changed || p.isNew || isAgreed(p)) return p;
      const saysNothing = p.value === null && p.connection !== systemOfRecord;
      return saysNothing ? { ...p, isBack: true } : { ...p, changed: true };
    }),
  };
}

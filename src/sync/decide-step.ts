import type { FieldTerms } from '../agreement/agreement.ts';
import type { FieldValue } from '../entities/field.ts';
import type { PutAside } from './rolling-back/put-aside.ts';

/** A value that people may choose, and who holds it. The ledger stores it as it is. */
export interface Option {
  readonly connection: string;
  readonly value: FieldValue | null;
  readonly asAgreed: boolean;
  readonly changedAt: string | null;
  readonly changedBy: string | null;
}

/** What the ledger knows of a field before this comparison. */
export interface FieldHistory {
  /** The value last settled; undefined = never agreed (first load). */
  readonly agreed: FieldValue | null | undefined;
  /** True where the systems came to agree on it by themselves: nobody was asked. */
  readonly isAgreedUnasked?: boolean;
  /** Decided, but not yet confirmed by every system. */
  readonly pending: { readonly value: FieldValue | null; readonly by: string } | null;
  /** The open question to a person, if any. */
  readonly question: {
    readonly options: readonly Option[];
    readonly deadline: Date | null;
    readonly fallback: 'keep' | 'owner_wins' | 'hold';
  } | null;
  /** Values among which nobody chose in time: while they stay as they are, nobody is asked again. */
  readonly leftApart?: readonly Option[] | undefined;
  /** How often this very value was put back within a day. */
  readonly putBacks: number;
  /** True while it is held because of that, however long ago: a person lets it go on. */
  readonly isHeld?: boolean;
  /** Put aside after it was put back by a person. */
  readonly putAside?: PutAside | null;
}

/** One step for one field. `nothing` means: as agreed, or already under way, or (`isAside`) still put aside. */
export type Step =
  | { readonly kind: 'nothing'; readonly isAside?: true }
  /** Every system holds it: no write is needed. */
  | { readonly kind: 'agree'; readonly value: FieldValue | null; readonly by: string }
  /** Bring this value to every system that does not hold it. `putBack` = a change elsewhere is undone by this. */
  | {
      readonly kind: 'bring';
      readonly value: FieldValue | null;
      readonly by: string;
      readonly putBack: boolean;
    }
  | { readonly kind: 'ask'; readonly options: readonly Option[]; readonly agreedBefore: FieldValue | null }
  /** The values of an open question moved. */
  | { readonly kind: 'move'; readonly options: readonly Option[] }
  | { readonly kind: 'withdraw'; readonly value: FieldValue | null }
  | { readonly kind: 'expire'; readonly value: FieldValue | null | undefined }
  | { readonly kind: 'hold'; readonly reason: 'first_load' | 'tug_of_war' };

export interface DecideContext {
  readonly terms: FieldTerms;
  /** What a system can hold of a value; less than the value itself is a declared loss and no difference. */
  readonly project: (connection: string, field: string, value: FieldValue | null) => FieldValue | null;
  readonly firstLoadApproved: boolean;
  /**
   * Systems in which the record is archived, with what each held when it was last in use (undefined = nothing is known of it): for
   * as long, nothing but its status is heard from there.
   */
  readonly archived?: ReadonlyMap<string, FieldValue | null | undefined>;
  readonly now: Date;
}

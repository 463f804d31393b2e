import type { WhenGone } from '../../agreement/agreement.ts';
import type { AbsenceChoice } from '../../ledger/tables/records.ts';

/** What is known when a record is gone from a system, and it is asked what follows. Plain data. */
export interface GoneInput {
  readonly whenGone: WhenGone;
  /** The rule for the status, where the flow keeps it in step. */
  readonly status: { readonly twoPeople: boolean } | null;
  /** Systems in which the record is still in use. */
  readonly inUse: readonly string[];
  /** Those of them that can be told that it is archived. */
  readonly takeStatus: readonly string[];
  /** Whether the agreement would have it made again where it is gone. */
  readonly canBeMade: boolean;
}

/** `nothing` = no system has it in use any more: nothing is left to be done. */
export type GoneStep =
  | { readonly kind: 'nothing' | 'archive' | 'ignore' }
  | { readonly kind: 'ask'; readonly choices: readonly AbsenceChoice[] };

/** What follows when a record is gone from a system, confirmed by its id. Never a delete. Pure. */
export function decideGone(input: GoneInput): GoneStep {
  if (input.inUse.length === 0) return { kind: 'nothing' };
  if (input.whenGone === 'ignore') return { kind: 'ignore' };
  const choices = choicesWhenGone(input);
  if (input.whenGone === 'archive' && choices.includes('archive')) return { kind: 'archive' };
  return { kind: 'ask', choices };
}

/** What a person may choose. Where two people decide the status, one press does not. */
function choicesWhenGone({ status, takeStatus, canBeMade }: Omit<GoneInput, 'whenGone'>): AbsenceChoice[] {
  const canArchive = status !== null && !status.twoPeople && takeStatus.length > 0;
  return [...(canArchive ? (['archive'] as const) : []), 'keep', ...(canBeMade ? (['make'] as const) : [])];
}

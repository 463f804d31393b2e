import type { FieldTerms } from '#src/agreement/agreement.ts';
import type { Word, Written } from './chronicle.ts';
import type { Token } from './vocabulary.ts';

/** What the model knows beside the writing itself. */
export interface Circumstances {
  readonly terms: FieldTerms | undefined;
  /** Words of this record's field with this very value. */
  readonly words: readonly Word[];
  /** What the owner's system held since the run began; null where the record is not in use there. */
  readonly ownerHeld: readonly Token[] | null;
  /** True where it was out of use when this run read it. */
  readonly inArchived: boolean;
  /** True where the record is gone from a system, and it is archived elsewhere for that: by rule, or by a person's answer. */
  readonly followsGone: boolean;
  /** True where a run that never heard whether it was saved wrote this very value, and somebody took it back since. */
  readonly takenBack: boolean;
  /** True where somebody typed after this run read the record for the last time: nobody can see that in time. */
  readonly unseen: boolean;
}

/** By the model's own rules: what is wrong with this writing, or null. */
export function judge({ place, over, token }: Written, known: Circumstances): string | null {
  const { terms, words, ownerHeld } = known;
  if (!terms) return 'a detail that is not kept in step was written';
  if (known.inArchived && terms.field !== 'status') return 'an archived record was written';
  const byOwner = ruledByOwner.includes(terms.rule) && place.system !== terms.systemOfRecord;
  if (byOwner && ownerHeld?.includes(token)) return null;
  if (known.followsGone && terms.field === 'status' && token === 'archived') return null;
  if (words.length === 0) return 'nobody ever gave this value';
  if (over.from.length === 0 || known.unseen || known.takenBack) return null;
  const informed = words.filter((word) => over.from.some(({ number }) => word.knows.has(number)));
  const chosen = informed.some(({ kind }) => kind === 'chosen');
  switch (terms.rule) {
    case 'overwrite':
    case 'read_only':
      if (!byOwner)
        return informed.length > 0 ? null : 'a value of the owner’s was written over, and nobody had seen it';
      return ownerHeld === null || chosen ? null : 'this is not what the owner has';
    case 'review':
      return informed.length > 0 ? null : 'a value that nobody had seen was written over without a question';
    case 'approve':
      return chosen ? null : 'a value was written that nobody had approved';
    case 'latest':
      return null;
  }
}

const ruledByOwner: readonly FieldTerms['rule'][] = ['overwrite', 'read_only'];

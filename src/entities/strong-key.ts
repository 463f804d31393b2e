import type { Entity, Observed } from './field.ts';
import { inSentence } from './text.ts';

export type KeyEvidence =
  | { readonly ok: true; readonly key: string }
  /** `detail` goes on after "waiting: ": "no ABN", "the ABN 35 531 321 789 is not valid: …". */
  | { readonly ok: false; readonly reason: 'missing' | 'invalid'; readonly detail: string };

/** The strong key that a record's value gives it (an ABN's eleven digits), or why it gives none. */
export function strongKey(entity: Entity, keyField: string, value: Observed): KeyEvidence {
  const field = entity.fields.find((candidate) => candidate.name === keyField);
  if (!field || !entity.strongKeys.includes(keyField)) {
    return {
      ok: false,
      reason: 'invalid',
      detail: `${keyField} cannot tell one ${entity.noun.one} from another`,
    };
  }
  if (value.state === 'blank')
    return { ok: false, reason: 'missing', detail: `no ${inSentence(field.label)}` };
  if (value.state !== 'value')
    return { ok: false, reason: 'missing', detail: `the ${inSentence(field.label)} could not be read` };
  const problem = field.problem(value.value);
  if (problem === null) return { ok: true, key: field.normal(value.value) };
  return { ok: false, reason: 'invalid', detail: problem.replace(/^The /, 'the ').replace(/\.$/, '') };
}

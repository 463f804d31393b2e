import type { Flow } from '../../agreement/agreement.ts';
import type { Entity } from '../../entities/field.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';

/** What a change waits for, with what exactly where the name of that matters: "waits for its customer: Fairy Wren is not in Xero yet". */
export function waitSentence(
  { hold, holdDetail }: Pick<Change, 'hold' | 'holdDetail'>,
  flow: Flow,
  entity: Entity,
): string | null {
  if (holdDetail && hold === 'waits_for_other') return `waits for ${holdDetail}`;
  if (holdDetail && hold === 'locked') return `locked in ${holdDetail}`;
  return hold && waitWords(hold, flow, entity);
}

/** What a change waits for, in the middle of a sentence: "no ABN". */
export function waitWords(reason: HoldReason, flow: Flow, entity: Entity): string {
  const key = entity.fields.find((field) => field.name === flow.matchBy)?.label ?? flow.matchBy;
  switch (reason) {
    case 'no_key':
      return `no ${key}`;
    case 'invalid_key':
      return `${key} not valid`;
    case 'duplicate_key':
      return `the same ${key} twice`;
    case 'not_linked':
      return 'not in every system';
    case 'first_load':
      return 'the first load is not approved';
    case 'malformed':
      return 'cannot be read';
    case 'archived':
      return 'archived in a system';
    case 'tug_of_war':
      return 'something else keeps changing it back';
    case 'name_taken':
      return 'the name is taken';
    case 'merged':
      return 'merged with another';
    case 'mark_contradicts':
      return `its ${key} is not that of its mark`;
    case 'maybe_same':
      return 'perhaps the same as another';
    case 'safety_stop':
      return 'the safety stop';
    case 'gone':
      return 'gone from a system';
    case 'rolled_back':
      return 'it was put back';
    case 'waits_for_other':
      return 'what it belongs to is not there yet';
    case 'locked':
      return 'nothing may be changed there any more';
  }
}

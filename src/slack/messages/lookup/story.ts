import { type Piece, person } from '../blocks.ts';
import { ended, inSentence, isUserId, named, sentence } from '../text.ts';
import type { StoryFacts } from './facts.ts';

/** What one line of a story says: a verb in bold, then the rest. Pure. */
export function storyPieces(step: StoryFacts): { verb: string; rest: Piece[] } {
  const detail = step.detail ? ` ${sentence(ended(named(step.detail, 150)))}` : '';
  const field = step.field ? inSentence(step.field) : '';
  const system = step.system ?? 'a system';
  const ofField = field ? ` ${field}` : '';
  const value = step.value ? `: ${named(step.value, 120)}` : '';
  switch (step.kind) {
    case 'read':
      return { verb: 'read', rest: [` in ${system}.${detail}`] };
    case 'compared':
      return { verb: 'compared', rest: [` with the last agreed values.${detail}`] };
    case 'asked':
      return {
        verb: 'asked',
        rest: [`${ofField ? `:${ofField}` : ''}. The agreement says that a person decides.${detail}`],
      };
    case 'moved':
      return {
        verb: 'moved',
        rest: [`:${ofField} changed${step.system ? ` in ${step.system}` : ''} while it was open.${detail}`],
      };
    case 'decided':
      return {
        verb: 'decided',
        rest: [':', ' ', ...actor(step.actor), ` chose${fromWords(step.from)}${ofField}${value}.${detail}`],
      };
    case 'ruled':
      return { verb: 'decided by rule', rest: [`: ${saidByRule(step.actor)}${ofField}${value}.${detail}`] };
    case 'sent':
      return { verb: 'sent', rest: [`${ofField} to ${system}.${detail}`] };
    case 'saved':
      return { verb: 'saved', rest: [`${ofField} in ${system}.${detail}`] };
    case 'made':
      return { verb: 'made', rest: [`: Truce made it in ${system}.${detail}`] };
    case 'refused':
      return { verb: 'refused', rest: [` by ${system}.${detail}`] };
    case 'unknown':
      return {
        verb: 'no answer',
        rest: [` from ${system}; Truce reads there before it does anything else.${detail}`],
      };
    case 'read_back':
      return { verb: 'read back', rest: [step.system ? ` from ${system}.` : ' everywhere.', detail] };
    case 'held':
      return { verb: 'put aside', rest: [`.${detail}`] };
    case 'released':
      return { verb: 'went on', rest: [`.${detail}`] };
    case 'settled':
      return { verb: 'settled', rest: [`. Every system was read back.${detail}`] };
    case 'failed':
      return { verb: 'not saved everywhere', rest: [`.${detail}`] };
    case 'withdrawn':
      return { verb: 'no longer needed', rest: [`${ofField ? `:${ofField}` : ''}.${detail}`] };
    case 'approved':
      return {
        verb: 'approved',
        rest: [
          ':',
          ' ',
          ...actor(step.actor),
          ` chose${fromWords(step.from)}${ofField}${value}. A second person has to approve it.${detail}`,
        ],
      };
    case 'unapproved':
      return {
        verb: 'first approval gone',
        rest: [`${ofField ? `:${ofField}` : ''}, given by `, ...actor(step.actor), `.${detail}`],
      };
    case 'erased':
      return {
        verb: 'erased',
        rest: [': ', ...actor(step.actor), ` had its values forgotten for good.${detail}`],
      };
    case 'edited':
      return { verb: 'typed', rest: [': ', ...actor(step.actor), ` typed${ofField}${value}.${detail}`] };
    case 'same':
      return { verb: 'one and the same', rest: [', said ', ...actor(step.actor), `.${detail}`] };
    case 'different':
      return { verb: 'not the same', rest: [', said ', ...actor(step.actor), `.${detail}`] };
    case 'undone':
      return { verb: 'undone', rest: [' by ', ...actor(step.actor), `.${detail}`] };
    case 'gone':
      return { verb: 'gone', rest: [` from ${system}.${detail}`] };
    case 'stopped':
      return { verb: 'stopped', rest: [` by the safety stop.${detail}`] };
    case 'rolled_back':
      return {
        verb: 'put back',
        rest: [
          `${ofField ? `:${ofField}` : ''} in ${system}${value}, asked for by `,
          ...actor(step.actor),
          `.${detail}`,
        ],
      };
    case 'retried':
      return { verb: 'tried again', rest: [`.${detail}`] };
    case 'reprocess':
      return { verb: 'run again', rest: [', asked for by ', ...actor(step.actor), `.${detail}`] };
  }
}

function actor(by: string | null): Piece[] {
  if (by && isUserId(by)) return [person(by)];
  return ['Truce'];
}

const fromWords = (from: string | null): string =>
  from ? (from === 'typed' ? ' a typed' : ` ${from}’s`) : '';

const rules: Readonly<Record<string, string>> = {
  overwrite: 'the owning system’s',
  read_only: 'put back the owning system’s',
  review: 'only one side changed, so the others get its',
  latest: 'the newest',
  first_load: 'at the first load, the owning system’s',
  agreed: 'filled in what was agreed:',
  same: 'all systems hold the same',
};

export const saidByRule = (by: string | null): string =>
  rules[by?.replace(/^rule:/, '') ?? ''] ?? 'as the agreement says,';

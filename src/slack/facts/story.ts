import type { Flow } from '../../agreement/agreement.ts';
import type { Entity, FieldValue } from '../../entities/field.ts';
import type { StoryLine } from '../../ledger/changes/changes.ts';
import type { Undone } from '../../ledger/rollback/put-backs.ts';
import type { ApprovalEnd, HoldReason } from '../../ledger/tables/changes.ts';
import type { StoryFacts } from '../messages/lookup/facts.ts';
import { inSentence, listed } from '../messages/text.ts';
import { fieldNamed, fromWords } from './fields.ts';
import { waitWords } from './holds.ts';

interface StoryInput {
  readonly flow: Flow;
  readonly entity: Entity;
  readonly labels: (connection: string) => string;
}

/** Lines of a story, ids turned into words. Values of personal and secret fields are not told: answers can be forwarded. */
export const storyFacts = (lines: readonly StoryLine[], input: StoryInput): StoryFacts[] =>
  lines.map((line) => oneLine(line, input));

function oneLine(line: StoryLine, input: StoryInput): StoryFacts {
  const { entity, labels } = input;
  const field = line.field ? fieldNamed(entity, line.field) : null;
  const from = textOf(line.data.from);
  return {
    at: line.at,
    kind: line.kind,
    system: line.connection ? labels(line.connection) : null,
    field: field?.label ?? null,
    actor: line.actor,
    value: field && 'value' in line.data ? valueWords(field, line.data.value) : null,
    from: from ? (fromWords(from, labels) ?? 'typed') : null,
    detail: detailOf(line, input),
  };
}

function valueWords(field: ReturnType<typeof fieldNamed>, value: unknown): string {
  if (field.class !== 'open') return '(hidden)';
  return value === null || value === undefined ? '(empty)' : field.show(value as FieldValue);
}

function detailOf(line: StoryLine, { flow, entity, labels }: StoryInput): string | null {
  const { data } = line;
  const names = (list: unknown) =>
    listed(stringsOf(list).map((name) => inSentence(fieldNamed(entity, name).label)));
  switch (line.kind) {
    case 'read':
      return stringsOf(data.changed).length > 0
        ? `changed there: ${names(data.changed)}`
        : 'nothing had changed there';
    case 'compared': {
      const n = stringsOf(data.fields).length;
      const of = typeof data.of === 'number' ? ` of ${data.of}` : '';
      return n > 0 ? `${n}${of} details ${n === 1 ? 'differs' : 'differ'}: ${names(data.fields)}` : null;
    }
    case 'asked':
      return stringsOf(data.options).length > 0
        ? `to choose from: ${listed(stringsOf(data.options).map(labels))}`
        : null;
    case 'ruled':
      if (data.kept === true) return 'nobody chose in time, so nothing was written';
      return data.putBack === true ? putBackWords(line, { entity, labels }) : null;
    case 'decided':
      return data.second === true ? 'the second of two people: it goes out' : null;
    case 'unapproved':
      return endWords[textOf(data.because) ?? ''] ?? null;
    case 'held':
    case 'released': {
      const reason = textOf(data.reason);
      const why = [reason ? waitWords(reason as HoldReason, flow, entity) : '', textOf(data.detail) ?? ''];
      return listed([...new Set(why.filter(Boolean))], 'because');
    }
    case 'sent':
      if (data.make === true) return 'to be made there';
      return stringsOf(data.fields).length > 0 ? names(data.fields) : textOf(data.reason);
    case 'saved':
    case 'read_back':
      return stringsOf(data.fields).length > 0 ? names(data.fields) : textOf(data.reason);
    default:
      return textOf(data.reason);
  }
}

/** What was undone where, and whose it was, where the systems tell. */
function putBackWords(
  { field: name, data }: StoryLine,
  { entity, labels }: Omit<StoryInput, 'flow'>,
): string {
  const field = fieldNamed(entity, name ?? '');
  const undone = (Array.isArray(data.undone) ? data.undone : []) as Undone[];
  const had = undone.map(({ connection, value, by }) => {
    const what = valueWords(field, value);
    return `${labels(connection)} had ${what}${by ? `, by ${by}` : ''}`;
  });
  return `the change elsewhere was put back${had.length > 0 ? `: ${listed(had)}` : ''}`;
}

/** Why a first approval counts no longer. */
const endWords: Readonly<Record<string, string>> = {
  moved: 'a value had changed meanwhile',
  taken_back: 'they took it back',
  replaced: 'another value was chosen',
  kept: 'what was agreed before was kept instead',
  over: 'the question had ended',
  not_allowed: 'they may not approve it any more',
} satisfies Record<ApprovalEnd, string>;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

import type { ReadItem, WriteOutcome } from '../../connectors/connector.ts';
import { type Field, same } from '../../entities/field.ts';
import type { Told } from '../../ledger/changes/changes.ts';
import type { NotedLoss } from '../../ledger/connections/losses.ts';
import type { BaseMove } from '../../ledger/records/bases.ts';
import { heldValue } from '../compare.ts';
import type { RunContext } from '../context.ts';
import { printOf } from '../fingerprint.ts';
import type { Sent } from './intents.ts';
import { type Loss, lossOf, wasEditedSince } from './loss.ts';

/** What was written, beside what is there. */
export interface Compared {
  readonly one: Sent;
  readonly item: ReadItem & { readonly kind: 'read' };
  readonly wasSaved: boolean;
  readonly written: readonly Field[];
  /** Of those, the ones that hold another value all the same. */
  readonly ignored: readonly Field[];
  /** Of those again, what the system made of a value that it said it saved. The others are somebody's edits, or nobody knows. */
  readonly lost: readonly Loss[];
}

export function compared(
  { entity }: RunContext,
  one: Sent,
  item: ReadItem & { readonly kind: 'read' },
  outcome: WriteOutcome | undefined,
): Compared {
  const wasSaved = outcome?.kind === 'saved';
  const written = entity.fields.filter((field) => field.name in one.fields);
  const ignored = written.filter((field) => {
    const observed = item.observation.fields[field.name];
    return (
      observed?.state !== 'not_read' && !same(field, heldValue(observed), one.fields[field.name] ?? null)
    );
  });
  const savedAt = outcome?.kind === 'saved' ? (outcome.vendorAt ?? null) : null;
  const lost = ignored
    .filter(({ name }) => wasSaved && !wasEditedSince(item.observation, name, savedAt))
    .map((field) => {
      const [value, before] = [one.fields[field.name] ?? null, one.before[field.name] ?? null];
      const readBack = heldValue(item.observation.fields[field.name]);
      return lossOf(field, { written: value, before, readBack });
    });
  return { one, item, wasSaved, written, ignored, lost };
}

/** Saved, and another value by now that is not the system's own doing: the next run reads it, and decides anew. */
export const isEdited = ({ wasSaved, ignored, lost }: Compared): boolean =>
  wasSaved && ignored.length > lost.length;

const editedIn = ({ ignored, lost }: Compared): readonly Field[] =>
  ignored.filter((field) => !lost.some((loss) => loss.field === field));

export const lossesIn = ({ one: { recordId, connection, changeId }, lost }: Compared): NotedLoss[] =>
  lost.map(({ field, kind }) => ({ recordId, connection, changeId, field: field.name, kind }));

/** What is there as it was written; what could not be read says nothing. */
export const keptIn = ({ one: { recordId, connection }, item, written, ignored }: Compared) =>
  written
    .filter((field) => !ignored.includes(field) && item.observation.fields[field.name]?.state !== 'not_read')
    .map(({ name }) => ({ recordId, connection, field: name }));

/** For the story: somebody changed it between our write and our look at it. */
export const movedLines =
  (now: Date) =>
  (one: Compared): Told[] =>
    editedIn(one).map(({ name }) => ({
      changeId: one.one.changeId,
      at: now,
      kind: 'moved',
      connection: one.one.connection,
      field: name,
      data: {},
    }));

/** What is there now of the fields that were written. */
export function baseOf(context: RunContext, compared: Compared): BaseMove {
  const { one, item, wasSaved, ignored } = compared;
  const { observation, exchangeId } = item;
  // What somebody changed meanwhile in the record's other fields is no work of ours: the next pull finds it. Nor is another
  // value in a field of ours that nobody said was saved, or that was edited since: taken as known, it would be written over
  // without a look. What the system itself made of our value is known: it is nobody's change.
  const notOurs = new Set((wasSaved ? editedIn(compared) : ignored).map(({ name }) => name));
  const fields = Object.entries(observation.fields).filter(
    ([name]) => name in one.fields && !notOurs.has(name),
  );
  return {
    recordId: one.recordId,
    connection: one.connection,
    observation,
    fields: Object.fromEntries(fields),
    // Brought back to use by us, it has missed what was agreed meanwhile: the next pull sees it as back.
    archived: observation.archived || one.wasArchived,
    exchangeId,
    // Coming back as our own write, it needs no look, unless there is more in it.
    print: observation.archived || one.wasArchived ? null : printOf(context, observation),
    printIfWhole: true,
  };
}

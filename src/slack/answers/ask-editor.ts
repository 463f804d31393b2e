import { createHash } from 'node:crypto';
import type { Flow } from '../../agreement/agreement.ts';
import { mayCall } from '../../alerts/call.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { announceLine, rank } from '../../ledger/posts/outbox.ts';
import { outboxRow } from '../../ledger/posts/outbox-sending.ts';
import { editorsOf } from '../../ledger/questions/approving.ts';
import { questionsOf } from '../../ledger/records/lookup.ts';
import type { Conflict } from '../../ledger/records/records.ts';
import type { ConflictOption } from '../../ledger/tables/changes.ts';
import type { Desk } from '../desk.ts';
import { fieldNamed } from '../facts/fields.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawAsked, type EditorFacts } from '../messages/decision/later.ts';
import { nothingToDecide } from '../messages/refusals.ts';
import type { Asker } from './asker.ts';
import { decidable } from './decide.ts';

/** A value that somebody put into a system, and who of the agreement that was, as far as the system tells. */
interface Edit {
  readonly question: Conflict;
  readonly label: string;
  readonly option: ConflictOption;
  /** Slack user id. */
  readonly editor: string | null;
}

/** "Ask who changed it": calls the editor in the thread of the message, once for each value; says plainly where nobody is known. */
export async function askEditor(desk: Desk, asker: Asker, changeId: string): Promise<Drawn> {
  const found = await decidable(desk, asker, changeId);
  if ('answer' in found) return found.answer;
  const { change, flow } = found;
  const edits = await editsOf(desk, change, flow);
  if (edits === null) return nothingToDecide(change.state);
  return desk.db.transaction(async (tx) => {
    const asked = new Map<string, 'now' | 'before'>();
    for (const [editor, own] of Map.groupBy(edits, (edit) => edit.editor)) {
      if (editor !== null && editor !== asker.id)
        asked.set(editor, await callEditor(desk, tx, { change, asker, editor, edits: own }));
    }
    return drawAsked(edits.map((edit) => editorFacts(desk, asker, edit, asked)));
  });
}

/** The values that changed apart; null where nothing is open. */
async function editsOf(desk: Desk, change: Change, flow: Flow): Promise<Edit[] | null> {
  const open = (await questionsOf(desk.db, change.id)).filter(({ state }) => state === 'open');
  if (open.length === 0) return null;
  const people = Object.values(desk.agreement().people).map(({ slack, name, knownAs }) => ({
    slack,
    names: [name, ...knownAs],
  }));
  return open.flatMap((question) => {
    const { label } = fieldNamed(desk.entity(flow.entity), question.field);
    return question.options
      .filter(({ asAgreed }) => !asAgreed)
      .map((option): Edit => {
        const editor = editorsOf([option], people)[0]?.slack ?? null;
        return { question, label, option, editor };
      });
  });
}

interface Calling {
  readonly change: Change;
  readonly asker: Asker;
  readonly editor: string;
  readonly edits: readonly Edit[];
}

/** The same values are asked about once, whoever presses. */
async function callEditor(
  desk: Desk,
  tx: DbOrTx,
  { change, asker, editor, edits }: Calling,
): Promise<'now' | 'before'> {
  const values = edits.map(({ question, option }) => [question.id, option.connection, option.value]);
  const mark = createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
  const key = `ask_editor:${change.id}:${editor}:${mark}`;
  if (await outboxRow(tx, `line:${key}`)) return 'before';
  const now = desk.clock.now();
  // A person calls a person here: it is no call of Truce's own, and is counted as one all the same.
  const about = { key, kind: 'answer' as const, cause: key, flow: change.flow, now };
  await mayCall(tx, desk.agreement(), { ...about, person: editor });
  const places = [...Map.groupBy(edits, ({ label }) => label)].map(([label, own]) => ({
    label,
    systems: [...new Set(own.map(({ option }) => desk.labels(option.connection)))],
  }));
  const said = { key, subject: `change:${change.id}`, flow: change.flow, rank: rank.decision, now };
  const params = { called: [editor], by: personNamed(desk, asker.id), places };
  await announceLine(tx, { ...said, template: 'ask_editor', params });
  return 'now';
}

const personNamed = (desk: Desk, slack: string): string =>
  Object.values(desk.agreement().people).find((one) => one.slack === slack)?.name ?? 'Somebody';

function editorFacts(
  desk: Desk,
  asker: Asker,
  { label, option, editor }: Edit,
  asked: ReadonlyMap<string, 'now' | 'before'>,
): EditorFacts {
  const { connection, changedBy } = option;
  const facts = { label, system: desk.labels(connection), changedBy };
  if (editor === null) return { ...facts, asked: { kind: 'nobody' } };
  if (editor === asker.id) return { ...facts, asked: { kind: 'self' } };
  return { ...facts, asked: { kind: asked.get(editor) ?? 'before', name: personNamed(desk, editor) } };
}

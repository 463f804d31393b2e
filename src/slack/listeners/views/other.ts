import { decide } from '../../answers/decide.ts';
import { decisionForm } from '../../answers/decision-form.ts';
import { editNow } from '../../answers/reprocess.ts';
import { flowOf } from '../../deps.ts';
import { fieldNamed } from '../../facts/fields.ts';
import { type FormRef, readFormRef } from '../../messages/decision/form.ts';
import { readOther, type Typed } from '../../messages/decision/other-modal.ts';
import type { Submission, SubmissionListener } from '../submission.ts';

/** A value typed into "Another value". What is not fit to be saved is refused in the modal, before anything else is asked. */
export const submitOther: SubmissionListener = (submission) => {
  const meant = readMetadata(submission.metadata);
  const typed = meant ? read(submission, meant) : null;
  if (!meant || !typed) return { kind: 'done', afterwards: async () => undefined };
  if (typed.kind === 'errors') return { kind: 'errors', errors: typed.errors };
  return {
    kind: 'done',
    afterwards: async ({ desk, asker, tell, beneath }) => {
      const { changeId, field, revision } = meant;
      const choice = typed.kind === 'keep' ? { from: 'agreed' } : { from: 'other', value: typed.value };
      const answer = await decide(desk, asker, { changeId, field, revision, ...choice });
      if (beneath && meant.form) {
        const view = await decisionForm(desk, asker, {
          ref: meant.form,
          channel: meant.channel,
          note: answer,
        });
        // Whoever closed the form below meanwhile is told all the same.
        await desk.client.views
          .update({ view_id: beneath, view })
          .catch(() => answer && tell(meant.channel, answer));
      } else if (answer) await tell(meant.channel, answer);
    },
  };
};

/** A value typed in place of one that could not be saved. */
export const submitEdit: SubmissionListener = (submission) => {
  const meant = readMetadata(submission.metadata);
  const typed = meant ? read(submission, meant) : null;
  if (!meant || !typed) return { kind: 'done', afterwards: async () => undefined };
  if (typed.kind === 'errors') return { kind: 'errors', errors: typed.errors };
  return {
    kind: 'done',
    afterwards: async ({ desk, asker, tell }) => {
      if (typed.kind !== 'value') return;
      await tell(meant.channel, await editNow(desk, asker, { ...meant, value: typed.value }));
    },
  };
};

interface Meant {
  readonly changeId: string;
  /** The sync of the change: its kind of record knows what is fit. */
  readonly flow: string;
  readonly field: string;
  readonly revision: number;
  readonly channel: string;
  /** The form of decisions from which it was opened. */
  readonly form: FormRef | null;
}

function readMetadata(metadata: string): Meant | null {
  const [changeId = '', what = '', revision = '', ...rest] = metadata.split('/');
  const [flow = '', field = ''] = what.split(':');
  const form = rest.length > 1 ? readFormRef(rest[0] ?? '') : null;
  return changeId.startsWith('tr-') && /^r\d+$/.test(revision)
    ? { changeId, flow, field, revision: Number(revision.slice(1)), channel: rest.at(-1) ?? '', form }
    : null;
}

/** What was typed, checked by the field of the change's own sync; the ledger is asked again when it is decided. */
function read({ desk, values }: Submission, { flow: id, field: name }: Meant): Typed | null {
  const flow = flowOf(desk.agreement(), id);
  return flow && readOther(fieldNamed(desk.entity(flow.entity), name), values);
}

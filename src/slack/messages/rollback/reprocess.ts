import { actions, bold, button, context, type Drawn, line, rich } from '../blocks.ts';
import { cut, escaped, inSentence, listed, named } from '../text.ts';

export interface ReprocessFacts {
  readonly reference: string;
  readonly title: string;
  readonly noun: string;
  /** Details that still have to go out, in words; empty = a fresh look only. */
  readonly what: readonly string[];
  readonly systems: readonly string[];
  readonly waitsFor: string | null;
  /** Details that could not be saved, and that the asker may type anew. */
  readonly editable: readonly { readonly name: string; readonly label: string }[];
  readonly revision: number;
}

/** Shows what running a change again will do, and asks. Ephemeral. Pure. */
export function drawReprocessAsk(facts: ReprocessFacts): Drawn {
  const title = named(facts.title);
  const out =
    facts.what.length > 0 ? `If they still differ, it saves the ${listed(facts.what.map(inSentence))}. ` : '';
  const waits = facts.waitsFor ? ` It waits now: ${facts.waitsFor}.` : '';
  return {
    text: escaped(`Run ${title} again?`),
    blocks: [
      rich(
        'what',
        line(bold(`Run ${title} again?`), ` (${facts.noun})${waits}`),
        line(
          `\nTruce reads ${listed(facts.systems) || 'every system'} afresh and compares. ${out}Nothing old is sent as it was; what is right already stays untouched.`,
        ),
      ),
      actions('do', [
        button({
          action: 'reprocess_confirm',
          label: 'Run again',
          value: facts.reference,
          says: `Run ${named(facts.title, 40)} again`,
          style: 'primary',
        }),
        ...facts.editable.slice(0, 5).map(({ name, label }) =>
          button({
            action: `reprocess_edit:${name}`,
            label: `Type ${cut(inSentence(label), 18)}…`,
            value: `${facts.reference}/${name}/other/r${facts.revision}`,
            says: `Type another ${inSentence(label)} and run ${named(facts.title, 30)} again`,
          }),
        ),
        button({
          action: 'reprocess_cancel',
          label: 'Cancel',
          value: facts.reference,
          says: 'Cancel: nothing happens',
        }),
      ]),
      context('foot', `reference \`${facts.reference}\``),
    ],
  };
}

/** What became of it, or how far it is. */
export function drawReprocessReport({
  title,
  reference,
  words,
}: {
  title: string;
  reference: string;
  words: string;
}): Drawn {
  return {
    text: escaped(`${named(title)}: ${words}`),
    blocks: [
      rich('report', line(bold(named(title)), `: ${words}`)),
      context('foot', `reference \`${reference}\``),
    ],
  };
}

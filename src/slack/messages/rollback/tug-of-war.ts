import type { RichTextSection } from '@slack/types';
import { bold, line } from '../blocks.ts';
import type { DecisionFacts, TugFacts, UndoneFacts } from '../decision/facts.ts';
import { valueWords } from '../decision/words.ts';
import { inSentence, listed, named } from '../text.ts';

/** What is said where something keeps changing a value back after Truce has put it right: which, where, and what people can do. Pure. */
export function drawnTug(
  facts: Pick<DecisionFacts, 'tugs' | 'noun'>,
  title: string,
): { readonly text: string; readonly head: string; readonly lines: RichTextSection[] } {
  const what = listed(facts.tugs.map(({ label }) => inSentence(label)));
  const head = `Something keeps changing the ${what} of ${title}`;
  return {
    text: `${head}. Nothing is written there until somebody looks.`,
    head,
    lines: [
      ...facts.tugs.flatMap(tugLines),
      line(`Nothing is written there until somebody says so; the rest of this ${facts.noun} keeps syncing.`),
      ...facts.tugs.slice(0, 1).map(adviceLine),
    ],
  };
}

function tugLines(tug: TugFacts): RichTextSection[] {
  const { label, ownerLabel, shown } = tug;
  const back = line(
    bold(label),
    `: ${ownerLabel} decides it, and says ${valueWords(tug, shown)}. Truce put that back three times within a day`,
  );
  return [back, ...tug.undone.map((one) => line(undoneWords(one, tug)))];
}

/** "HubSpot now has 30 days, by Example Importer". */
function undoneWords({ system, shown, by }: UndoneFacts, hidden: Pick<TugFacts, 'hidden'>): string {
  const who = by ? `, by ${named(by, 60)}` : `; ${system} does not say who changed it`;
  return `${system} now has ${hidden.hidden ? 'another value' : valueWords(hidden, shown)}${who}`;
}

function adviceLine({ undone, ownerLabel }: TugFacts): RichTextSection {
  const there = listed(undone.map(({ system }) => system));
  return line(
    bold('You can: '),
    `find out what writes in ${there || 'the other systems'} and stop it, then press Put it back again. `,
    `If ${there || 'the other system'} is right, change it in ${ownerLabel}: that goes everywhere.`,
  );
}

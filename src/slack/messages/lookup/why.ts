import type { KnownBlock, RichTextSection } from '@slack/types';
import {
  bold,
  bullets,
  code,
  context,
  type Drawn,
  line,
  numbered,
  type Piece,
  person,
  rich,
} from '../blocks.ts';
import { answer } from '../refusals.ts';
import { defused, escaped, inSentence, isUserId, listed, named } from '../text.ts';
import { richMoment } from '../times.ts';
import { erasedBefore } from './forget.ts';
import { saidByRule } from './story.ts';
import type { WhyFacts, WhyStep, WhyUnclear } from './why-facts.ts';

const longest = 20;

/** `/sync why`: the value first, where it came from in a sentence, then every step back to the first reading. Pure. */
export function drawWhy(facts: WhyFacts): Drawn {
  const what = inSentence(facts.field);
  const title = `${named(facts.title)}, ${what}: ${facts.agreed === null ? 'not agreed yet' : named(facts.agreed, 150)}`;
  const steps = shortened(facts.steps);
  const blocks: KnownBlock[] = [
    rich('head', line(bold(title), '\n', ...originPieces(facts))),
    ...(facts.now.length > 0
      ? [rich('now', line('Now:'), bullets(...facts.now.map(({ system, value }) => nowLine(system, value))))]
      : []),
    ...(steps.length > 0 ? [rich('steps', numbered(steps.map((step) => stepLine(step, facts.zone))))] : []),
    context('next', nextWords(facts)),
  ];
  return { text: escaped(title), blocks };
}

const nowLine = (system: string, value: string): RichTextSection =>
  line(bold(system), `: ${named(value, 150)}`);

function originPieces({ agreed, origin, steps, zone }: WhyFacts): Piece[] {
  if (agreed === null) return ['The systems have different values, or only one has the record.'];
  const last = steps.findLast((step) => step.kind === 'agreed');
  const how: Piece[] = last
    ? [...byPieces(last), ', ', richMoment(zone, last.at), '.']
    : ['It was there before Truce kept its history.'];
  if (!origin) return how;
  const who = origin.by ? ` by ${named(origin.by, 80)}` : '';
  return [`It came from ${origin.system}${who}, `, richMoment(zone, origin.at), '. ', ...how];
}

/** "Priya chose it", "decided by rule: …". */
function byPieces({ by, owner }: WhyStep & { kind: 'agreed' }): Piece[] {
  if (isUserId(by)) return [person(by), ' chose it'];
  if (by === 'same') return ['All systems had the same'];
  return [`By rule: ${saidByRule(by)} (${owner} decides)`];
}

/** A long past keeps its beginning and its end. */
function shortened(steps: readonly WhyStep[]): WhyStep[] {
  return steps.length <= longest ? [...steps] : [...steps.slice(0, 5), ...steps.slice(5 - longest)];
}

function stepLine(step: WhyStep, zone: string): RichTextSection {
  const when: Piece[] = [richMoment(zone, step.at), ', '];
  const value = named(step.value, 120);
  switch (step.kind) {
    case 'seen': {
      const verb = step.first ? 'first read' : 'changed';
      const who = step.by ? `, by ${named(step.by, 80)}` : '';
      return line(...when, bold(verb), ` in ${step.system}${who}: ${value}`);
    }
    case 'saved':
      return line(...when, bold('saved'), ` in ${step.system} and read back: ${value}`);
    case 'agreed':
      return line(
        ...when,
        bold('agreed'),
        `: ${value}. `,
        ...byPieces(step),
        `, agreement ${step.agreement}`,
        ...(step.reference ? [', reference ', code(step.reference)] : []),
      );
  }
}

function nextWords({ steps, command, flowName }: WhyFacts): string {
  const reference = steps
    .flatMap((step) => (step.kind === 'agreed' && step.reference ? [step.reference] : []))
    .at(-1);
  const more = reference ? `Next: \`${escaped(command)} lookup ${reference}\` · ` : '';
  return `${more}${escaped(flowName)}`;
}

/** What was typed does not say which record, or which detail. Pure. */
export function drawWhyUnclear(unclear: WhyUnclear, command: string): Drawn {
  const example = `For example \`${escaped(command)} why "Harbour Cafe" email\`.`;
  switch (unclear.kind) {
    case 'nothing':
      return answer(
        `I find no record “${defused(unclear.words)}” that you can see. A reference, a name, an ABN, a SKU, an invoice number or a system’s own ID will do. ${example}`,
      );
    case 'erased':
      return erasedBefore(unclear, unclear.zone);
    case 'which_field':
      return answer(
        `Which detail of ${defused(unclear.title)}? One of: ${escaped(listed(unclear.fields, 'or'))}. ${example}`,
      );
    case 'which_record':
      return answer(
        `Several fit: ${unclear.records.map((title) => `“${defused(title, 80)}”`).join(', ')}. Please type more of the name, or its number.`,
      );
  }
}

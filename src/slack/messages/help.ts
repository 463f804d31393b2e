import type { KnownBlock } from '@slack/types';
import { context, type Drawn, section } from './blocks.ts';
import { answer } from './refusals.ts';
import { escaped, named, nearest } from './text.ts';

export interface CommandWords {
  readonly name: string;
  readonly usage: string;
  readonly example: string;
  readonly more?: readonly string[];
  readonly who: string;
  readonly summary: string;
}

/** `/sync help`: what can be typed, with one example each, short enough for a phone. Pure. */
export function drawHelp(command: string, commands: readonly CommandWords[]): Drawn {
  const typed = escaped(command);
  const lines = commands.map(
    ({ example, summary }) => `\`${typed} ${escaped(example)}\`\n${escaped(brief(summary))}`,
  );
  const blocks: KnownBlock[] = [
    section('head', '*Truce keeps your systems in step, and asks when they disagree.*'),
    section('list', lines.join('\n')),
    context(
      'note',
      `More about one: \`${typed} help reprocess\`. Only you see these answers. Whatever a command does, a button on the message does too.`,
    ),
  ];
  return { text: `What you can type after ${typed}`, blocks };
}

/** The first thing that a summary says. */
const brief = (summary: string): string => `${summary.split(/[.;:](?:\s|$)/)[0]}.`;

/** `/sync help reprocess`: how that command can be typed, with examples, and who may. Pure. */
export function drawHelpOf(
  command: string,
  { name, usage, example, more = [], who, summary }: CommandWords,
): Drawn {
  const code = (words: string) => `\`${escaped(`${command} ${words}`)}\``;
  const title = `${command} ${name}`;
  return {
    text: escaped(`${title}: ${summary}`),
    blocks: [
      section('head', `*${escaped(title)}*\n${escaped(summary)}`),
      section('form', `*Type:* ${code(usage)}\n${partWords(usage)}`.trim()),
      section('examples', `*For example:*\n${[example, ...more].map(code).join('\n')}`),
      section('who', `*Who may:* ${escaped(who)}`),
      context('note', `Only you see the answer. Next: ${code('help')}`),
    ],
  };
}

/** What the brackets of a form stand for. */
const partWords = (usage: string): string =>
  [
    ...(usage.includes('<') ? ['Put your own words for what is in &lt; &gt;.'] : []),
    ...(usage.includes('[') ? ['What is in [ ] may be left out.'] : []),
    ...(usage.includes('|') ? ['Of what stands between |, type one.'] : []),
  ].join(' ');

/** A word that is no command, with the one that was probably meant. */
export function unknown(word: string, command: string, commands: readonly CommandWords[]): Unknown {
  const all = commands.map(({ name }) => name);
  const guess = nearest(word, all);
  return { word: named(word, 40), guess: commands.find(({ name }) => name === guess) ?? null, command, all };
}

interface Unknown {
  readonly word: string;
  readonly guess: CommandWords | null;
  readonly command: string;
  readonly all: readonly string[];
}

/** Something that is no command: says which one was probably meant. */
export function drawUnknownCommand({ word, guess, command, all }: Unknown): Drawn {
  const typed = escaped(command);
  const meant = guess
    ? ` Did you mean \`${typed} ${escaped(guess.name)}\`? For example \`${typed} ${escaped(guess.example)}\``
    : '';
  const words = `I do not know “${escaped(word)}”.${meant}\nI know: ${escaped(all.join(', '))}.`;
  return answer(words);
}

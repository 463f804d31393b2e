import type { KnownBlock } from '@slack/types';
import { context, type Drawn, section } from './blocks.ts';
import { answer } from './refusals.ts';
import { escaped } from './text.ts';

export interface CommandWords {
  readonly name: string;
  readonly usage: string;
  readonly example: string;
  readonly summary: string;
}

/** `/sync help`: what can be typed, with one example each. Pure. */
export function drawHelp(command: string, commands: readonly CommandWords[]): Drawn {
  const typed = escaped(command);
  const lines = commands.map(({ usage, summary }) => `\`${typed} ${escaped(usage)}\`\n${escaped(summary)}`);
  const blocks: KnownBlock[] = [
    section('head', '*Truce keeps your systems in step, and asks when they disagree.*'),
    section('list', lines.join('\n')),
    context('note', 'Only you see these answers. Whatever a command does, a button on the message does too.'),
  ];
  return { text: `What you can type after ${typed}`, blocks };
}

/** Something that is no command: says which one was probably meant. */
export function drawUnknownCommand({
  word,
  guess,
  command,
  all,
}: {
  word: string;
  guess: CommandWords | null;
  command: string;
  all: readonly string[];
}): Drawn {
  const typed = escaped(command);
  const meant = guess
    ? ` Did you mean \`${typed} ${escaped(guess.name)}\`? For example \`${typed} ${escaped(guess.example)}\``
    : '';
  const words = `I do not know “${escaped(word)}”.${meant}\nI know: ${escaped(all.join(', '))}.`;
  return answer(words);
}

import type { PageCommand } from '../../page-server/api.ts';

export interface Suggestion {
  /** What the composer holds after taking it. */
  readonly insert: string;
  readonly label: string;
  readonly hint: string;
  readonly description: string;
}

interface Words {
  readonly commands: readonly PageCommand[];
  readonly subcommands: readonly PageCommand[];
}

/** What could be meant while a slash command is typed: first the command, then its subcommand. Nothing once arguments begin. */
export function suggest(typed: string, { commands, subcommands }: Words): Suggestion[] {
  if (!typed.startsWith('/')) return [];
  const [command = '', ...rest] = typed.split(' ');
  if (rest.length === 0) {
    return commands
      .filter((known) => known.command.startsWith(command.toLowerCase()))
      .map((known) => ({
        insert: `${known.command} `,
        label: known.command,
        hint: known.usageHint,
        description: known.description,
      }));
  }
  if (rest.length > 1 || !commands.some((known) => known.command === command)) return [];
  const begun = (rest[0] ?? '').toLowerCase();
  const meant = subcommands
    .map((known) => ({ known, word: known.command.split(' ')[0] ?? '' }))
    .filter(({ word }) => word.startsWith(begun));
  // Whoever has typed one whole, "connect", means that one and not the longer "connections".
  const whole = meant.filter(({ word }) => word === begun);
  if (whole.length === meant.length) return [];
  return [...whole, ...meant.filter(({ word }) => word !== begun)].map(({ known, word }) => {
    const hint = known.usageHint || known.command.slice(word.length).trim();
    return {
      insert: `${command} ${word}${hint ? ' ' : ''}`,
      label: `${command} ${word}`,
      hint,
      description: known.description,
    };
  });
}

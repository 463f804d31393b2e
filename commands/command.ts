import type { Asker } from '#src/slack/answers/asker.ts';
import type { Desk, Reply } from '#src/slack/desk.ts';

/** What somebody typed after the name of the command. */
export interface Asked extends Asker {
  /** The words after the subcommand: `["customers"]` for `/sync status customers`. */
  readonly words: readonly string[];
}

export interface CommandInput {
  readonly desk: Desk;
  readonly asked: Asked;
  /** Answers the asker alone; may be called up to five times within half an hour. */
  readonly reply: Reply;
  /** All commands, for `help`. */
  readonly commands: readonly Command[];
}

/** One subcommand. It was acknowledged before it runs; it answers through `reply`, and authorises the asker itself. */
export interface Command {
  readonly name: string;
  /** What to type: "status [sync]". */
  readonly usage: string;
  readonly example: string;
  /** Further examples, for `help <command>`. */
  readonly more?: readonly string[];
  /** Who may, in a sentence: what the answers check. */
  readonly who: string;
  /** What it does: the list of `help` shows it up to its first full stop or semicolon. */
  readonly summary: string;
  run(input: CommandInput): Promise<void>;
}

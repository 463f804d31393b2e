import type { Command } from './command.ts';
import { connect } from './connect.ts';
import { connections } from './connections.ts';
import { help } from './help.ts';
import { lookup } from './lookup.ts';
import { reprocess } from './reprocess.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { status } from './status.ts';
import { why } from './why.ts';

/** The slash commands, in the order in which `help` lists them. */
export const commands: readonly Command[] = [
  status,
  lookup,
  reprocess,
  rollback,
  why,
  run,
  connections,
  connect,
  help,
];

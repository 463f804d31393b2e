import type { Command } from './command.ts';
import { conflicts } from './conflicts.ts';
import { connect } from './connect.ts';
import { connections } from './connections.ts';
import { doctor } from './doctor.ts';
import { forget } from './forget.ts';
import { help } from './help.ts';
import { lookup } from './lookup.ts';
import { pause } from './pause.ts';
import { proof } from './proof.ts';
import { reprocess } from './reprocess.ts';
import { resume } from './resume.ts';
import { rollback } from './rollback.ts';
import { rules } from './rules.ts';
import { run } from './run.ts';
import { status } from './status.ts';
import { why } from './why.ts';

/** The slash commands, in the order in which `help` lists them: those of every day first. */
export const commands: readonly Command[] = [
  status,
  lookup,
  conflicts,
  run,
  pause,
  reprocess,
  resume,
  rollback,
  why,
  proof,
  doctor,
  connect,
  connections,
  rules,
  forget,
  help,
];

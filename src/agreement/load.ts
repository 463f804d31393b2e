import { readFile } from 'node:fs/promises';
import { type Overlay, type ReadResult, readAgreement } from './read.ts';

/** Reads the agreement's file. One that is missing or cannot be read is a problem like any other. */
export async function loadAgreement(path: string, overlay: Overlay = {}): Promise<ReadResult> {
  try {
    const bytes = await readFile(path);
    return readAgreement(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path, overlay);
  } catch (error) {
    return { ok: false, problems: [{ line: null, ...reason(error, path) }] };
  }
}

function reason(error: unknown, path: string): { message: string; remedy: string } {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return {
      message: `There is no file ${path}.`,
      remedy: 'Start Truce where it is, or name it in TRUCE_CONFIG.',
    };
  }
  if (code === 'EISDIR')
    return { message: `${path} is a folder.`, remedy: 'Name the file itself in TRUCE_CONFIG.' };
  if (code === 'EACCES' || code === 'EPERM') {
    return { message: `The file ${path} may not be read.`, remedy: 'Let the user that runs Truce read it.' };
  }
  if (error instanceof TypeError) {
    return { message: `The file ${path} is not plain text.`, remedy: 'Save it as UTF-8.' };
  }
  return {
    message: `The file ${path} could not be read (${code ?? String(error)}).`,
    remedy: 'See that the disk is there.',
  };
}

import { randomBytes } from 'node:crypto';

/** A file on a message, as the page offers it. */
export interface PracticeFile {
  readonly id: string;
  readonly name: string;
  readonly content: string;
}

/** Files on their way: an address is given, the bytes arrive there, and a message takes the file in. */
export interface Uploads {
  begin(name: string, length: number): { readonly id: string; readonly path: string };
  /** The bytes that came to a path; false where no file of that length is waited for. */
  arrived(path: string, bytes: Buffer): boolean;
  /** The whole file, once; undefined where it never arrived. */
  finish(id: string): PracticeFile | undefined;
}

const prefix = '/upload/v1/';
export const isUpload = (path: string): boolean => path.startsWith(prefix);

export function openUploads(): Uploads {
  const begun = new Map<string, { readonly id: string; readonly name: string; readonly length: number }>();
  const whole = new Map<string, PracticeFile>();
  return {
    begin: (name, length) => {
      const id = `F0${randomBytes(5).toString('hex').toUpperCase()}`;
      const path = `${prefix}${randomBytes(16).toString('base64url')}`;
      begun.set(path, { id, name, length });
      return { id, path };
    },
    arrived: (path, bytes) => {
      const file = begun.get(path);
      if (file?.length !== bytes.length) return false;
      begun.delete(path);
      whole.set(file.id, { id: file.id, name: file.name, content: bytes.toString('utf8') });
      return true;
    },
    finish: (id) => {
      const file = whole.get(id);
      whole.delete(id);
      return file;
    },
  };
}

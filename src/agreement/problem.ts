/** One thing that is wrong with an agreement, for the person who wrote it. Never repeats what may be a secret. */
export interface Problem {
  /** Line in the file, from 1; null where it has none, say for a file that is not there. */
  readonly line: number | null;
  /** What is wrong, and where: a sentence. */
  readonly message: string;
  /** What to do about it: a sentence. */
  readonly remedy: string;
}

/** Where in the agreement: `['flows', 'customers', 'owners', 'business']`. */
export type Path = readonly (string | number)[];

/** The line on which a path, or the nearest part of it that is there, is written; null for the whole file. */
export type LineOf = (path: Path) => number | null;

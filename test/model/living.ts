import type { House } from './house.ts';

/** Something that must never be. */
export interface Fault {
  readonly what: string;
  readonly detail: string;
}

/** What the model knows of one run, from its beginning. */
export interface Watched {
  /** It stood still, and goes on: what is seen from here on is its doing. */
  goesOn(): void;
  /** `finished` = it heard of everything that became of what it wrote. */
  ends(finished: boolean): void;
  /** What it has written so far. */
  wrote(): readonly string[];
}

/** A world of chance, whatever lives in it. */
export interface Living {
  readonly house: House;
  /** Told when something goes wrong; the first one ends the life. */
  readonly faults: Fault[];
  /** What was done and seen, a line each. */
  readonly trace: string[];
  /** How much has happened; of these, every life tells. */
  readonly counted: { writings: number; made: number; unseen: number };
  note(line: string): void;
  wrong(what: string, detail: string): void;
  /** What a person does in a vendor's own screen. */
  byHand<T>(work: () => T): T;
  /** Looks at what Truce knows by now. */
  look(): Promise<void>;
  /** A run begins. */
  begin(): Watched;
}

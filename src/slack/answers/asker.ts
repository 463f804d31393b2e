import type { Known } from '../people.ts';

/** Who asks, and how they call Truce. */
export interface Asker {
  readonly id: string;
  readonly person: Known;
  /** The command as typed, `/sync`; for a click, as the agreement names it. */
  readonly command: string;
}

import type { Person } from '#src/agreement/agreement.ts';
import type { Dice } from './dice.ts';

/** Who types in vendors' screens. */
export const mia = 'Mia Torres';
export const priya = 'U0PRIYA001';

/** Who may decide in the model's company; one of them types in vendors' screens too. */
export const deciders: readonly Person[] = [
  { id: 'lena', name: 'Lena Vogel', slack: 'U0LENA0001', knownAs: [] },
  { id: 'sam', name: 'Sam Okafor', slack: 'U0SAM00001', knownAs: [] },
  { id: 'mia', name: 'Mia T.', slack: 'U0MIA00001', knownAs: [mia] },
];

export const somebody = (dice: Dice): string => dice.pick([priya, ...deciders.map(({ slack }) => slack)]);

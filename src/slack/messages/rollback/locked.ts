import type { Button } from '@slack/types';
import { button, type Drawn } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { escaped, inSentence, listed, named } from '../text.ts';

/** Closes a change that a system lets nobody write: what is agreed stays, and goes back to the others. */
export const keepButton = (reference: string, revision: number, title: string): Button =>
  button({
    action: 'locked_keep',
    label: 'Keep as agreed',
    value: `${reference}/r${revision}`,
    says: `Keep what was agreed before for ${named(title, 30)}: the other systems go back to it`,
  });

/** What was kept, and what follows. Pure. */
export const drawKept = (title: string, labels: readonly string[]): Drawn =>
  answer(
    `Kept as agreed before: the ${escaped(listed(labels.map(inSentence)))} of ${escaped(named(title))}. Systems that have another value by now get that back; nothing is written where it is locked.`,
  );

export const nothingAgreed = (): Drawn =>
  answer('Nothing was agreed on it before, so there is nothing to keep. It waits until it is unlocked.');

export const noLongerLocked = (): Drawn =>
  answer('It is not waiting because of a lock any more. Nothing was done; please look again.');

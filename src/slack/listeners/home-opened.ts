import type { Boards } from '../boards.ts';

/** Somebody opened one of the app's tabs; only one of them is the board. */
export async function onHomeOpened(
  boards: Boards,
  { user, tab }: { readonly user: string; readonly tab?: string },
): Promise<void> {
  if (tab === 'home') await boards.opened(user);
}

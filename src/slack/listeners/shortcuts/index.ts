import { lookupAnswer } from '../../answers/lookup.ts';
import { reprocessAnswer } from '../../answers/reprocess.ts';
import type { ShortcutListener } from '../shortcuts.ts';

/** Every entry of a message's own menu, by its callback id in the manifest: each answers about the reference that the message is about. */
export const shortcuts: Readonly<Record<string, ShortcutListener>> = {
  show_log: ({ desk, asker, reference }) => lookupAnswer(desk, asker, reference),
  reprocess: ({ desk, asker, reference }) => reprocessAnswer(desk, asker, reference),
};

import { askEditor } from '../../answers/ask-editor.ts';
import { askLater, remindAsUsual, remindLater } from '../../answers/later.ts';
import type { Press } from '../press.ts';

/** `<change id>/-/later/r<revision>` on the message: nothing of it depends on the values, so the revision does not count. */
const changeOf = (value: string): string => value.split('/')[0] ?? '';

/** "Later…" */
export const later = async ({ desk, asker, value, reply }: Press): Promise<void> =>
  reply(await askLater(desk, asker, changeOf(value)));

/** "Tomorrow, 9:00 am" */
export const laterUntil = async ({ desk, asker, value, detail, reply, onAnswer }: Press): Promise<void> =>
  reply(await remindLater(desk, asker, { changeId: changeOf(value), until: new Date(Number(detail)) }), {
    replace: onAnswer,
  });

/** "As usual" */
export const laterNever = async ({ desk, asker, value, reply, onAnswer }: Press): Promise<void> =>
  reply(await remindAsUsual(desk, asker, changeOf(value)), { replace: onAnswer });

/** "Ask who changed it" */
export const askWho = async ({ desk, asker, value, reply }: Press): Promise<void> =>
  reply(await askEditor(desk, asker, changeOf(value)));
